import type { DicomJson } from '../../../shared/study/index.ts'
import { binary, number, numbers, text } from './attributes.ts'

/** One overlay plane as the image describes it (PS3.3 C.9.2). */
export interface OverlayPlane {
  /** 0x6000 to 0x601E, even. */
  group: number
  rows: number
  columns: number
  /** Of the plane's first pixel in the image, from 1; may be outside of it. */
  row: number
  column: number
  /** G: graphics; R: the outline of a region of interest. */
  kind: 'G' | 'R'
  label: string
  /** Bit of the pixel samples that holds the plane (retired), where it has no data of its own. */
  embeddedBit: number | null
  /** One byte a pixel, 0 or 1, of a frame of the image (from 1); null where that frame has none. */
  bits(frame: number): Uint8Array | null
}

/** Least significant bit first, frames without padding between them (PS3.5 8.1.2). */
function unpacked(bytes: Uint8Array, count: number, skip: number): Uint8Array | null {
  if (bytes.length * 8 < skip + count) return null
  const out = new Uint8Array(count)
  for (let i = 0; i < count; i++) out[i] = (bytes[(i + skip) >> 3]! >> ((i + skip) & 7)) & 1
  return out
}

/** The overlay planes of an image, by group. Those without size are left out. */
export function overlaysOf(attributes: DicomJson): OverlayPlane[] {
  return Array.from({ length: 16 }, (_, i) => 0x6000 + 2 * i).flatMap((group) => {
    const tag = (element: string) => `${group.toString(16).toUpperCase()}${element}`
    const rows = number(attributes, tag('0010')) ?? 0
    const columns = number(attributes, tag('0011')) ?? 0
    if (rows < 1 || columns < 1 || rows * columns > 1 << 26) return []
    const [row = 1, column = 1] = numbers(attributes, tag('0050'))
    const data = binary(attributes, tag('3000'))
    const bit = number(attributes, tag('0102')) ?? 0
    const allocated = number(attributes, tag('0100')) ?? 1
    const frames = number(attributes, tag('0015')) ?? 1
    const first = number(attributes, tag('0051')) ?? 1
    const count = rows * columns
    return [
      {
        group,
        rows,
        columns,
        row,
        column,
        kind: text(attributes, tag('0040')) === 'R' ? ('R' as const) : ('G' as const),
        label: text(attributes, tag('1500')) || text(attributes, tag('0022')),
        embeddedBit: !data && allocated > 1 ? bit : null,
        bits(frame: number) {
          if (!data) return null
          // One frame of overlay without a number belongs to every frame of the image.
          const at = frames === 1 && number(attributes, tag('0051')) === undefined ? 0 : frame - first
          return at >= 0 && at < frames ? unpacked(data, count, at * count) : null
        },
      },
    ]
  })
}

/** The planes that lie in unused bits of the stored samples (retired since 2004): bit position by group. */
export function embeddedBits(samples: ArrayLike<number>, bit: number): Uint8Array {
  const out = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) out[i] = (samples[i]! >> bit) & 1
  return out
}
