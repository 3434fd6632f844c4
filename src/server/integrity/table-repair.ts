import type { DamageLack } from '../../shared/api/index.ts'
import type { Protection } from '../protection/index.ts'
import { combined, emptySeal, type SealedTable, termOf } from '../store/index.ts'
import { macOf, type Row, type StoredTables, type TableSums } from './stored-tables.ts'
import { subsetOf } from './subset-sum.ts'

/** One step to make a table's rows what its sum says they are. `mac` is the row's seal then; both null for a row that goes. */
export interface Change {
  key: string
  mac: string | null
  row: Row | null
}
type Candidate = Change & { term: Buffer }

export interface Comparison {
  here: StoredTables
  /** Of the table, as it is here. */
  sums: TableSums
  copy: StoredTables | null
  pause(): Promise<void>
}

const nothing = Buffer.from(emptySeal.sum, 'hex')
export const isRight = ({ lacking }: TableSums): boolean => lacking.equals(nothing)

/**
 * What makes the sum right again: rows that are there and are not to be (put back behind the product), rows without a seal that are to
 * be, and, where a copy is given, rows of it that are missing here or stand here in an older version. The sum proves it; null where
 * nothing proves anything.
 */
export async function changesThatMakeGood(
  protection: Protection,
  table: SealedTable,
  from: Comparison,
): Promise<Change[] | null> {
  const { sums } = from
  const { put, changed, gone } = await candidates(protection, table, from)
  const all = [...put, ...changed, ...gone]
  for (const group of [put, gone, all]) {
    const terms = group.map(({ term }) => term)
    const found = subsetOf(terms, sums.lacking)
    if (found) return found.flatMap((index) => group[index] ?? [])
  }
  const single = all.find(({ term }) => term.equals(sums.lacking))
  return single ? [single] : null
}

async function candidates(
  protection: Protection,
  table: SealedTable,
  { here, sums, copy, pause }: Comparison,
): Promise<Record<'put' | 'changed' | 'gone', Candidate[]>> {
  const put: Candidate[] = []
  const changed: Candidate[] = []
  const inCopy = new Set<string>()
  const macs = new Set<string>()
  const putOnce = (key: string, row: Row, mac: string) => {
    if (macs.has(mac)) return
    macs.add(mac)
    put.push({ key, mac, row, term: termOf(protection, mac) })
  }
  for (const { key, row } of here.unsealed(table)) putOnce(key, row, macOf(protection, table, row))
  for (const { key, row } of copy?.all(table) ?? []) {
    await pause()
    inCopy.add(key)
    const stands = sums.macs.get(key)
    const mac = macOf(protection, table, row, stands)
    if (mac === stands) continue
    if (stands === undefined) putOnce(key, row, mac)
    else
      changed.push({
        key,
        mac,
        row,
        term: combined(termOf(protection, mac), termOf(protection, stands)),
      })
  }
  const gone: Candidate[] = []
  for (const [key, mac] of sums.macs) {
    if (inCopy.has(key)) continue
    await pause()
    gone.push({ key, mac: null, row: null, term: termOf(protection, mac) })
  }
  return { put, changed, gone }
}

/** Of a copy's rows that are not here, so many are named. */
const mostNamed = 20

/** How many rows are missing, or too many, and which of a copy are not here: for the list of damage. Keys, no values. */
export function lackOf(
  sums: TableSums,
  there: { source: string; rows: Iterable<{ key: string }> } | null,
): DamageLack {
  const keys: string[] = []
  for (const { key } of there?.rows ?? []) if (!sums.macs.has(key)) keys.push(key)
  return { missing: sums.missing, source: there?.source ?? '', keys: keys.sort().slice(0, mostNamed) }
}
