/** One measured row of `npm run bench`: our cost against a peer's on the same input, measured in turn in the same run. */
export type BenchRow = {
  name: string
  /** Of `ours` and `peer`, e.g. ms, MB/s. */
  unit: string
  better: 'lower' | 'higher'
  ours: number
  peer: number
  peerName: string
  /** ours / peer. */
  ratio: number
  /** What is required, as a bound on the ratio or on ours, in words, e.g. "ours < 1 ms, ratio <= 2". */
  target: string
}

/** A measurement that this machine has not the means for; the others go on. */
export class CannotRun extends Error {
  override name = 'CannotRun'
}

/** Samples in one unit, gathered in turn. */
export interface Samples {
  ours: number[]
  peer: number[]
}

export function rowOf(
  what: Pick<BenchRow, 'name' | 'unit' | 'better' | 'peerName' | 'target'>,
  samples: Samples,
  summary: (values: readonly number[]) => number = median,
): BenchRow {
  const ours = summary(samples.ours)
  const peer = summary(samples.peer)
  return { ...what, ours, peer, ratio: ours / peer }
}

export const median = (values: readonly number[]) => quantile(values, 0.5)
export const p99 = (values: readonly number[]) => quantile(values, 0.99)

/** Nearest rank: the smallest value that at least this share of all does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
