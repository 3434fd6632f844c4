/** Memory that frames are read into, outside of what V8's garbage collector counts. */
export interface FrameBytes {
  take(length: number): Buffer
  /** Of all that was taken, so much is kept. The collector is told of what is left, at times. */
  kept(bytes: number): void
}

/** What is left is told in such portions. */
const portion = 8 << 20

/**
 * V8 collects all garbage of the process whenever so many bytes of `ArrayBuffer`s have come since the last time, whether they are
 * garbage or not: with the gateway's heap every fifty frames or so that are kept, 50 ms each, for nothing. It does not count a
 * `SharedArrayBuffer` (which nobody here shares). Without any counting, frames that were given up would stay for as long as
 * nothing else makes garbage; so memory of their size, of the counted kind and never touched, is taken for them and dropped.
 */
export function createFrameBytes(
  tell: (bytes: number) => void = (bytes) => void new ArrayBuffer(bytes),
): FrameBytes {
  let taken = 0
  let told = 0
  return {
    take(length) {
      taken += length
      return Buffer.from(new SharedArrayBuffer(length))
    },
    kept(bytes) {
      const left = taken - bytes - told
      if (left < portion) return
      told += left
      tell(left)
    },
  }
}
