import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers, text, texts } from './attributes.ts'
import { type LookupTable, tableOf } from './pixel-description.ts'

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

/** A VOI LUT that may stand in for the window (PS3.3 C.11.2.1.1). */
export interface VoiTable {
  table: LookupTable
  /** LUT Explanation (0028,3003); '' where it has none. */
  explanation: string
}

/**
 * The VOI LUTs that the image brings along, in their order. Their inputs are modality values: signed where the samples are, or where
 * the rescale takes them below nothing.
 */
export function voiTablesOf(attributes: DicomJson): VoiTable[] {
  if ((number(attributes, '00280002') ?? 1) > 1) return []
  const signed = number(attributes, '00280103') === 1 || (number(attributes, '00281052') ?? 0) < 0
  return items(attributes, '00283010').flatMap((item) => {
    const table = tableOf(item, signed)
    return table ? [{ table, explanation: text(item, '00283003') }] : []
  })
}

export function voiFunctionOf(attributes: DicomJson): VoiFunction {
  const named = text(attributes, '00281056').toUpperCase()
  return named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR'
}

/**
 * The window between two values; `exact` as LINEAR_EXACT has it (PS3.3 C.11.2.1.3.2), else as LINEAR, whose windows are
 * one wider and half a step higher (C.11.2.1.2.1).
 */
export function windowBetween(
  lower: number,
  upper: number,
  exact: boolean,
): { centre: number; width: number } {
  const step = exact ? 0 : 1
  return { centre: (lower + upper + step) / 2, width: Math.abs(upper - lower) + step }
}

/** The values that a window shows black and white: the inverse of `windowBetween`. */
export function rangeOf(
  window: { centre: number; width: number },
  exact: boolean,
): { lower: number; upper: number } {
  const half = (exact ? window.width : window.width - 1) / 2
  const middle = exact ? window.centre : window.centre - 0.5
  return { lower: middle - half, upper: middle + half }
}
