import { projectChest, type RadiographFinding } from './chest/radiograph.ts'
import { element } from './dicom/element.ts'
import { createGrain } from './raster/noise.ts'
import { bytesOf, decimal, type InstanceSpec, type SeriesSpec } from './series.ts'

const dxForPresentation = '1.2.840.10008.5.1.4.1.1.1.1'
const columns = 2048
const rows = 2400
const spacing = 0.172

export interface ChestFilm {
  readonly description: string
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2'
  readonly bitsStored: 12 | 14
  readonly rle: boolean
  readonly seed: number
  readonly finding: RadiographFinding
}

/** A postero-anterior chest film (PS3.3 A.26), for presentation. */
export function chestFilmSeries(film: ChestFilm): SeriesSpec {
  const white = 2 ** film.bitsStored - 1
  const inverse = film.photometric === 'MONOCHROME1'
  return {
    number: 1,
    description: film.description,
    modality: 'DX',
    sopClassUid: dxForPresentation,
    rle: film.rle,
    count: 1,
    layout: {
      rows,
      columns,
      frames: 1,
      samples: 1,
      bitsAllocated: 16,
      bitsStored: film.bitsStored,
      signed: false,
      photometric: film.photometric,
    },
    elements: [
      element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', '']),
      element(0x00080068, 'CS', 'FOR PRESENTATION'),
      code(0x00082218, '816094009', 'SCT', 'Chest'),
      element(0x00180060, 'DS', '120'),
      element(0x00181164, 'DS', [decimal(spacing), decimal(spacing)]),
      element(0x00185101, 'CS', 'PA'),
      element(0x00187004, 'CS', 'SCINTILLATOR'),
      element(0x00200020, 'CS', ['L', 'F']),
      element(0x00200062, 'CS', 'U'),
      element(0x00280301, 'CS', 'NO'),
      element(0x00281040, 'CS', 'LOG'),
      element(0x00281041, 'SS', inverse ? -1 : 1),
      element(0x00281050, 'DS', decimal(Math.round(white * 0.5))),
      element(0x00281051, 'DS', decimal(Math.round(white * 0.94))),
      element(0x00281052, 'DS', '0'),
      element(0x00281053, 'DS', '1'),
      element(0x00281054, 'LO', 'US'),
      element(0x00282110, 'CS', '00'),
      element(0x00400555, 'SQ', []),
      code(0x00540220, '399348003', 'SCT', 'postero-anterior'),
      element(0x20500020, 'CS', inverse ? 'INVERSE' : 'IDENTITY'),
    ],
    image: () => exposure(film, white, inverse),
  }
}

function exposure(film: ChestFilm, white: number, inverse: boolean): InstanceSpec {
  const absorbance = projectChest(columns, rows, spacing, film.finding)
  createGrain(film.seed, columns)(absorbance, 1.6, 0)
  const out = new Uint16Array(absorbance.length)
  for (let i = 0; i < out.length; i++) {
    const value = Math.min(white, Math.max(0, Math.round(white * tone(absorbance[i]!))))
    out[i] = inverse ? white - value : value
  }
  return { elements: [], pixels: bytesOf(out) }
}

/** The processing curve of a digital chest film: black air, grey lungs, mediastinum short of white; 0 to 1. */
function tone(absorbance: number): number {
  const v = (absorbance - 28) / 230
  return v <= 0 ? Math.max(0, absorbance) * 0.0006 : 0.017 + 0.86 * v ** 1.08
}

function code(tag: number, value: string, scheme: string, meaning: string) {
  return element(tag, 'SQ', [
    [element(0x00080100, 'SH', value), element(0x00080102, 'SH', scheme), element(0x00080104, 'LO', meaning)],
  ])
}
