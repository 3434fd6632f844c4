import type { DicomJson } from '../../../shared/study/index.ts'

/** Readers of the DICOM JSON Model (PS3.18 Annex F) that take what another system sent for what it may be: anything. */

export function firstValue(json: DicomJson, tag: string): unknown {
  const attribute = json[tag]
  if (typeof attribute !== 'object' || attribute === null || !('Value' in attribute)) return undefined
  return Array.isArray(attribute.Value) ? attribute.Value[0] : undefined
}

export function allText(json: DicomJson, tag: string): string[] {
  const attribute = json[tag]
  if (typeof attribute !== 'object' || attribute === null || !('Value' in attribute)) return []
  return Array.isArray(attribute.Value)
    ? attribute.Value.filter((v): v is string => typeof v === 'string')
    : []
}

/** First value as text, '' when absent. */
export function text(json: DicomJson, tag: string): string {
  const value = firstValue(json, tag)
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

/** First value as a number; PACS that write IS and DS as strings (PS3.18 F.2.3.1 allows it) are understood. */
export function number(json: DicomJson, tag: string): number | null {
  const value = firstValue(json, tag)
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}

/** As `number`, for counts and sizes. */
export function count(json: DicomJson, tag: string): number | null {
  const found = number(json, tag)
  return found !== null && Number.isInteger(found) && found >= 0 ? found : null
}
