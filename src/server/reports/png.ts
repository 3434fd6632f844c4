import { crc32, createInflate } from 'node:zlib'
import { VigilError } from '../../shared/errors/index.ts'

/** The most that a key image may be: a screen's worth of pixels, compressed. */
export const largestPng = { bytes: 4_500_000, side: 4096 }

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Samples per pixel by colour type (PNG 1.2, 4.1.1), of 8 bits each: what a canvas writes. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 }

/**
 * The size of a PNG image by its own header, once the whole file has proven to be one: every chunk's CRC, its end, and pixel
 * data that unpack to exactly the size that the header says, so that what is kept and printed later can neither crash a
 * decoder nor swell.
 * @throws VigilError `too-large` with the limit, or `bad-request` with why it is no image that is taken.
 */
export async function pngSize(file: Buffer): Promise<{ width: number; height: number }> {
  if (file.length > largestPng.bytes) throw new VigilError('too-large', { limit: largestPng.bytes })
  if (!file.subarray(0, signature.length).equals(signature)) throw refused('not-png')
  const chunks = chunksOf(file)
  const [header] = chunks
  if (header?.type !== 'IHDR' || header.data.length !== 13) throw refused('damaged')
  const { data } = header
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)]
  if (width === 0 || height === 0) throw refused('damaged')
  if (width > largestPng.side || height > largestPng.side)
    throw new VigilError('too-large', { limit: largestPng.side })
  const channels = samples[data.readUInt8(9)]
  // 8 bits, deflate, the one filter method, not interlaced.
  if (data.readUInt8(8) !== 8 || channels === undefined || data.readUIntBE(10, 3) !== 0)
    throw refused('unsupported')
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data))
  const expected = height * (1 + width * channels)
  if ((await unpackedLength(packed, expected)) !== expected) throw refused('damaged')
  return { width, height }
}

/** Counted as it unpacks, not held: 64 MiB a picture. Beyond `most` it is not unpacked; null where it is no whole stream. */
async function unpackedLength(packed: Buffer, most: number): Promise<number | null> {
  const unpacking = createInflate()
  unpacking.end(packed)
  let length = 0
  try {
    for await (const piece of unpacking) {
      length += (piece as Buffer).length
      if (length > most) return null
    }
    return length
  } catch {
    return null
  }
}

/** The chunks up to IEND, which must be the file's end. */
function chunksOf(file: Buffer): { type: string; data: Buffer }[] {
  const chunks = []
  let at = signature.length
  for (;;) {
    if (at + 12 > file.length) throw refused('damaged')
    const end = at + 12 + file.readUInt32BE(at)
    if (end > file.length) throw refused('damaged')
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) throw refused('damaged')
    const type = file.toString('latin1', at + 4, at + 8)
    chunks.push({ type, data: file.subarray(at + 8, end - 4) })
    at = end
    if (type !== 'IEND') continue
    if (at !== file.length) throw refused('damaged')
    return chunks
  }
}

const refused = (reason: string) => new VigilError('bad-request', { field: 'png', reason })
