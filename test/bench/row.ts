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
