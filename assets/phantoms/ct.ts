import { element } from './dicom/element.ts'
import { axial, positionElements, stackElements } from './plane.ts'
import { createGrain, type Grain } from './raster/noise.ts'
import { createSlice, type Slice, soften } from './raster/slice.ts'
import { bytesOf, decimal, type ExamFacts, type InstanceSpec, type SeriesSpec } from './series.ts'

const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2'
const size = 512
const intercept = -1024

export interface CtScan {
  readonly number: number
  readonly description: string
  readonly protocol: string
  /** Height of the lowest slice, distance between slices and slice thickness, mm. */
  readonly bottom: number
  readonly step: number
  readonly thickness: number
  readonly count: number
  /** mm between pixels; 512 of them make the field of view. */
  readonly spacing: number
  /** Standard deviation of the noise in Hounsfield units. */
  readonly noise: number
  readonly seed: number
  readonly window: readonly [centre: number, width: number]
  readonly tubeKilovolts: number
  readonly tubeMilliamperes: number
  readonly contrastAgent?: string
  readonly rle: boolean
  /** Every other slice is the mean of its neighbours, as in a reconstruction of overlapping slices: half the painting. */
  readonly overlapping: boolean
  /** Paints one plane in Hounsfield units. */
  readonly paint: (slice: Slice) => void
}

/** An axial CT series from foot to head (PS3.3 A.3), 16 bit signed, Hounsfield by rescale. */
export function ctSeries(exam: ExamFacts, scan: CtScan): SeriesSpec {
  return {
    number: scan.number,
    description: scan.description,
    modality: 'CT',
    sopClassUid: ctImageStorage,
    rle: scan.rle,
    count: scan.count,
    layout: {
      rows: size,
      columns: size,
      frames: 1,
      samples: 1,
      bitsAllocated: 16,
      bitsStored: 16,
      signed: true,
      photometric: 'MONOCHROME2',
    },
    elements: [
      ...stackElements(exam.frameOfReferenceUid, axial, scan.spacing, scan.thickness, scan.step),
      element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'AXIAL']),
      element(0x00180060, 'DS', decimal(scan.tubeKilovolts)),
      element(0x00181151, 'IS', String(scan.tubeMilliamperes)),
      element(0x00181030, 'LO', scan.protocol),
      element(0x00181100, 'DS', decimal(size * scan.spacing)),
      element(0x00181120, 'DS', '0'),
      element(0x00181210, 'SH', 'B30f'),
      element(0x00185100, 'CS', 'HFS'),
      element(0x00200012, 'IS', '1'),
      element(0x00281050, 'DS', decimal(scan.window[0])),
      element(0x00281051, 'DS', decimal(scan.window[1])),
      element(0x00281052, 'DS', decimal(intercept)),
      element(0x00281053, 'DS', '1'),
      element(0x00281054, 'LO', 'HU'),
      ...(scan.contrastAgent ? [element(0x00180010, 'LO', scan.contrastAgent)] : []),
    ],
    image: imager(scan),
  }
}

function imager(scan: CtScan): (index: number) => InstanceSpec {
  let grain: Grain | undefined
  const plane = planes(scan)
  return (i) => {
    grain ??= createGrain(scan.seed, size)
    const z = scan.bottom + i * scan.step
    const slice = scan.overlapping && i % 2 === 1 ? between(plane(i - 1), plane(i + 1), z) : copyOf(plane(i))
    grain(slice.pixels, scan.noise, i)
    return {
      elements: positionElements([slice.x0, slice.y0, z], z),
      pixels: bytesOf(stored(slice)),
    }
  }
}

/** Painted planes by index; the last two are kept, because neighbours ask for the same one. */
function planes(scan: CtScan): (index: number) => Slice {
  let kept: { index: number; slice: Slice }[] = []
  return (index) => {
    const known = kept.find((one) => one.index === index)
    if (known) return known.slice
    const slice = createSlice(size, size, scan.spacing, scan.bottom + index * scan.step, -1000)
    scan.paint(slice)
    soften(slice)
    kept = [...kept.slice(-1), { index, slice }]
    return slice
  }
}

function copyOf(slice: Slice): Slice {
  return { ...slice, pixels: slice.pixels.slice() }
}

function between(below: Slice, above: Slice, z: number): Slice {
  const pixels = new Float32Array(below.pixels.length)
  for (let i = 0; i < pixels.length; i++) pixels[i] = (below.pixels[i]! + above.pixels[i]!) / 2
  return { ...below, pixels, z }
}

/** Stored values; outside the circle of reconstruction a scanner gives its lowest one. */
function stored({ pixels, columns, rows }: Slice): Int16Array {
  const out = new Int16Array(pixels.length)
  const centre = (columns - 1) / 2
  for (let r = 0; r < rows; r++) {
    const half = Math.sqrt(Math.max(0, centre * centre - (r - centre) * (r - centre)))
    const end = r * columns + Math.floor(centre + half)
    for (let i = r * columns + Math.ceil(centre - half); i <= end; i++) {
      const value = pixels[i]! - intercept + 0.5
      out[i] = Math.min(Math.max(value, 0), 4095)
    }
  }
  return out
}
