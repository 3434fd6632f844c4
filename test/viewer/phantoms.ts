import { dicomFile, type Entry, identity } from '../server/archive/dicom-file.ts'

/** A picture whose every grey is known: 256 columns, 64 rows, values that rise along rows and columns over the whole range. */
export const width = 256
export const height = 64

export interface Phantom {
  name: string
  /** Attributes of the image, its pixel data included. */
  entries: Entry[]
  /** dcmtk program and arguments that compress it. */
  compress?: readonly [program: string, ...args: string[]]
  /** Canvas rows that an image row takes. */
  tall?: number
}

export const words = (values: readonly number[], bytes = 2): Buffer => {
  const out = Buffer.alloc(values.length * bytes)
  for (const [i, value] of values.entries())
    out.writeUIntLE((value & (2 ** (8 * bytes) - 1)) >>> 0, i * bytes, bytes)
  return out
}

/** Over the whole range from `low` to `high`, every row shifted. */
export const ramp = (low: number, high: number): number[] =>
  Array.from({ length: width * height }, (_, i) => {
    const at = ((i % width) + Math.floor(i / width) * 4) % width
    return Math.round(low + ((high - low) * at) / (width - 1))
  })

export const grey = (
  bits: number,
  stored: number,
  signed: boolean,
  low: number,
  high: number,
  more: Entry[] = [],
): Entry[] => {
  const bytes = bits / 8
  return [
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', height],
    [0x00280011, 'US', width],
    [0x00280100, 'US', bits],
    [0x00280101, 'US', stored],
    [0x00280102, 'US', stored - 1],
    [0x00280103, 'US', signed ? 1 : 0],
    [
      0x7fe00010,
      'OW',
      words(
        ramp(low, high).map((value) => value & (2 ** stored - 1)),
        bytes,
      ),
    ],
    ...more,
  ].filter(([tag], i, all) => all.findLastIndex(([other]) => other === tag) === i) as Entry[]
}
export const window = (centre: number, wide: number, name = ''): Entry[] => [
  [0x00281050, 'DS', String(centre)],
  [0x00281051, 'DS', String(wide)],
  ...(name ? [[0x00281056, 'CS', name] as const] : []),
]
export const rescale = (slope: number, intercept: number): Entry[] => [
  [0x00281052, 'DS', String(intercept)],
  [0x00281053, 'DS', String(slope)],
]
export const monochrome1: Entry = [0x00280004, 'CS', 'MONOCHROME1']

export const lut = (sequence: number, first: number, values: number[], bits: number): Entry => [
  sequence,
  'SQ',
  [
    [
      [0x00283002, 'US', [values.length, first & 0xffff, bits]],
      [0x00283006, 'US', values],
    ],
  ],
]
export const bent = (count: number, top: number) =>
  Array.from({ length: count }, (_, i) => Math.round(top * (i / (count - 1)) ** 2))

const colour = (photometric: string, bytes: Buffer, more: Entry[] = []): Entry[] => [
  [0x00280002, 'US', 3],
  [0x00280004, 'CS', photometric],
  [0x00280006, 'US', 0],
  [0x00280010, 'US', height],
  [0x00280011, 'US', width],
  [0x00280100, 'US', 8],
  [0x00280101, 'US', 8],
  [0x00280102, 'US', 7],
  [0x00280103, 'US', 0],
  [0x7fe00010, 'OB', bytes],
  ...more,
]
const spread = Buffer.from(
  Array.from({ length: width * height }, (_, i) => [
    i % width,
    (Math.floor(i / width) * 4) % 256,
    (i * 7) % 256,
  ]).flat(),
)
/** Two pixels share their colour: Y1 Y2 Cb Cr. */
const shared = Buffer.from(
  Array.from({ length: (width * height) / 2 }, (_, i) => [
    (2 * i) % 256,
    (2 * i + 1) % 256,
    (i * 3) % 256,
    (i * 5) % 256,
  ]).flat(),
)

export const phantoms: Phantom[] = [
  { name: '8 bit', entries: grey(8, 8, false, 0, 255) },
  { name: '8 bit MONOCHROME1', entries: grey(8, 8, false, 0, 255, [monochrome1, ...window(100, 120)]) },
  { name: '12 bit window', entries: grey(16, 12, false, 0, 4095, window(1200, 1500)) },
  {
    name: '12 bit signed rescale',
    entries: grey(16, 12, true, -2048, 2047, [...window(40, 400), ...rescale(1, 0)]),
  },
  { name: '16 bit', entries: grey(16, 16, false, 0, 65535, window(30000, 40000)) },
  {
    name: '16 bit signed CT',
    entries: grey(16, 16, true, -1024, 3071, [...window(40, 400), ...rescale(1, -24)]),
  },
  {
    name: 'slope of a half',
    entries: grey(16, 16, false, 0, 4000, [...window(500, 900), ...rescale(0.5, -100)]),
  },
  {
    name: 'MONOCHROME1 rescale',
    entries: grey(16, 12, false, 0, 4095, [monochrome1, ...window(1000, 2000), ...rescale(1, -1024)]),
  },
  { name: 'LINEAR narrow', entries: grey(16, 12, false, 0, 4095, window(2000, 20)) },
  { name: 'LINEAR_EXACT', entries: grey(16, 12, false, 0, 4095, window(2000, 900, 'LINEAR_EXACT')) },
  { name: 'SIGMOID', entries: grey(16, 12, false, 0, 4095, window(2000, 900, 'SIGMOID')) },
  { name: 'VOI LUT', entries: grey(16, 12, false, 0, 4095, [lut(0x00283010, 0, bent(4096, 4095), 12)]) },
  {
    name: 'modality LUT',
    entries: grey(8, 8, false, 0, 255, [lut(0x00283000, 0, bent(256, 1000), 16), ...window(500, 1000)]),
  },
  { name: 'RLE', entries: grey(16, 16, true, -1024, 3071, window(40, 400)), compress: ['dcmcrle'] },
  {
    name: 'JPEG lossless',
    entries: grey(16, 16, false, 0, 4095, window(2000, 3000)),
    compress: ['dcmcjpeg', '+e1'],
  },
  { name: 'JPEG-LS', entries: grey(16, 12, false, 0, 4095, window(2000, 3000)), compress: ['dcmcjpls'] },
  { name: 'RGB', entries: colour('RGB', spread) },
  { name: 'YBR_FULL', entries: colour('YBR_FULL', spread) },
  { name: 'YBR_FULL_422', entries: colour('YBR_FULL_422', shared) },
  {
    name: 'palette',
    entries: grey(8, 8, false, 0, 255, [
      [0x00280004, 'CS', 'PALETTE COLOR'],
      ...[0, 1, 2].flatMap((c): Entry[] => [
        [0x00281101 + c, 'US', [256, 0, 16]],
        [0x00281201 + c, 'OW', words(Array.from({ length: 256 }, (_, i) => ((i * (c + 1)) % 256) * 257))],
      ]),
    ]),
  },
  { name: 'tall pixels', entries: grey(8, 8, false, 0, 255, [[0x00280030, 'DS', '2\\1']]), tall: 2 },
  { name: 'aspect ratio', entries: grey(8, 8, false, 0, 255, [[0x00280034, 'IS', '2\\1']]), tall: 2 },
]

export const phantomFile = (entries: Entry[], series: number): Buffer =>
  dicomFile([...identity(77, series, 1), ...entries])

/** Where the overlay has ink: one pixel in 97, the first among them. */
export const overlayPixels = Array.from({ length: width * height }, (_, i) => i).filter((i) => i % 97 === 0)

const plane: Entry[] = [
  [0x60000010, 'US', height],
  [0x60000011, 'US', width],
  [0x60000040, 'CS', 'G'],
  [0x60000050, 'SS', Buffer.from([1, 0, 1, 0])],
]
const ink = Buffer.alloc((width * height) / 8)
for (const i of overlayPixels) ink[i >> 3]! |= 1 << (i & 7)
const inBits = words(ramp(0, 4095).map((value, i) => value | (i % 97 === 0 ? 0x1000 : 0)))

/** The same overlay twice: as data of its own, and in bit 12 of the samples (retired). */
export const overlaid: Phantom[] = [
  {
    name: 'overlay',
    entries: grey(8, 8, false, 0, 255, [
      ...plane,
      [0x60000100, 'US', 1],
      [0x60000102, 'US', 0],
      [0x60003000, 'OW', ink],
    ]),
  },
  {
    name: 'embedded overlay',
    entries: grey(16, 12, false, 0, 4095, [
      ...plane,
      [0x60000100, 'US', 16],
      [0x60000102, 'US', 12],
      [0x7fe00010, 'OW', inBits],
    ]),
  },
]
