/** Minimal Lower Layer Protocol, release 1: a block is VT, the message's bytes, FS, CR. */

const startBlock = 0x0b
const endBlock = 0x1c
const carriageReturn = 0x0d
const terminator = Buffer.from([endBlock, carriageReturn])

/** Larger than any acknowledgement; beyond it the other side is not speaking MLLP. */
const largestAnswer = 65_536

export function frameBlock(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(startBlock), message, terminator])
}

/**
 * Takes a stream's chunks, gives the blocks that became whole. Bytes between blocks are skipped, as the protocol says.
 * @throws RangeError where a block grows beyond 64 KiB.
 */
export function createBlockReader(): (chunk: Buffer) => Buffer[] {
  return createBlockCollector(largestAnswer).take
}

/** What a stream's blocks are collected in. */
export interface BlockCollector {
  /** The blocks that became whole with this chunk. @throws RangeError where a block grows beyond the largest. */
  take(chunk: Buffer): Buffer[]
  /** True between a block's first byte and its last. */
  inBlock(): boolean
}

/** As `createBlockReader`, for blocks of up to `largest` bytes; the work is linear however small the chunks are. */
export function createBlockCollector(largest: number): BlockCollector {
  let store = Buffer.alloc(0)
  let size = 0
  let open = false

  function keep(piece: Buffer): void {
    // One more: the first byte of the terminator may be the last of a chunk.
    if (size + piece.length > largest + 1) throw new RangeError('MLLP block too large')
    if (size + piece.length > store.length) {
      const wider = Buffer.allocUnsafe(Math.max(2 * store.length, size + piece.length, 1024))
      store.copy(wider, 0, 0, size)
      store = wider
    }
    piece.copy(store, size)
    size += piece.length
  }

  function whole(): Buffer {
    const block = store.subarray(0, size)
    store = Buffer.alloc(0)
    size = 0
    open = false
    if (block.length > largest) throw new RangeError('MLLP block too large')
    return block
  }

  return {
    inBlock: () => open,
    take(chunk) {
      const blocks: Buffer[] = []
      let rest = chunk
      while (rest.length > 0) {
        if (!open) {
          const start = rest.indexOf(startBlock)
          if (start < 0) break
          open = true
          rest = rest.subarray(start + 1)
        } else if (rest[0] === carriageReturn && size > 0 && store[size - 1] === endBlock) {
          size -= 1
          blocks.push(whole())
          rest = rest.subarray(1)
        } else {
          const end = rest.indexOf(terminator)
          keep(end < 0 ? rest : rest.subarray(0, end))
          if (end < 0) break
          blocks.push(whole())
          rest = rest.subarray(end + terminator.length)
        }
      }
      return blocks
    },
  }
}
