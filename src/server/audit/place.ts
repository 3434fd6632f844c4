import { setImmediate as pause } from 'node:timers/promises'
import type { Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { type ChainedRow, detailPlace, hashRow } from './chain.ts'

/** A row as it is stored, whoever wrote it. */
export type StoredRow = ChainedRow & { hash: string }

/** How far from its place a row is looked for: by its hash, and by its sealed detail where the hash was made useless too. */
const farHashes = 50_000
const farDetails = 300
/** Steps between two pauses; each step is some microseconds. */
const stepsPerPause = 1000

/**
 * Tells which number a row was written under. Its hash and its sealed detail are both bound to that number by a key, so a
 * row that was moved, renumbered or copied still says where it is from; what somebody without the keys made says nothing.
 */
export function createPlaces(deps: { db: Queries; protection: Protection }) {
  const { db, protection } = deps

  /** Whether the row, every column of it, is what the gateway wrote under this number. */
  const isGenuine = (row: StoredRow, seq: number): boolean =>
    hashRow(protection, { ...row, seq }, row.hash) === row.hash

  function opensAt(row: StoredRow, seq: number): boolean {
    try {
      protection.open(detailPlace(seq), row.sealed_detail)
      return true
    } catch {
      return false
    }
  }

  /** Null where it is of no number near. `likely` are tried first. */
  async function originOf(row: StoredRow, likely: readonly number[], last: number): Promise<number | null> {
    let steps = 0
    for (const is of [isGenuine, opensAt]) {
      for (const seq of likely) if (is(row, seq)) return seq
    }
    for (const [far, is] of [
      [farHashes, isGenuine],
      [farDetails, opensAt],
    ] as const) {
      for (let distance = 1; distance <= Math.min(far, last); distance += 1) {
        for (const seq of [row.seq - distance, row.seq + distance]) {
          if (seq < 1 || seq > last) continue
          if (is(row, seq)) return seq
          steps += 1
          if (steps % stepsPerPause === 0) await pause()
        }
      }
    }
    return null
  }

  /** Whether another row than `row` is the one that was written under this number. `after`: its predecessor's hash, where known. */
  async function standsElsewhere(
    origin: number,
    row: StoredRow,
    shift: number,
    after: string | null,
  ): Promise<boolean> {
    const own = origin - shift
    const near = await rowsBetween(row.seq - farDetails, row.seq + farDetails)
    const there = await rowsBetween(own - 1, own + 1)
    const others = [...there, ...near].filter(({ seq }) => seq !== row.seq)
    if (others.some((other) => isGenuine(other, origin))) return true
    await pause()
    if (others.some((other) => opensAt(other, origin))) return true
    return after !== null && (await followsSomewhere(origin, row, after))
  }

  async function followsSomewhere(origin: number, row: StoredRow, after: string): Promise<boolean> {
    const bounds = await db
      .selectFrom('audit')
      .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
      .executeTakeFirst()
    for (let from = Number(bounds?.first ?? 1); from <= Number(bounds?.last ?? 0); ) {
      const next = await db
        .selectFrom('audit')
        .select(['seq', 'previous_hash'])
        .where('seq', '>=', from)
        .orderBy('seq')
        .limit(stepsPerPause)
        .execute()
      for (const { seq, previous_hash } of next) {
        if (seq === row.seq || previous_hash !== after) continue
        const [other] = await rowsBetween(seq, seq)
        if (other && isGenuine(other, origin)) return true
      }
      from = (next.at(-1)?.seq ?? Number.POSITIVE_INFINITY) + 1
      await pause()
    }
    return false
  }

  const rowsBetween = (from: number, to: number): Promise<StoredRow[]> =>
    db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>=', from)
      .where('seq', '<=', to)
      .orderBy('seq')
      .execute()

  return { isGenuine, opensAt, originOf, standsElsewhere }
}
