import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers } from '../dicom/attributes.ts'
import { type LookupTable, tableOf } from '../dicom/pixel-description.ts'
import { type GrayImage, look, throughVoiTable } from '../pixels/modality.ts'
import type { Grayscale } from '../stage/grayscale.ts'

function firstTable(of: DicomJson | undefined, sequence: string): LookupTable | null {
  const [item] = of ? items(of, sequence) : []
  // A first input below nothing is said so by its VR.
  return item ? tableOf(item, (numbers(item, '00283002')[1] ?? 0) < 0) : null
}

const most = 65535

/**
 * The tables of a presentation state (PS3.3 C.11.2 and C.11.4): a VOI LUT of the softcopy VOI item, and the Presentation LUT behind VOI
 * LUT or window. Null where it has neither: then its window alone tells.
 */
export function stateGrayscale(state: DicomJson, voi: DicomJson | undefined, uid: string): Grayscale | null {
  const table = firstTable(voi, '00283010')
  const presentation = firstTable(state, '20500010')
  if (!table && !presentation) return null
  const centre = voi && number(voi, '00281050')
  const width = voi && number(voi, '00281051')
  /** From 0 to 1, as the VOI stage gives it. */
  const level = (value: number, { min, max }: GrayImage): number => {
    if (table) return look(table, Math.round(value)) / (2 ** table.bits - 1)
    if (centre === undefined || width === undefined || width <= 0) return (value - min) / (max - min || 1)
    return Math.max(0, Math.min(1, (value - (centre - 0.5)) / Math.max(width - 1, 1e-6) + 0.5))
  }
  return {
    key: `state${uid}`,
    name: '',
    lut: null,
    transform(gray) {
      if (!presentation) return throughVoiTable(gray, table!)
      const last = presentation.entries.length - 1
      const white = 2 ** presentation.bits - 1
      const values = Uint16Array.from(gray.values, (value) =>
        value === gray.padding
          ? 0
          : (presentation.entries[Math.round(level(value, gray) * last)]! / white) * most,
      )
      return { values, min: 0, max: most, padding: null }
    },
  }
}
