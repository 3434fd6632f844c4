import type { DicomJson } from '../../../shared/study/index.ts'
import { ImageProblem } from '../problem.ts'
import { binary, has, items, number, numbers, text, words } from './attributes.ts'
import { overlaysOf } from './overlay.ts'
import { expandSegments } from './segmented-palette.ts'

/** A look-up table as PS3.3 C.11.1.1 and C.7.6.3.1.5 describe it: entry 0 belongs to input `first`; inputs beyond it take the end entries. */
export interface LookupTable {
  first: number
  /** Bits of an entry: 8 or 16 in palettes, 8 to 16 in modality and VOI tables. */
  bits: number
  entries: Uint16Array
}

export interface Palette {
  red: LookupTable
  green: LookupTable
  blue: LookupTable
}

/** What is needed to turn a frame's bytes into values: Image Pixel module (PS3.3 C.7.6.3) and Modality LUT (C.11.1). */
export interface PixelDescription {
  rows: number
  columns: number
  samplesPerPixel: number
  photometric: string
  /** 0: colour by pixel, 1: colour by plane. */
  planar: number
  bitsAllocated: number
  bitsStored: number
  highBit: number
  signed: boolean
  /** Float and Double Float Pixel Data have no Bits Stored (PS3.3 C.7.6.24). */
  float: boolean
  slope: number
  intercept: number
  modalityLut: LookupTable | null
  palette: Palette | null
  /** Bits of the samples that hold overlay planes (retired), beside the stored ones. */
  overlayBits?: number[]
  /** Stored values, both ends included, that stand where the image has nothing (PS3.3 C.7.5.1.1.2). */
  padding?: { low: number; high: number } | null
  /** Low values are white as the image comes. */
  inverted?: boolean
}

function table(
  attributes: DicomJson,
  descriptorTag: string,
  dataTag: string,
  signed: boolean,
  segmentedTag?: string,
): LookupTable | null {
  const [length, first = 0, bits = 16] = numbers(attributes, descriptorTag)
  if (length === undefined) return null
  // 0 stands for 65536; the second value is signed where the pixels are, whatever the VR of the descriptor says.
  const count = length === 0 ? 65536 : length < 0 ? length + 65536 : length
  const start = signed && first > 32767 ? first - 65536 : !signed && first < 0 ? first + 65536 : first
  const bytes = binary(attributes, dataTag)
  const packed = bits <= 8 && bytes !== undefined && bytes.length < count * 2
  const segments = segmentedTag === undefined ? undefined : words(attributes, segmentedTag)
  const plain = packed ? Uint16Array.from(bytes) : words(attributes, dataTag)
  const entries = plain ?? (segments && expandSegments(segments, count))
  if (!entries || entries.length < count) return null
  return { first: start, bits, entries: entries.subarray(0, count) }
}

/** The table of an item of a Modality LUT, VOI LUT or Presentation LUT sequence; null where it is not whole. */
export const tableOf = (item: DicomJson, signed: boolean): LookupTable | null =>
  table(item, '00283002', '00283006', signed)

/** The first table of a Modality LUT sequence. */
export function lutOf(attributes: DicomJson, sequenceTag: string, signed: boolean): LookupTable | null {
  const item = items(attributes, sequenceTag)[0]
  return item ? tableOf(item, signed) : null
}

/**
 * Pixel Padding Value and Range Limit (0028,0120 and 0121), those of float images (0028,0122 to 0125). Either end may be the lower;
 * a reader may have taken a signed value for an unsigned one, or the other way round.
 */
function paddingOf(
  attributes: DicomJson,
  d: { float: boolean; signed: boolean; bitsStored: number },
): { low: number; high: number } | null {
  const stored = (value: number | undefined) => {
    if (value === undefined || d.float) return value
    if (d.signed)
      return value >= 2 ** (d.bitsStored - 1)
        ? value - 2 ** (value < 2 ** d.bitsStored ? d.bitsStored : 16)
        : value
    return value < 0 ? value + 65536 : value
  }
  const of = (tags: string[]) =>
    stored(tags.map((tag) => number(attributes, tag)).find((one) => one !== undefined))
  const value = of(d.float ? ['00280122', '00280123'] : ['00280120'])
  if (value === undefined) return null
  const limit = of(d.float ? ['00280124', '00280125'] : ['00280121']) ?? value
  return { low: Math.min(value, limit), high: Math.max(value, limit) }
}

/**
 * Low values are white: MONOCHROME1, or Presentation LUT Shape INVERSE (PS3.3 C.11.6), which images of MONOCHROME1 say beside it.
 */
export const isInverted = (attributes: DicomJson): boolean =>
  text(attributes, '00280004').toUpperCase() === 'MONOCHROME1' ||
  (text(attributes, '20500020').toUpperCase() === 'INVERSE' &&
    text(attributes, '00280004').toUpperCase() === 'MONOCHROME2')

function paletteOf(attributes: DicomJson): Palette | null {
  const [red, green, blue] = ['1', '2', '3'].map((n) =>
    table(attributes, `0028110${n}`, `0028120${n}`, false, `0028122${n}`),
  )
  return red && green && blue ? { red, green, blue } : null
}

/** @throws ImageProblem `metadata-incomplete` where an attribute without which pixels mean nothing is missing or absurd. */
export function describePixels(attributes: DicomJson): PixelDescription {
  const need = (tag: string, name: string, least: number): number => {
    const value = number(attributes, tag)
    if (value === undefined || value < least) throw new ImageProblem('metadata-incomplete', name)
    return value
  }
  const rows = need('00280010', 'Rows', 1)
  const columns = need('00280011', 'Columns', 1)
  const bitsAllocated = need('00280100', 'BitsAllocated', 1)
  const float = !has(attributes, '00280101') && bitsAllocated >= 32
  const bitsStored = Math.min(number(attributes, '00280101') ?? bitsAllocated, bitsAllocated)
  const signed = number(attributes, '00280103') === 1
  const samplesPerPixel = number(attributes, '00280002') ?? 1
  const photometric = text(attributes, '00280004').toUpperCase()
  return {
    rows,
    columns,
    samplesPerPixel,
    photometric: photometric || (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'),
    planar: number(attributes, '00280006') ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: number(attributes, '00280102') ?? bitsStored - 1,
    signed,
    float,
    slope: number(attributes, '00281053') || 1,
    intercept: number(attributes, '00281052') ?? 0,
    modalityLut: lutOf(attributes, '00283000', signed),
    palette: photometric === 'PALETTE COLOR' ? paletteOf(attributes) : null,
    overlayBits: overlaysOf(attributes).flatMap(({ embeddedBit }) => embeddedBit ?? []),
    padding: photometric.startsWith('MONOCHROME')
      ? paddingOf(attributes, { float, signed, bitsStored })
      : null,
    inverted: isInverted(attributes),
  }
}
