import type { Entry } from '../server/archive/dicom-file.ts'
import {
  bent,
  grey,
  height,
  lut,
  monochrome1,
  type Phantom,
  ramp,
  rescale,
  width,
  window,
  words,
} from './phantoms.ts'

/**
 * Pictures that no reference decoder at hand reads, or reads only in part: what the screen must show is told here, by the formulas of
 * PS3.3, from the same values that the file is written from.
 */
export interface ToldPhantom extends Phantom {
  /** Grey levels, 0 to 255, of the picture that is seen; RGB side by side where it is in colour. */
  levels: ArrayLike<number>
  /** Keys that bring it to the screen, after its series is opened. */
  keys?: string[]
  /** Read from the screen itself, not from the canvas of the image alone: what lies over it counts. */
  screen?: true
}

const all = Array.from({ length: width * height }, (_, i) => i)
const clip = (level: number) => Math.max(0, Math.min(255, level))
const full = (values: readonly number[]) => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return values.map((value) => ((value - least) / (most - least)) * 255)
}
/** LINEAR, PS3.3 C.11.2.1.2. */
const linear = (centre: number, wide: number) => (value: number) =>
  clip(((value - (centre - 0.5)) / (wide - 1) + 0.5) * 255)

const floats = (bytes: 4 | 8, tag: number, vr: string): Entry[] => {
  const data = Buffer.alloc(width * height * bytes)
  for (const [i, value] of real.entries())
    if (bytes === 4) data.writeFloatLE(value, 4 * i)
    else data.writeDoubleLE(value, 8 * i)
  return [
    ...grey(16, 16, false, 0, 1).filter(
      ([one]) => ![0x00280101, 0x00280102, 0x00280103, 0x7fe00010].includes(one),
    ),
    [0x00280100, 'US', bytes * 8],
    [tag, vr, data],
  ].filter(([one], i, list) => list.findLastIndex(([other]) => other === one) === i) as Entry[]
}
const real = ramp(0, 4095).map((value) => Math.fround(value / 1000 - 2.5))

const deep = ramp(0, 255).map((value) => value * 16_000_000)
const tissue = ramp(-1000, 1500)
/** One pixel in five is padding. */
const isPadding = (i: number) => i % 5 === 0
const padded = (value: number) => tissue.map((given, i) => (isPadding(i) ? value : given) & 0xffff)

const second = Array.from({ length: 4096 }, (_, i) => 255 - (i >> 4))
const tables: Entry = [
  0x00283010,
  'SQ',
  [
    [
      [0x00283002, 'US', [4096, 0, 12]],
      [0x00283003, 'LO', 'NORMAL'],
      [0x00283006, 'US', bent(4096, 4095)],
    ],
    [
      [0x00283002, 'US', [4096, 0, 8]],
      [0x00283003, 'LO', 'CONTRAST'],
      [0x00283006, 'US', second],
    ],
  ],
]
const dose = ramp(0, 4095)

/** A channel in segments: a discrete one of one entry, a line up, a line down; and for blue the line again, by reference. */
const segments: Record<number, number[]> = {
  0: [0, 1, 0, 1, 127, 0xff00, 1, 128, 0],
  1: [0, 2, 0x1000, 0x2000, 1, 254, 0xf000],
  2: [0, 1, 0, 1, 127, 0x8000, 0, 1, 0x4000, 2, 1, 6, 0],
}
const line = (from: number, to: number, length: number) =>
  Array.from({ length }, (_, k) => Math.round(from + ((to - from) * (k + 1)) / length))
const channels = [
  [0, ...line(0, 0xff00, 127), ...line(0xff00, 0, 128)],
  [0x1000, 0x2000, ...line(0x2000, 0xf000, 254)],
  [0, ...line(0, 0x8000, 127), 0x4000, ...line(0x4000, 0x8000, 127)],
]
const indices = ramp(0, 255)

const shuttered = (entries: Entry[], isSeen: (column: number, row: number) => boolean): ToldPhantom => ({
  name: `shutter ${entries.map(([, , value]) => value)[0]}`,
  entries: grey(8, 8, false, 0, 255, entries),
  levels: ramp(0, 255).map((value, i) =>
    isSeen((i % width) + 0.5, Math.floor(i / width) + 0.5) ? value : 0,
  ),
  screen: true,
})
const inCircle = (x: number, y: number) => Math.hypot(x - 99.5, y - 31.5) < 25
/** Corners (column, row) as the standard counts them, from 1: a triangle. */
const inTriangle = (x: number, y: number) => y < 59.5 && y - 4.5 > Math.abs(x - 119.5) * (55 / 100)

export const told: ToldPhantom[] = [
  { name: 'float pixel data', entries: floats(4, 0x7fe00008, 'OF'), levels: full(real) },
  { name: 'double float pixel data', entries: floats(8, 0x7fe00009, 'OD'), levels: full(real) },
  {
    name: '32 bit',
    entries: grey(32, 32, false, 0, 255, [[0x7fe00010, 'OW', words(deep, 4)]]),
    levels: full(deep),
  },
  {
    name: 'pixel padding',
    entries: grey(16, 16, true, 0, 1, [
      [0x00280120, 'SS', [-2000 & 0xffff]],
      ...rescale(1, -24),
      [0x7fe00010, 'OW', words(padded(-2000))],
    ]),
    // The whole range is that of the rest.
    levels: tissue.map((value, i) => (isPadding(i) ? 0 : ((value + 1000) / 2500) * 255)),
  },
  {
    name: 'pixel padding range of MONOCHROME1',
    entries: grey(16, 12, false, 0, 1, [
      monochrome1,
      [0x00280120, 'US', 4095],
      [0x00280121, 'US', 4000],
      ...window(2000, 3000),
      [0x7fe00010, 'OW', words(ramp(0, 4095))],
    ]),
    levels: ramp(0, 4095).map((value) => (value >= 4000 ? 0 : 255 - linear(2000, 3000)(value))),
  },
  {
    name: 'pixel padding in the middle of the window',
    entries: grey(16, 16, true, 0, 1, [
      [0x00280120, 'SS', [7]],
      ...window(0, 400),
      [0x7fe00010, 'OW', words(padded(7))],
    ]),
    levels: tissue.map((value, i) => (isPadding(i) || value === 7 ? 0 : linear(0, 400)(value))),
  },
  {
    name: 'first of two VOI LUTs',
    entries: grey(16, 12, false, 0, 4095, [tables]),
    levels: dose.map((value) => (Math.round(4095 * (value / 4095) ** 2) / 4095) * 255),
  },
  {
    name: 'second VOI LUT, chosen',
    entries: grey(16, 12, false, 0, 4095, [tables]),
    levels: dose.map((value) => second[value]!),
    keys: ['2'],
  },
  {
    name: 'VOI LUT chosen over a window',
    entries: grey(16, 12, false, 0, 4095, [tables, ...window(1000, 500)]),
    levels: dose.map((value) => second[value]!),
    keys: ['3'],
  },
  {
    name: 'VOI LUT taken off for a window',
    entries: grey(16, 12, false, 0, 4095, [tables, ...window(1000, 500)]),
    levels: dose.map(linear(1000, 500)),
    keys: ['3', '1'],
  },
  {
    name: 'VOI LUT taken off by the whole range',
    entries: grey(16, 12, false, 0, 4095, [tables]),
    levels: full(dose),
    keys: ['0'],
  },
  {
    name: 'second of two windows',
    entries: grey(16, 12, false, 0, 4095, [
      [0x00281050, 'DS', '1000\\2500'],
      [0x00281051, 'DS', '500\\3000'],
      [0x00281055, 'LO', 'NARROW\\WIDE'],
    ]),
    levels: dose.map(linear(2500, 3000)),
    keys: ['2'],
  },
  {
    name: 'negative first input of a VOI LUT',
    entries: grey(16, 12, false, 0, 4095, [
      ...rescale(1, -1024),
      [
        0x00283010,
        'SQ',
        [
          [
            [0x00283002, 'SS', [4096, -1024 & 0xffff, 12]],
            [0x00283006, 'US', bent(4096, 4095)],
          ],
        ],
      ],
    ]),
    levels: dose.map((value) => (Math.round(4095 * (value / 4095) ** 2) / 4095) * 255),
  },
  {
    name: 'presentation LUT shape INVERSE',
    entries: grey(16, 12, false, 0, 4095, [...window(2000, 3000), [0x20500020, 'CS', 'INVERSE']]),
    levels: dose.map((value) => 255 - linear(2000, 3000)(value)),
  },
  {
    name: 'segmented palette',
    entries: grey(8, 8, false, 0, 255, [
      [0x00280004, 'CS', 'PALETTE COLOR'],
      ...[0, 1, 2].flatMap((c): Entry[] => [
        [0x00281101 + c, 'US', [256, 0, 16]],
        [0x00281221 + c, 'OW', words(segments[c]!)],
      ]),
    ]),
    levels: indices.flatMap((index) => channels.map((channel) => channel[index]! >> 8)),
  },
  shuttered(
    [
      [0x00181600, 'CS', 'RECTANGULAR'],
      [0x00181602, 'IS', '11'],
      [0x00181604, 'IS', '200'],
      [0x00181606, 'IS', '5'],
      [0x00181608, 'IS', '50'],
    ],
    (x, y) => x > 10 && x < 200 && y > 4 && y < 50,
  ),
  shuttered(
    [
      [0x00181600, 'CS', 'CIRCULAR'],
      [0x00181610, 'IS', '32\\100'],
      [0x00181612, 'IS', '25'],
    ],
    inCircle,
  ),
  shuttered(
    [
      [0x00181600, 'CS', 'POLYGONAL'],
      [0x00181620, 'IS', '5\\120\\60\\220\\60\\20'],
    ],
    inTriangle,
  ),
  shuttered(
    [
      [0x00181600, 'CS', 'RECTANGULAR\\CIRCULAR'],
      [0x00181602, 'IS', '1'],
      [0x00181604, 'IS', '100'],
      [0x00181606, 'IS', '1'],
      [0x00181608, 'IS', '64'],
      [0x00181610, 'IS', '32\\100'],
      [0x00181612, 'IS', '25'],
    ],
    (x, y) => inCircle(x, y) && x < 100,
  ),
]

/** Frame by frame: stored out of order, each with rescale, window and LUT of its own (PS3.3 C.7.6.16). */
const groups: { position: number; group: Entry[]; levels(value: number): number }[] = [
  {
    position: 3,
    group: [[0x00289132, 'SQ', [window(1000, 2000)]]],
    levels: linear(1000, 2000),
  },
  {
    position: 1,
    group: [
      [0x00289145, 'SQ', [rescale(2, -1000)]],
      [0x00289132, 'SQ', [window(1000, 2000)]],
    ],
    levels: (value) => linear(1000, 2000)(value * 2 - 1000),
  },
  {
    position: 2,
    group: [[0x00289132, 'SQ', [[lut(0x00283010, 0, bent(4096, 4095), 12)]]]],
    levels: (value) => (Math.round(4095 * (value / 4095) ** 2) / 4095) * 255,
  },
]
export const enhanced = {
  entries: [
    ...grey(16, 12, false, 0, 1).filter(([tag]) => tag !== 0x7fe00010),
    [0x00280008, 'IS', '3'],
    [0x52009229, 'SQ', [[[0x00289145, 'SQ', [rescale(1, 0)]]]]],
    [
      0x52009230,
      'SQ',
      groups.map(({ position, group }) => [
        [
          0x00209111,
          'SQ',
          [
            [
              [0x00209056, 'SH', '1'],
              [0x00209057, 'UL', position],
            ],
          ],
        ],
        ...group,
      ]),
    ],
    [0x7fe00010, 'OW', words(groups.flatMap(() => dose))],
  ] as Entry[],
  /** In the order in which they are looked through. */
  frames: groups
    .map(({ position, levels }, i) => ({ frame: i + 1, position, levels: dose.map(levels) }))
    .toSorted((a, b) => a.position - b.position),
  pixels: all.length,
}
