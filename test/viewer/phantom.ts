import type { Archive } from '../../src/server/archive/index.ts'
import { VigilError } from '../../src/shared/errors/index.ts'
import type { DicomJson } from '../../src/shared/study/index.ts'
import { studyOf } from '../renderer/straight-page/study.ts'

/** One image whose geometry and values are known because a formula made them. */
interface PhantomImage {
  modality: string
  columns: number
  rows: number
  photometric: 'MONOCHROME1' | 'MONOCHROME2' | 'RGB'
  /** Beside size, type and identity. */
  attributes: DicomJson
  /** Grey: the stored value. Colour: red, green, blue. */
  value(column: number, row: number): number | [number, number, number]
}

export const phantomStudy = '2.25.770'
const uid = (series: number) => `2.25.771.${series}`
const instanceUid = (series: number) => `2.25.772.${series}`

const numbers = (vr: string, ...Value: number[]) => ({ vr, Value })
const words = (vr: string, ...Value: string[]) => ({ vr, Value })

/** A disc of 100 HU, radius 40 pixels round (128,128), in water of 0 HU; top left a board of 0 and 20 HU, each value half of it. */
const disc: PhantomImage = {
  modality: 'CT',
  columns: 256,
  rows: 256,
  photometric: 'MONOCHROME2',
  attributes: {
    '00280030': numbers('DS', 0.7, 0.7),
    '00200032': numbers('DS', -90, -90, 12),
    '00200037': numbers('DS', 1, 0, 0, 0, 1, 0),
    '00281052': numbers('DS', -1024),
    '00281053': numbers('DS', 1),
    '00281050': numbers('DS', 50),
    '00281051': numbers('DS', 100),
  },
  value(column, row) {
    if (column < 64 && row < 64) return 1024 + ((column + row) % 2) * 20
    const inside = (column + 0.5 - 128) ** 2 + (row + 0.5 - 128) ** 2 <= 1600
    return 1024 + (inside ? 100 : 0)
  },
}

/** Rows twice as far apart as columns; a disc of 30 mm radius round (100,50) in it, which is an ellipse in pixels. */
const oblong: PhantomImage = {
  modality: 'CT',
  columns: 200,
  rows: 100,
  photometric: 'MONOCHROME2',
  attributes: { ...disc.attributes, '00280030': numbers('DS', 1, 0.5) },
  value(column, row) {
    const inside = ((column + 0.5 - 100) * 0.5) ** 2 + (row + 0.5 - 50) ** 2 <= 900
    return 1024 + (inside ? 100 : 0)
  },
}

/** A radiograph: white round a dark disc, detector pixels of 0.2 mm. Stored values run the other way (MONOCHROME1). */
const radiograph: PhantomImage = {
  modality: 'DX',
  columns: 256,
  rows: 256,
  photometric: 'MONOCHROME1',
  attributes: {
    '00181164': numbers('DS', 0.2, 0.2),
    '00200020': words('CS', 'L', 'F'),
    '00281050': numbers('DS', 500),
    '00281051': numbers('DS', 1000),
  },
  value: (column, row) => ((column + 0.5 - 128) ** 2 + (row + 0.5 - 128) ** 2 <= 1600 ? 900 : 20),
}

/** Four coloured quarters round a white disc. No spacing. */
const colour: PhantomImage = {
  modality: 'OT',
  columns: 256,
  rows: 256,
  photometric: 'RGB',
  attributes: {},
  value(column, row) {
    if ((column + 0.5 - 128) ** 2 + (row + 0.5 - 128) ** 2 <= 1600) return [255, 255, 255]
    return [column < 128 ? 200 : 10, row < 128 ? 150 : 20, 30]
  },
}

export const images = { disc, oblong, radiograph, colour }
const all = Object.values(images)

const json = (image: PhantomImage, i: number): DicomJson => {
  const colourful = image.photometric === 'RGB'
  return {
    '00080016': words('UI', '1.2.840.10008.5.1.4.1.1.2'),
    '00080018': words('UI', instanceUid(i + 1)),
    '00080060': words('CS', image.modality),
    '00083002': words('UI', '1.2.840.10008.1.2.1'),
    '0020000D': words('UI', phantomStudy),
    '0020000E': words('UI', uid(i + 1)),
    '00200011': numbers('IS', i + 1),
    '00200013': numbers('IS', 7),
    '00280002': numbers('US', colourful ? 3 : 1),
    '00280004': words('CS', image.photometric),
    ...(colourful && { '00280006': numbers('US', 0) }),
    '00280010': numbers('US', image.rows),
    '00280011': numbers('US', image.columns),
    '00280100': numbers('US', colourful ? 8 : 16),
    '00280101': numbers('US', colourful ? 8 : 16),
    '00280102': numbers('US', colourful ? 7 : 15),
    '00280103': numbers('US', 0),
    '7FE00010': { vr: colourful ? 'OB' : 'OW', BulkDataURI: 'x' },
    ...image.attributes,
  }
}

function bytesOf(image: PhantomImage): Buffer {
  const { columns, rows } = image
  const size = image.photometric === 'RGB' ? 3 : 2
  const bytes = Buffer.alloc(columns * rows * size)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = image.value(column, row)
      const at = (row * columns + column) * size
      if (typeof value === 'number') bytes.writeUInt16LE(value, at)
      else bytes.set(value, at)
    }
  return bytes
}

/** A study of these images alone, in memory. */
export function phantomArchive(): Archive {
  const study = { ...studyOf(all.map(json)), patientName: '体模' }
  const missing = () => new VigilError('study-not-found')
  return {
    studies: async () => [study],
    study: async () => study,
    metadata: async (_, series) => all.flatMap((image, i) => (uid(i + 1) === series ? [json(image, i)] : [])),
    frame: async ({ instance }) => {
      const found = all[all.findIndex((_, i) => instanceUid(i + 1) === instance)]
      if (!found) throw missing()
      return { transferSyntaxUid: '1.2.840.10008.1.2.1', bytes: bytesOf(found) }
    },
    store: async () => {},
    broken: () => [],
    onChange: () => {},
    close: async () => {},
  }
}
