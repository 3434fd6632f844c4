import type { Place, Protection } from '../protection/index.ts'

/** What the first row names as its predecessor. */
export const firstHash = '0'.repeat(64)

/** The setting that holds the sealed head of the chain. */
export const headSetting = 'audit-head'
export const headPlace: Place = { table: 'settings', column: 'value', row: headSetting }

/** Where a row's detail is bound to. */
export const detailPlace = (seq: number): Place => ({
  table: 'audit',
  column: 'sealed_detail',
  row: String(seq),
})

/** The parts of a row that its hash covers: everything but the hash. */
export interface ChainedRow {
  seq: number
  at: number
  action: string
  outcome: string
  sealed_detail: string
  previous_hash: string
}

/** A row's hash, keyed: who can write the file but has no key cannot make a chain that verifies. */
export function hashRow(protection: Protection, row: ChainedRow): string {
  return protection.chain(
    row.previous_hash,
    JSON.stringify([row.seq, row.at, row.action, row.outcome, row.sealed_detail]),
  )
}
