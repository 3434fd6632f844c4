import type { Logger } from 'pino'
import type { PolicyVersion } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import { SecurityPolicy } from '../../shared/policy/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry, AuditTrail } from '../audit/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Schema, Store } from '../store/index.ts'
import { changedParameters } from './changes.ts'

/** The security policy and its history. */
export interface Policies {
  /** The one in force. Read it each time: it may change while the gateway runs. */
  current(): SecurityPolicy
  version(): Promise<PolicyVersion>
  /** @throws VigilError `conflict` where the policy is no longer the one that the change was made from. */
  change(to: { policy: SecurityPolicy; baseVersion: number }, by: PolicyAuthor): Promise<PolicyVersion>
  /** The newest first. `changedBy` is an account id, or `gateway`. A version that was damaged is reported, and left out. */
  history(): Promise<PolicyVersion[]>
  /** Calls `listener` after each change, this gateway's and others'; returns the function that stops it. */
  onChange(listener: (policy: SecurityPolicy) => void): () => void
  /** Looks whether another process changed it. */
  refresh(): Promise<void>
}

interface PolicyAuthor {
  accountId: string
  actor: AuditEntry['actor']
}

/**
 * Opens the policy, and writes `starting` as its first version where there is none.
 * @throws IntegrityError where the newest version was damaged: a gateway without its policy does not start.
 */
export async function openPolicies(deps: {
  store: Store
  protection: Protection
  audit: AuditTrail
  clock: Clock
  log: Logger
  starting: SecurityPolicy
}): Promise<Policies> {
  const { store, protection, audit, clock } = deps
  const damage = createDamageReports(deps)
  const listeners = new Set<(policy: SecurityPolicy) => void>()
  const place = (version: number) => ({
    table: 'security_policies',
    column: 'sealed_policy',
    row: String(version),
  })
  const rowOf = (version: number, policy: SecurityPolicy, by: string): Schema['security_policies'] => ({
    version,
    sealed_policy: protection.seal(place(version), JSON.stringify(policy)),
    changed_at: clock(),
    changed_by: by,
  })
  /** @throws IntegrityError */
  function opened(row: Schema['security_policies']): PolicyVersion {
    const policy = SecurityPolicy.parse(JSON.parse(protection.open(place(row.version), row.sealed_policy)))
    store.seals.check('security_policies', row)
    return { version: row.version, policy, changedAt: row.changed_at, changedBy: row.changed_by }
  }
  const newest = (db: Pick<Store['db'], 'selectFrom'>) =>
    db.selectFrom('security_policies').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()

  async function first(): Promise<PolicyVersion> {
    return store.transaction(async (trx) => {
      const there = await newest(trx)
      if (there) return opened(there)
      const row = rowOf(1, deps.starting, 'gateway')
      await trx.insertInto('security_policies').values(row).execute()
      return opened(row)
    }, 'starting-policy')
  }

  const stored = await newest(store.db)
  let inForce = stored ? opened(stored) : await first()

  function take(version: PolicyVersion): void {
    if (version.version <= inForce.version) return
    inForce = version
    for (const listener of listeners) listener(version.policy)
  }

  return {
    current: () => inForce.policy,
    version: async () => inForce,
    async change({ policy, baseVersion }, { accountId, actor }) {
      const change = store.transaction(async (trx) => {
        const before = await newest(trx)
        if (!before || before.version !== baseVersion) throw new VigilError('conflict', { field: 'policy' })
        const row = rowOf(before.version + 1, policy, accountId)
        await trx.insertInto('security_policies').values(row).execute()
        await audit.append(trx, {
          action: 'policy.changed',
          outcome: 'success',
          actor,
          object: { kind: 'policy', id: String(row.version) },
          detail: { changes: changedParameters(opened(before).policy, policy) },
        })
        return opened(row)
      })
      // Damage is reported once the transaction is rolled back, so that the report stays.
      const changed = await change.catch(async (error: unknown) => {
        throw await damage.refusal(error)
      })
      take(changed)
      return changed
    },
    async history() {
      const rows = await store.db
        .selectFrom('security_policies')
        .selectAll()
        .orderBy('version', 'desc')
        .limit(200)
        .execute()
      const versions: PolicyVersion[] = []
      for (const row of rows) {
        try {
          versions.push(opened(row))
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error
          await damage.report(error.place)
        }
      }
      return versions
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async refresh() {
      const row = await newest(store.db)
      if (!row) return
      try {
        // The one in force too: that it was changed is told as soon as it is looked at.
        const version = opened(row)
        if (version.version > inForce.version) take(version)
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
      }
    },
  }
}
