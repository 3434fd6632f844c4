import type { DicomJson } from '../../../shared/study/index.ts'
import { text, texts } from '../dicom/attributes.ts'

/**
 * Whether a mammogram is stored the other way round than it hangs: the right breast has its chest wall to the right, the left breast
 * to the left, so that both face each other from the middle. Patient Orientation (0020,0020) tells where the rows run to: towards
 * the back (P) means the chest wall is at the right edge (PS3.3 C.7.6.1.1.1).
 */
export function hangsMirrored(attributes: DicomJson): boolean {
  if (text(attributes, '00080060') !== 'MG') return false
  const side = text(attributes, '00200062') || text(attributes, '00200060')
  const rows = texts(attributes, '00200020')[0] ?? ''
  if (side === 'R') return rows.startsWith('A')
  if (side === 'L') return rows.startsWith('P')
  return false
}
