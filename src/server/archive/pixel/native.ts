import type { ByteSource } from '../object/byte-source.ts'

/** Native pixel data: where it begins, and the bits of one frame. */
export interface NativePixels {
  offset: number
  frameBits: number
}

/**
 * One native frame, `index` from 0, as stored. Where frames do not begin at a byte (1-bit segmentations, PS3.5 8.1.1)
 * the frame's bits are moved down to begin at bit 0, the rest of the last byte zero, as a frame on its own is written.
 */
export async function readNativeFrame(
  source: ByteSource,
  { offset, frameBits }: NativePixels,
  index: number,
): Promise<Buffer> {
  const firstBit = frameBits * index
  const shift = firstBit % 8
  const stored = await source.read(offset + Math.floor(firstBit / 8), Math.ceil((shift + frameBits) / 8))
  return shift === 0 && frameBits % 8 === 0 ? stored : aligned(stored, shift, frameBits)
}

function aligned(stored: Buffer, shift: number, bits: number): Buffer {
  const frame = Buffer.alloc(Math.ceil(bits / 8))
  for (let i = 0; i < frame.length; i += 1) {
    frame[i] = ((stored[i]! | ((stored[i + 1] ?? 0) << 8)) >> shift) & 0xff
  }
  const rest = bits % 8
  if (rest > 0) frame[frame.length - 1]! &= (1 << rest) - 1
  return frame
}
