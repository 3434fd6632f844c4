import { randomUUID } from 'node:crypto'
import { DamageLack, type DamageRow } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'

type Deps = Pick<Foundation, 'store' | 'clock'>

/** The newest of what is listed. */
const mostListed = 500

export type StandingDamage = Schema['damage']

export const placeOf = (row: StandingDamage): Place => ({
  table: row.place_table,
  column: row.place_column,
  row: row.place_row,
})

/** Lists a damaged place, where it does not stand there already. @returns whether it is new. */
export async function noteDamage({ store, clock }: Deps, place: Place, what: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await store.db
    .insertInto('damage')
    .values({
      id: randomUUID(),
      place_table: place.table,
      place_column: place.column,
      place_row: place.row,
      what,
      detail: '',
      found_at: clock(),
      state: 'isolated',
      source: '',
      restored_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** What is damaged and has not been restored. */
export function standingDamage({ store }: Pick<Deps, 'store'>): Promise<StandingDamage[]> {
  return store.db
    .selectFrom('damage')
    .selectAll()
    .where('state', '=', 'isolated')
    .orderBy('found_at')
    .execute()
}

/** What is damaged, then what was restored, each the newest first. */
export async function damageRows({ store }: Pick<Deps, 'store'>): Promise<DamageRow[]> {
  const rows = await store.db
    .selectFrom('damage')
    .selectAll()
    .orderBy('state')
    .orderBy('found_at', 'desc')
    .limit(mostListed)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    place: `${row.place_table}.${row.place_column}/${row.place_row}`,
    what: row.what,
    ...(row.detail ? { lack: DamageLack.parse(JSON.parse(row.detail)) } : {}),
    foundAt: row.found_at,
    state: row.state,
    source: row.source,
    restoredAt: row.restored_at,
  }))
}

/** Of kinds of which nothing is damaged any more the alarm ends. */
export async function clearAlarms(
  foundation: Pick<Foundation, 'store' | 'alarms'>,
  kinds: Iterable<string>,
): Promise<void> {
  const left = new Set((await standingDamage(foundation)).map((row) => row.place_table))
  for (const kind of new Set(kinds)) if (!left.has(kind)) await foundation.alarms.clear('data-damaged', kind)
}
