import { cross, type Triple } from '../dicom/plane.ts'

export type SlicePlaneName = 'axial' | 'coronal' | 'sagittal' | 'oblique'

/** Along x (to the left) sagittal, along y (to the back) coronal, along z (to the head) axial. */
const names = ['sagittal', 'coronal', 'axial'] as const

/** The plane that Image Orientation (Patient) tells; tilted up to 40° it still bears its name (gantry, neck, heart excepted). */
export function slicePlane(
  rowDirection: Triple | null,
  columnDirection: Triple | null,
): SlicePlaneName | null {
  if (!rowDirection || !columnDirection) return null
  const normal = cross(rowDirection, columnDirection).map(Math.abs)
  const strongest = normal.indexOf(Math.max(...normal))
  return normal[strongest]! >= Math.cos((40 * Math.PI) / 180) ? names[strongest]! : 'oblique'
}

const words: [SlicePlaneName, RegExp][] = [
  ['axial', /\b(ax|axial|tra|tran|trans|transverse|transversal|横断|轴位|横轴)|横断|轴位|横轴/i],
  ['coronal', /\b(cor|coronal)|冠状/i],
  ['sagittal', /\b(sag|sagittal)|矢状/i],
]

/** The plane that a description names; null where it names none. Until the attributes have come this is the best guess. */
export function planeOfWords(description: string): SlicePlaneName | null {
  return words.find(([, pattern]) => pattern.test(description.replaceAll('_', ' ')))?.[0] ?? null
}
