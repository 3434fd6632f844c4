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
  outcome: 'success' | 'refused' | 'failed'
  sealed_detail: string
  previous_hash: string
}

/**
 * A row's hash, keyed: who can write the file but has no key cannot make a chain that verifies. `like`: the stored hash that it
 * is to be held against, where there is one; it is made with the key of that one's generation.
 */
export function hashRow(protection: Protection, row: ChainedRow, like?: string): string {
  return protection.chain(
    row.previous_hash,
    JSON.stringify([row.seq, row.at, row.action, row.outcome, row.sealed_detail]),
    like,
  )
}

/** The generation of the key that a hash was made with: later ones than the first stand before it. */
export function generationOf(hash: string): number {
  return Number(/^(\d+)\./.exec(hash)?.[1] ?? 1)
}
