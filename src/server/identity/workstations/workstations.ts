import type { Transaction } from 'kysely'
import type { WorkstationRow } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation, Principal } from '../../foundation.ts'
import { type Schema, whole } from '../../store/index.ts'
import { promoteNext } from './promotion.ts'

type Actor = AuditEntry['actor']

export interface Workstations {
  /**
   * Who a workstation certificate stands for. The first time that a renewed certificate comes, it takes the place of the
   * one before, which is unknown from then on.
   * @throws VigilError `workstation-unknown`, `workstation-revoked` or `workstation-suspended`.
   */
  principalOf(certificate: {
    id: string
    fingerprint: string
  }): Promise<Extract<Principal, { kind: 'workstation' }>>
  /** It is refused until it is resumed, and its sessions end. @throws VigilError `not-found`, or `conflict` in another state. */
  suspend(id: string, by: Actor, reason: string): Promise<void>
  /** @throws VigilError `not-found`, or `conflict` where it is not suspended. */
  resume(id: string, by: Actor, reason: string): Promise<void>
  /** Its certificates are refused for good, and its sessions end. @throws VigilError `not-found`, or `conflict` where it was. */
  revoke(id: string, by: Actor, reason?: string): Promise<void>
  /** `signedIn` tells who is there: display names by workstation id. */
  list(signedIn?: () => Promise<ReadonlyMap<string, readonly string[]>>): Promise<WorkstationRow[]>
}

/** How exact `last_seen_at` is; a write for each request would be too many. */
const seenEveryMs = 60_000

/** The workstations that were enrolled; each is known by its certificate, and by a renewed one that it has not used yet. */
export function createWorkstations(foundation: Pick<Foundation, 'store' | 'audit' | 'clock'>): Workstations {
  const { store, audit, clock } = foundation
  const seenAt = new Map<string, number>()

  async function noteSeen(id: string): Promise<void> {
    const now = clock()
    // A clock that was set back must not keep a workstation unseen.
    const since = now - (seenAt.get(id) ?? Number.NEGATIVE_INFINITY)
    if (since >= 0 && since < seenEveryMs) return
    seenAt.set(id, now)
    await store.db.updateTable('workstations').set({ last_seen_at: now }).where('id', '=', id).execute()
  }

  /** One change of state with its audit row, or neither. */
  function change(
    id: string,
    verb: 'suspended' | 'resumed' | 'revoked',
    { by, reason }: { by: Actor; reason: string },
    update: (row: Schema['workstations']) => Partial<Schema['workstations']> | null,
  ): Promise<void> {
    return store.transaction(async (trx) => {
      const row = await rowOf(trx, id)
      const values = update(row)
      if (!values) throw new VigilError('conflict', { field: 'state' })
      await trx.updateTable('workstations').set(values).where('id', '=', id).execute()
      await audit.append(trx, {
        action: `workstation.${verb}`,
        outcome: 'success',
        actor: by,
        object: { kind: 'workstation', id },
        detail: reason ? { reason } : {},
      })
    })
  }

  return {
    async principalOf({ id, fingerprint }) {
      const row = await whole(store.db)
        .selectFrom('workstations')
        .select(['id', 'name', 'certificate_fingerprint', 'next_fingerprint', 'revoked_at', 'suspended_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      const isNext = row?.next_fingerprint === fingerprint
      if (!row || !(isNext || row.certificate_fingerprint === fingerprint))
        throw new VigilError('workstation-unknown')
      if (row.revoked_at !== null) throw new VigilError('workstation-revoked')
      if (row.suspended_at !== null) throw new VigilError('workstation-suspended')
      if (isNext) await promoteNext(foundation, { id, fingerprint })
      await noteSeen(id)
      return { kind: 'workstation', workstationId: row.id, workstationName: row.name }
    },

    suspend: (id, by, reason) =>
      change(id, 'suspended', { by, reason }, (row) =>
        row.revoked_at === null && row.suspended_at === null ? { suspended_at: clock() } : null,
      ),
    resume: (id, by, reason) =>
      change(id, 'resumed', { by, reason }, (row) =>
        row.revoked_at === null && row.suspended_at !== null ? { suspended_at: null } : null,
      ),
    revoke: (id, by, reason = '') =>
      change(id, 'revoked', { by, reason }, (row) =>
        row.revoked_at === null ? { revoked_at: clock() } : null,
      ),

    async list(signedIn = async () => new Map()) {
      const names = await signedIn()
      const now = clock()
      const rows = await store.db
        .selectFrom('workstations')
        .leftJoin('lockouts', (join) =>
          join.on(({ eb, ref, val }) =>
            eb('lockouts.subject', '=', eb(val('workstation:'), '||', ref('workstations.id'))),
          ),
        )
        .selectAll('workstations')
        .select('lockouts.locked_until')
        .orderBy('workstations.enrolled_at')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        state: stateOf(row),
        enrolledAt: row.enrolled_at,
        certificateExpiresAt: row.next_expires_at ?? row.certificate_expires_at,
        lastSeenAt: row.last_seen_at,
        lockedUntil: row.locked_until !== null && row.locked_until > now ? row.locked_until : null,
        sessions: [...(names.get(row.id) ?? [])],
      }))
    },
  }
}

export function stateOf(row: Pick<Schema['workstations'], 'revoked_at' | 'suspended_at'>) {
  if (row.revoked_at !== null) return 'revoked' as const
  return row.suspended_at === null ? ('active' as const) : ('suspended' as const)
}

async function rowOf(trx: Transaction<Schema>, id: string): Promise<Schema['workstations']> {
  const row = await trx.selectFrom('workstations').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new VigilError('not-found', { field: 'workstation' })
  return row
}
