import { sql } from 'kysely'
import type { Foundation } from '../foundation.ts'
import { IntegrityError } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { type ResealableTable, resealableTables } from './sealed-columns.ts'

/** Rows in one transaction: a gateway that waits for it does not notice. */
const batch = 100

/** SQL that is true where one of the encrypted columns holds something that is not under this generation. */
function behind({ sealed, only }: ResealableTable, generation: number) {
  const not = sealed.map((column) => `"${column}" not like 'v2.${generation}.%'`).join(' or ')
  return sql.raw(`(${only}) and (${not})`)
}

/** How many rows have values that are not under this generation yet. */
export async function countBehind(db: Queries, generation: number): Promise<number> {
  let rows = 0
  for (const table of resealableTables()) {
    const counted = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table.table)}
      where ${behind(table, generation)}`.execute(db)
    rows += counted.rows[0]?.rows ?? 0
  }
  return rows
}

/**
 * Seals anew whatever is not under this generation, in small transactions; can be ended and begun again at any moment. What
 * cannot be opened stays as it is, for the scrub and the backups.
 */
export async function resealValues(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  generation: number,
  moved: (trx: Queries, rows: number) => Promise<void>,
  pause: () => Promise<void>,
): Promise<{ damaged: number }> {
  const { store, protection } = foundation
  let damaged = 0

  /** Null where a value is damaged. */
  function resealed(table: ResealableTable, row: Record<string, unknown>): Record<string, string> | null {
    const anew: Record<string, string> = {}
    for (const column of table.sealed) {
      const value = row[column]
      if (typeof value !== 'string') continue
      const place = { table: table.table, column, row: table.row(row) }
      try {
        anew[column] = protection.seal(place, protection.open(place, value))
      } catch (error) {
        if (error instanceof IntegrityError) return null
        throw error
      }
    }
    return anew
  }

  for (const table of resealableTables()) {
    const cursor = sql.raw(table.cursor)
    let after: unknown = table.cursor === 'rowid' ? -1 : ''
    for (;;) {
      const rows = await store.transaction(async (trx) => {
        const found = await sql<
          Record<string, unknown>
        >`select *, ${cursor} as "#at" from ${sql.table(table.table)}
          where ${cursor} > ${after} and ${behind(table, generation)} order by ${cursor} limit ${batch}`.execute(
          trx,
        )
        let done = 0
        for (const row of found.rows) {
          const anew = resealed(table, row)
          if (anew === null) {
            damaged += 1
            continue
          }
          const set = sql.join(
            Object.entries(anew).map(([column, value]) => sql`${sql.ref(column)} = ${value}`),
          )
          await sql`update ${sql.table(table.table)} set ${set} where ${cursor} = ${row['#at']}`.execute(trx)
          done += 1
        }
        if (done > 0) await moved(trx, done)
        return found.rows
      }, 'resealing')
      if (rows.length < batch) break
      after = rows.at(-1)?.['#at']
      await pause()
    }
  }
  return { damaged }
}
