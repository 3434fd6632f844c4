import { changedRules, LabelRules } from '../../shared/access/index.ts'
import type { LabelRulesVersion } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

/** The rules that label by, and their history. */
export interface RuleVersions {
  /** Null where the newest was damaged (it is reported): then everything is most restricted until it is restored or replaced. */
  current(): Promise<LabelRulesVersion | null>
  /** The same for who may replace it: a damaged one is named, with the rules of the newest that can be read. */
  toChange(): Promise<LabelRulesVersion>
  /** @throws VigilError `conflict` where the rules are no longer those that the change was made from. */
  change(
    to: { rules: LabelRules; baseVersion: number },
    by: { accountId: string; actor: AuditEntry['actor'] },
  ): Promise<LabelRulesVersion>
  /** The newest first; `changedBy` is an account id. A version that was damaged is reported, and left out. */
  history(): Promise<LabelRulesVersion[]>
}

type Row = Schema['label_rule_versions']
const place = (version: number) => ({
  table: 'label_rule_versions',
  column: 'sealed_rules',
  row: String(version),
})

/** What holds while nobody has made rules. */
const delivered: LabelRulesVersion = {
  version: 0,
  rules: LabelRules.parse({}),
  changedAt: 0,
  changedBy: 'gateway',
}

export function createRuleVersions(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'log'>,
): RuleVersions {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)

  /** @throws IntegrityError */
  function opened(row: Row): LabelRulesVersion {
    const rules = LabelRules.parse(JSON.parse(protection.open(place(row.version), row.sealed_rules)))
    store.seals.check('label_rule_versions', row)
    return { version: row.version, rules, changedAt: row.changed_at, changedBy: row.changed_by }
  }
  const newest = (queries: Queries) =>
    queries
      .selectFrom('label_rule_versions')
      .selectAll()
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()

  /** Null, and reported, where it is damaged. */
  async function readable(row: Row): Promise<LabelRulesVersion | null> {
    try {
      return opened(row)
    } catch (error) {
      await damage.report(error instanceof IntegrityError ? error.place : place(row.version))
      return null
    }
  }

  return {
    async current() {
      const row = await newest(store.db)
      return row ? readable(row) : delivered
    },

    async toChange() {
      const row = await newest(store.db)
      if (!row) return delivered
      const current = await readable(row)
      if (current) return current
      const { version, changed_at: changedAt, changed_by: changedBy } = row
      const [last = delivered] = await this.history()
      return { version, rules: last.rules, changedAt, changedBy, unreadable: { from: last.version } }
    },

    async change({ rules, baseVersion }, { accountId, actor }) {
      return store.transaction(async (trx) => {
        const row = await newest(trx)
        if ((row?.version ?? 0) !== baseVersion) throw new VigilError('conflict', { field: 'rules' })
        // Rules that cannot be read may be replaced: until then everything is most restricted.
        let before: LabelRules | null = delivered.rules
        try {
          if (row) before = opened(row).rules
        } catch {
          before = null
        }
        const version = baseVersion + 1
        const written: Row = {
          version,
          sealed_rules: protection.seal(place(version), JSON.stringify(rules)),
          changed_at: clock(),
          changed_by: accountId,
        }
        await trx.insertInto('label_rule_versions').values(written).execute()
        await audit.append(trx, {
          action: 'label-rules.changed',
          outcome: 'success',
          actor,
          object: { kind: 'label-rules', id: String(version) },
          detail: before
            ? { changes: changedRules(before, rules) }
            : { replaced: 'unreadable', damaged: baseVersion, rules: rules.rules.length },
        })
        return opened(written)
      })
    },

    async history() {
      const rows = await store.db
        .selectFrom('label_rule_versions')
        .selectAll()
        .orderBy('version', 'desc')
        .limit(100)
        .execute()
      const versions: LabelRulesVersion[] = []
      for (const row of rows) {
        const version = await readable(row)
        if (version) versions.push(version)
      }
      return versions
    },
  }
}
