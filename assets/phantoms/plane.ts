import { type Element, element } from './dicom/element.ts'
import { decimal } from './series.ts'

/** How a stack of parallel slices lies in the patient: row and column direction cosines (LPS). */
export type Orientation = readonly [number, number, number, number, number, number]

export const axial: Orientation = [1, 0, 0, 0, 1, 0]
export const sagittal: Orientation = [0, 1, 0, 0, 0, -1]

/** Frame of Reference and the fixed part of the Image Plane module (PS3.3 C.7.4.1, C.7.6.2). */
export function stackElements(
  frameOfReferenceUid: string,
  orientation: Orientation,
  spacing: number,
  thickness: number,
  gap: number,
): Element[] {
  return [
    element(0x00200052, 'UI', frameOfReferenceUid),
    element(0x00201040, 'LO', ''),
    element(0x00200037, 'DS', orientation.map(decimal)),
    element(0x00280030, 'DS', [decimal(spacing), decimal(spacing)]),
    element(0x00180050, 'DS', decimal(thickness)),
    element(0x00180088, 'DS', decimal(gap)),
  ]
}

/** Where one slice lies: centre of its first pixel, mm, and its place along the stack. */
export function positionElements(position: readonly [number, number, number], along: number): Element[] {
  return [element(0x00200032, 'DS', position.map(decimal)), element(0x00201041, 'DS', decimal(along))]
}
