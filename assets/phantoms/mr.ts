import { element } from './dicom/element.ts'
import { axial, type Orientation, positionElements, stackElements } from './plane.ts'
import { createGrain, type Grain } from './raster/noise.ts'
import { createSlice, type Slice, soften } from './raster/slice.ts'
import { bytesOf, decimal, type ExamFacts, type InstanceSpec, type SeriesSpec } from './series.ts'

const mrImageStorage = '1.2.840.10008.5.1.4.1.1.4'

export interface MrScan {
  readonly number: number
  readonly description: string
  readonly protocol: string
  readonly sequence: 'SE' | 'EP' | 'IR'
  /** Milliseconds. */
  readonly repetitionTime: number
  readonly echoTime: number
  readonly echoTrain: number
  readonly orientation: Orientation
  /** Place of the first slice along the stack's direction, distance and thickness, mm. */
  readonly start: number
  readonly step: number
  readonly thickness: number
  readonly count: number
  readonly matrix: number
  readonly spacing: number
  readonly noise: number
  readonly seed: number
  readonly window: readonly [centre: number, width: number]
  readonly patientPosition: 'HFS' | 'FFS'
  readonly background: number
  /** Paints one plane in signal units. */
  readonly paint: (slice: Slice) => void
}

/** A stack of MR slices (PS3.3 A.4), 12 bits stored. */
export function mrSeries(exam: ExamFacts, scan: MrScan): SeriesSpec {
  return {
    number: scan.number,
    description: scan.description,
    modality: 'MR',
    sopClassUid: mrImageStorage,
    rle: false,
    count: scan.count,
    layout: {
      rows: scan.matrix,
      columns: scan.matrix,
      frames: 1,
      samples: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      signed: false,
      photometric: 'MONOCHROME2',
    },
    elements: [
      ...stackElements(exam.frameOfReferenceUid, scan.orientation, scan.spacing, scan.thickness, scan.step),
      element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'M', scan.sequence]),
      element(0x00180020, 'CS', scan.sequence),
      element(0x00180021, 'CS', 'SK'),
      element(0x00180022, 'CS', ''),
      element(0x00180023, 'CS', '2D'),
      element(0x00180080, 'DS', decimal(scan.repetitionTime)),
      element(0x00180081, 'DS', decimal(scan.echoTime)),
      element(0x00180087, 'DS', '3'),
      element(0x00180091, 'IS', String(scan.echoTrain)),
      element(0x00181030, 'LO', scan.protocol),
      element(0x00185100, 'CS', scan.patientPosition),
      element(0x00200012, 'IS', '1'),
      element(0x00281050, 'DS', decimal(scan.window[0])),
      element(0x00281051, 'DS', decimal(scan.window[1])),
    ],
    image: imager(scan),
  }
}

function imager(scan: MrScan): (index: number) => InstanceSpec {
  let grain: Grain | undefined
  return (i) => {
    grain ??= createGrain(scan.seed, scan.matrix)
    const along = scan.start + i * scan.step
    const slice = createSlice(scan.matrix, scan.matrix, scan.spacing, along, scan.background)
    scan.paint(slice)
    soften(slice)
    grain(slice.pixels, scan.noise, i)
    const shade = (at: number) => 1.06 - 0.14 * (at / slice.pixels.length)
    const values = Uint16Array.from(slice.pixels, (v, at) =>
      Math.min(4095, Math.round(Math.abs(v) * shade(at))),
    )
    const corner =
      scan.orientation === axial
        ? ([slice.x0, slice.y0, along] as const)
        : ([along, slice.x0, -slice.y0] as const)
    return { elements: positionElements(corner, along), pixels: bytesOf(values) }
  }
}
