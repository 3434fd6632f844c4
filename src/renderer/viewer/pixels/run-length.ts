import { ImageProblem } from '../problem.ts'

/** One PackBits segment (PS3.5 G.3.1), written to every `stride`-th byte of `out` from `start`. */
function decodeSegment(segment: Uint8Array, out: Uint8Array, start: number, stride: number, count: number) {
  let from = 0
  let written = 0
  while (from < segment.length && written < count) {
    const control = segment[from++]!
    if (control < 128) {
      for (let k = 0; k <= control && written < count && from < segment.length; k++)
        out[start + stride * written++] = segment[from++]!
    } else if (control > 128) {
      const value = segment[from++] ?? 0
      for (let k = 0; k <= 256 - control && written < count; k++) out[start + stride * written++] = value
    }
  }
  return written
}

/**
 * RLE Lossless (PS3.5 Annex G): segments hold the bytes of each sample plane, most significant first.
 * Gives the planes one after another, little endian.
 * @throws ImageProblem `pixel-data-truncated` where a segment ends early, `decode-failed` where the header is absurd.
 */
export function decodeRunLength(
  bytes: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  if (bytes.length < 64) throw new ImageProblem('pixel-data-truncated', `${bytes.length}/64`)
  const header = new DataView(bytes.buffer, bytes.byteOffset, 64)
  const segments = header.getUint32(0, true)
  if (segments !== samplesPerPixel * bytesPerSample)
    throw new ImageProblem('decode-failed', `RLE segments ${segments}`)
  const out = new Uint8Array(pixels * segments)
  for (let s = 0; s < segments; s++) {
    const begin = header.getUint32(4 + 4 * s, true)
    const end = s + 1 < segments ? header.getUint32(8 + 4 * s, true) : bytes.length
    const plane = Math.floor(s / bytesPerSample)
    const significance = bytesPerSample - 1 - (s % bytesPerSample)
    const start = plane * pixels * bytesPerSample + significance
    const written = decodeSegment(bytes.subarray(begin, end), out, start, bytesPerSample, pixels)
    if (written < pixels) throw new ImageProblem('pixel-data-truncated', `${written}/${pixels}`)
  }
  return out
}
