import { z } from 'zod'
import type { Queries } from '../index.ts'
import type { SealKeys } from './keys.ts'

/** The seal of all rows of a table together; `*` is that of all tables. */
export const wholeName = '*'

/** What a table's seal says. It is kept encrypted: who could see sums could look for other rows of the same sum. */
const TableSeal = z.object({
  /** Counts every change; never goes back. */
  version: z.int().nonnegative(),
  rows: z.int(),
  /** XOR of one keyed hash a row (hex): which rows there are, in any order. */
  sum: z.string().regex(/^[0-9a-f]{64}$/),
})
export type TableSeal = z.infer<typeof TableSeal>

export const emptySeal: TableSeal = { version: 0, rows: 0, sum: '0'.repeat(64) }

export const tableSealPlace = (name: string) => ({ table: 'table_seals', column: 'seal', row: name })

/** @throws what `keys.open` throws where it was changed, or is another table's. */
export function openTableSeal(keys: Pick<SealKeys, 'open'>, name: string, sealed: string): TableSeal {
  return TableSeal.parse(JSON.parse(keys.open(tableSealPlace(name), sealed)))
}

export function sealTable(keys: Pick<SealKeys, 'seal'>, name: string, seal: TableSeal): string {
  return keys.seal(tableSealPlace(name), JSON.stringify(seal))
}

/** What a row adds to the sum. Not the MAC that is stored beside it: that one can be read by who reads the file. */
export function termOf(keys: Pick<SealKeys, 'rowMac'>, mac: string): Buffer {
  const hash = keys.rowMac(`term ${mac}`, mac)
  // Of a later generation of the key it begins with the generation's number.
  return Buffer.from(hash.slice(hash.indexOf('.') + 1), 'base64url')
}

/** Adds, or takes away, terms: the same act. */
export function combined(sum: Buffer, term: Buffer): Buffer {
  const result = Buffer.alloc(32)
  for (let at = 0; at < 32; at += 1) result[at] = (sum[at] ?? 0) ^ (term[at] ?? 0)
  return result
}

/** The seal after one row's MAC took the place of another; null for none. */
export function adjusted(
  term: (mac: string) => Buffer,
  seal: TableSeal,
  before: string | null,
  after: string | null,
): TableSeal {
  let sum: Buffer = Buffer.from(seal.sum, 'hex')
  for (const mac of [before, after]) if (mac !== null) sum = combined(sum, term(mac))
  const rows = seal.rows + (after === null ? 0 : 1) - (before === null ? 0 : 1)
  return { version: seal.version + 1, rows, sum: sum.toString('hex') }
}

/** How far the seals are: the version of that of all tables; -1 where it is damaged, null where there is none. */
export async function sealsVersion(
  queries: Pick<Queries, 'selectFrom'>,
  keys: Pick<SealKeys, 'open'>,
): Promise<number | null> {
  const row = await queries
    .selectFrom('table_seals')
    .select('seal')
    .where('name', '=', wholeName)
    .executeTakeFirst()
  if (!row) return null
  try {
    return openTableSeal(keys, wholeName, row.seal).version
  } catch {
    return -1
  }
}
