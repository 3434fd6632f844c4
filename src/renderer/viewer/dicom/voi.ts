import type { DicomJson } from '../../../shared/study/index.ts'
import { numbers, text, texts } from './attributes.ts'

/** A window of PS3.3 C.11.2: centre and width in modality values. */
export interface Window {
  centre: number
  width: number
  explanation: string
}

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'

/** The windows that the image brings along, in their order; those of no width are dropped. */
export function windowsOf(attributes: DicomJson): Window[] {
  const widths = numbers(attributes, '00281051')
  const names = texts(attributes, '00281055')
  return numbers(attributes, '00281050').flatMap((centre, i) => {
    const width = widths[i]
    return width !== undefined && width > 0 ? [{ centre, width, explanation: names[i] ?? '' }] : []
  })
}

export function voiFunctionOf(attributes: DicomJson): VoiFunction {
  const named = text(attributes, '00281056').toUpperCase()
  return named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR'
}

/** The window that shows everything between two values. */
export function fullWindow(min: number, max: number): { centre: number; width: number } {
  const width = Math.max(max - min + 1, 1)
  return { centre: min + width / 2, width }
}
