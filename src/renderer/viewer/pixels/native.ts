import type { PixelDescription } from '../dicom/pixel-description.ts'
import { ImageProblem } from '../problem.ts'

/** Samples as they are stored, one element each. */
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** How many samples a native frame holds; YBR_FULL_422 has two samples a pixel (PS3.3 C.7.6.3.1.2). */
export function sampleCount(d: PixelDescription): number {
  const perPixel = d.photometric === 'YBR_FULL_422' && d.samplesPerPixel === 3 ? 2 : d.samplesPerPixel
  return d.rows * d.columns * perPixel
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i + size <= bytes.length; i += size)
    for (let k = 0; k < size; k++) out[i + k] = bytes[i + size - 1 - k]!
  return out
}

/** One bit a pixel, least significant bit first (PS3.5 8.1.1). */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  const out = new Uint8Array(count)
  for (let i = 0; i < count; i++) out[i] = (bytes[i >> 3]! >> (i & 7)) & 1
  return out
}

/**
 * The samples of an uncompressed frame. The result may be a view of `bytes`.
 * @throws ImageProblem `pixel-data-truncated` with the bytes there are and should be.
 */
export function nativeSamples(bytes: Uint8Array, d: PixelDescription, bigEndian: boolean): Samples {
  const count = sampleCount(d)
  const size = d.bitsAllocated / 8
  const length = d.bitsAllocated === 1 ? Math.ceil(count / 8) : count * size
  if (bytes.length < length) throw new ImageProblem('pixel-data-truncated', `${bytes.length}/${length}`)
  if (d.bitsAllocated === 1) return unpackBits(bytes, count)

  const exact = bytes.subarray(0, length)
  const ordered = bigEndian && size > 1 ? swapped(exact, size) : exact
  const aligned = ordered.byteOffset % size === 0 ? ordered : ordered.slice()
  const { buffer, byteOffset } = aligned
  switch (d.bitsAllocated) {
    case 8:
      return d.signed ? new Int8Array(buffer, byteOffset, count) : aligned
    case 16:
      return d.signed ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count)
    case 32:
      if (d.float) return new Float32Array(buffer, byteOffset, count)
      return d.signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count)
    case 64:
      if (d.float) return new Float64Array(buffer, byteOffset, count)
  }
  throw new ImageProblem('metadata-incomplete', `BitsAllocated ${d.bitsAllocated}`)
}
