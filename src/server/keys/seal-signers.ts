import { sql } from 'kysely'
import type { Protection } from '../protection/index.ts'
import type { Store } from '../store/index.ts'

const guard = 'report_versions_no_update'

/**
 * Seals the certificates of who signed reports in rows from before they were sealed, once, at the first opening by a version that
 * does: the only change of such rows there is, in one transaction with the trigger that refuses it. Nothing is taken on trust: the
 * signature, over the sealed document, proves the certificate each time that a report is read.
 */
export async function sealSigners(store: Store, protection: Protection): Promise<void> {
  // An index over these rows alone says at once that there are none.
  const clear = () =>
    store.db
      .selectFrom('report_versions')
      .select(['id', 'sealed_certificate'])
      .where('sealed_certificate', 'not like', sql.lit('v2.%'))
  if (!(await clear().limit(1).executeTakeFirst())) return
  await store.transaction(async (trx) => {
    const trigger = await sql<{ sql: string }>`select sql from sqlite_master where name = ${guard}`.execute(
      trx,
    )
    await sql`drop trigger if exists ${sql.ref(guard)}`.execute(trx)
    const rows = await trx
      .selectFrom('report_versions')
      .select(['id', 'sealed_certificate'])
      .where('sealed_certificate', 'not like', sql.lit('v2.%'))
      .execute()
    for (const { id, sealed_certificate } of rows) {
      const place = { table: 'report_versions', column: 'sealed_certificate', row: id }
      const sealed = protection.seal(place, sealed_certificate)
      await trx
        .updateTable('report_versions')
        .set({ sealed_certificate: sealed })
        .where('id', '=', id)
        .execute()
    }
    if (trigger.rows[0]) await sql.raw(trigger.rows[0].sql).execute(trx)
  })
}
