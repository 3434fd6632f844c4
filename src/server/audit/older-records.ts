import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Store } from '../store/index.ts'
import { readDetail } from './detail.ts'
import type { AuditTrail } from './index.ts'
import { indexesOf, writeSubjects } from './subjects.ts'

const setting = 'audit-indexed'
const place = { table: 'settings', column: 'value', row: setting }
/** Records indexed in one transaction. */
const part = 500

/**
 * Makes the look-up index of records that were written by a release that had none; once in a database's life, which it
 * keeps sealed: from then on a record without its index is a fault that verification tells.
 */
export async function indexOlderRecords(deps: {
  store: Store
  protection: Protection
  audit: Pick<AuditTrail, 'record'>
}): Promise<void> {
  const { store, protection, audit } = deps
  const done = await store.db
    .selectFrom('settings')
    .select('name')
    .where('name', '=', setting)
    .executeTakeFirst()
  if (done) return
  let through = 0
  let records = 0
  for (;;) {
    const rows = await store.db
      .selectFrom('audit')
      .select(['seq', 'sealed_detail'])
      .where('seq', '>', through)
      .orderBy('seq')
      .limit(part)
      .execute()
    if (rows.length === 0) break
    await store.transaction(async (trx) => {
      for (const row of rows) await writeSubjects(trx, row.seq, namedIn(protection, row))
    })
    records += rows.length
    through = rows.at(-1)?.seq ?? through
  }
  const value = protection.seal(place, JSON.stringify({ through }))
  await store.db
    .insertInto('settings')
    .values({ name: setting, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  if (records > 0)
    await audit.record({
      action: 'audit.indexed',
      outcome: 'success',
      actor: { kind: 'gateway', id: 'gateway' },
      detail: { records },
    })
}

/** Nothing of a damaged record, which verification tells of. */
function namedIn(protection: Protection, row: { seq: number; sealed_detail: string }): string[] {
  try {
    return indexesOf(protection, readDetail(protection, row))
  } catch (error) {
    if (error instanceof IntegrityError) return []
    throw error
  }
}
