import type { LookupTable, PixelDescription } from '../dicom/pixel-description.ts'
import { ImageProblem } from '../problem.ts'
import { look } from './modality.ts'
import type { Samples } from './native.ts'

export function isColour(d: PixelDescription): boolean {
  return d.samplesPerPixel > 1 || d.photometric === 'PALETTE COLOR'
}

/** Where the three samples of a pixel lie. `luminance`: Y1 Y2 Cb Cr for two pixels, as uncompressed YBR_FULL_422. */
export type Layout = 'pixel' | 'plane' | 'luminance-422'

/** What the samples mean once the codec has undone its own colour transform. */
export type ColourModel = 'RGB' | 'YBR_FULL'

/** Full-range YCbCr to RGB, PS3.3 C.7.6.3.1.2. */
function writeRgb(out: Uint8ClampedArray, at: number, y: number, cb: number, cr: number) {
  out[at] = y + 1.402 * (cr - 128)
  out[at + 1] = y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128)
  out[at + 2] = y + 1.772 * (cb - 128)
}

function fromPalette(samples: Samples, d: PixelDescription): Uint8ClampedArray {
  if (!d.palette) throw new ImageProblem('palette-missing')
  const { red, green, blue } = d.palette
  const channels = [red, green, blue].map(narrowed)
  const out = new Uint8ClampedArray(d.rows * d.columns * 3)
  const mask = d.bitsStored >= 16 ? 0xffff : (1 << d.bitsStored) - 1
  for (let i = 0, at = 0; at < out.length; i++, at += 3) {
    const index = samples[i]! & mask
    for (let c = 0; c < 3; c++) out[at + c] = look(channels[c]!, index)
  }
  return out
}

/** Palette entries as 8 bits. Some writers state 16 bits and fill only the low byte: no entry above 255 then. */
function narrowed(table: LookupTable): LookupTable {
  if (table.bits <= 8 || !table.entries.some((entry) => entry > 255)) return table
  return { ...table, entries: table.entries.map((entry) => entry >> 8) }
}

/**
 * Colour samples as RGB by pixel, 8 bits each (deeper samples keep their most significant bits).
 * @throws ImageProblem `palette-missing`, `photometric-unsupported` or `pixel-data-truncated`.
 */
export function toRgb(samples: Samples, d: PixelDescription, layout: Layout, model: ColourModel): Uint8Array {
  const pixels = d.rows * d.columns
  if (d.photometric === 'PALETTE COLOR') return new Uint8Array(fromPalette(samples, d).buffer)
  if (d.samplesPerPixel !== 3)
    throw new ImageProblem('photometric-unsupported', `${d.photometric} × ${d.samplesPerPixel}`)
  if (samples.length < pixels * (layout === 'luminance-422' ? 2 : 3))
    throw new ImageProblem('pixel-data-truncated', `${samples.length}/${pixels * 3}`)

  if (layout === 'pixel' && model === 'RGB' && samples instanceof Uint8Array && d.bitsStored === 8)
    return samples.subarray(0, pixels * 3)

  const scale = d.bitsStored > 8 ? 2 ** -(d.bitsStored - 8) : 1
  const out = new Uint8ClampedArray(pixels * 3)
  const [step, plane] = layout === 'plane' ? [1, pixels] : [3, 1]
  for (let i = 0, at = 0; i < pixels; i++, at += 3) {
    const pair = (i >> 1) * 4
    const [first, second, third] =
      layout === 'luminance-422'
        ? [pair + (i & 1), pair + 2, pair + 3]
        : [i * step, i * step + plane, i * step + 2 * plane]
    const a = Math.floor(samples[first]! * scale)
    const b = Math.floor(samples[second]! * scale)
    const c = Math.floor(samples[third]! * scale)
    if (model === 'YBR_FULL') writeRgb(out, at, a, b, c)
    else {
      out[at] = a
      out[at + 1] = b
      out[at + 2] = c
    }
  }
  return new Uint8Array(out.buffer)
}
