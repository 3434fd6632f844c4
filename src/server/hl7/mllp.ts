/** Minimal Lower Layer Protocol, release 1: a block is VT, the message's bytes, FS, CR. */

const startBlock = 0x0b
const endBlock = 0x1c
const carriageReturn = 0x0d
const terminator = Buffer.from([endBlock, carriageReturn])

/** Larger than any acknowledgement; beyond it the other side is not speaking MLLP. */
const largestBlock = 65_536

export function frameBlock(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(startBlock), message, terminator])
}

/**
 * Takes a stream's chunks, gives the blocks that became whole. Bytes between blocks are skipped, as the protocol says.
 * @throws RangeError where a block grows beyond 64 KiB.
 */
export function createBlockReader(): (chunk: Buffer) => Buffer[] {
  let pending: Buffer = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const blocks: Buffer[] = []
    for (;;) {
      const start = pending.indexOf(startBlock)
      if (start < 0) {
        pending = Buffer.alloc(0)
        return blocks
      }
      const end = pending.indexOf(terminator, start)
      if (end < 0) {
        pending = pending.subarray(start)
        if (pending.length > largestBlock) throw new RangeError('MLLP block too large')
        return blocks
      }
      blocks.push(pending.subarray(start + 1, end))
      pending = pending.subarray(end + terminator.length)
    }
  }
}
