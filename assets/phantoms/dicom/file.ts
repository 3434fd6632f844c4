import { type CharacterSet, type Element, element, encodeDataset, header } from './element.ts'
import { encodeRleFrame } from './rle.ts'

export const transferSyntaxes = {
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  rleLossless: '1.2.840.10008.1.2.5',
} as const

/** What one stored image is made of. Pixels are little endian, frame after frame, colour by pixel. */
export interface Image {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly charset: CharacterSet
  readonly elements: readonly Element[]
  readonly pixels: Uint8Array
  readonly layout: PixelLayout
  readonly rle: boolean
}

export interface PixelLayout {
  readonly rows: number
  readonly columns: number
  readonly frames: number
  readonly samples: 1 | 3
  readonly bitsAllocated: 8 | 16
  readonly bitsStored: number
  readonly signed: boolean
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2' | 'RGB'
}

const implementationClassUid = '2.25.233409213465283457908713458710934587103'
const pixelData = 0x7fe00010

/** A DICOM Part 10 file (PS3.10 section 7): preamble, meta information, data set, pixel data. */
export function encodeFile(image: Image): Buffer {
  const { layout } = image
  const expected = layout.rows * layout.columns * layout.frames * layout.samples * (layout.bitsAllocated / 8)
  if (image.pixels.length !== expected)
    throw new RangeError(`pixel data has ${image.pixels.length} bytes, the layout needs ${expected}`)
  const dataset = encodeDataset(
    [
      element(0x00080005, 'CS', image.charset),
      element(0x00080016, 'UI', image.sopClassUid),
      element(0x00080018, 'UI', image.sopInstanceUid),
      ...image.elements,
      ...pixelModule(layout),
    ],
    image.charset,
  )
  const tail = image.rle ? encapsulated(image) : native(image)
  return Buffer.concat([metaInformation(image), dataset, ...tail])
}

function metaInformation(image: Image): Buffer {
  const syntax = image.rle ? transferSyntaxes.rleLossless : transferSyntaxes.explicitLittleEndian
  const rest = encodeDataset(
    [
      element(0x00020001, 'OB', new Uint8Array([0, 1])),
      element(0x00020002, 'UI', image.sopClassUid),
      element(0x00020003, 'UI', image.sopInstanceUid),
      element(0x00020010, 'UI', syntax),
      element(0x00020012, 'UI', implementationClassUid),
      element(0x00020013, 'SH', 'VIGIL_DEMO'),
    ],
    image.charset,
  )
  const groupLength = encodeDataset([element(0x00020000, 'UL', rest.length)], image.charset)
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), groupLength, rest])
}

/** Image Pixel module (PS3.3 C.7.6.3). */
function pixelModule(layout: PixelLayout): Element[] {
  return [
    element(0x00280002, 'US', layout.samples),
    element(0x00280004, 'CS', layout.photometric),
    ...(layout.samples > 1 ? [element(0x00280006, 'US', 0)] : []),
    ...(layout.frames > 1 ? [element(0x00280008, 'IS', String(layout.frames))] : []),
    element(0x00280010, 'US', layout.rows),
    element(0x00280011, 'US', layout.columns),
    element(0x00280100, 'US', layout.bitsAllocated),
    element(0x00280101, 'US', layout.bitsStored),
    element(0x00280102, 'US', layout.bitsStored - 1),
    element(0x00280103, 'US', layout.signed ? 1 : 0),
  ]
}

function native({ layout, pixels }: Image): Uint8Array[] {
  const odd = pixels.length % 2
  const vr = layout.bitsAllocated === 8 ? 'OB' : 'OW'
  return [header(pixelData, vr, pixels.length + odd), pixels, Buffer.alloc(odd)]
}

/** One fragment per frame after a full basic offset table (PS3.5 A.4). */
function encapsulated({ layout, pixels }: Image): Buffer[] {
  const bytesPerSample = layout.bitsAllocated / 8
  const frameLength = pixels.length / layout.frames
  const frames = Array.from({ length: layout.frames }, (_, i) =>
    encodeRleFrame(
      pixels.subarray(i * frameLength, (i + 1) * frameLength),
      layout.columns,
      bytesPerSample,
      layout.samples,
    ),
  )
  const offsets = Buffer.alloc(4 * frames.length)
  let offset = 0
  frames.forEach((frame, i) => {
    offsets.writeUInt32LE(offset, 4 * i)
    offset += frame.length + 8
  })
  const items = [offsets, ...frames].flatMap((body) => [delimiter(0xe000, body.length), body])
  return [header(pixelData, 'OB', 0xffffffff), ...items, delimiter(0xe0dd, 0)]
}

function delimiter(elementNumber: number, length: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeUInt16LE(0xfffe, 0)
  out.writeUInt16LE(elementNumber, 2)
  out.writeUInt32LE(length, 4)
  return out
}
