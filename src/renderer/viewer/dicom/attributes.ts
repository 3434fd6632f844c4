import type { DicomJson } from '../../../shared/study/index.ts'

/** DICOM JSON model accessors (PS3.18 Annex F). Tags are eight upper-case hexadecimal digits. None of them throws. */

interface Element {
  vr?: string
  Value?: unknown[]
  InlineBinary?: string
}

function element(attributes: DicomJson, tag: string): Element | undefined {
  const found = attributes[tag]
  return typeof found === 'object' && found !== null ? (found as Element) : undefined
}

function values(attributes: DicomJson, tag: string): unknown[] {
  const found = element(attributes, tag)?.Value
  return Array.isArray(found) ? found : []
}

/** The first value as text, '' where absent. Of a person name the ideographic group comes first, then the alphabetic. */
export function text(attributes: DicomJson, tag: string): string {
  const value = values(attributes, tag)[0]
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null) {
    const name = value as { Ideographic?: unknown; Alphabetic?: unknown }
    const chosen = name.Ideographic || name.Alphabetic
    return typeof chosen === 'string' ? chosen.trim() : ''
  }
  return ''
}

/** All values as text; absent values stay as ''. */
export function texts(attributes: DicomJson, tag: string): string[] {
  return values(attributes, tag).map((value) => (value == null ? '' : String(value).trim()))
}

/** All values that are numbers (DS and IS may come as strings). */
export function numbers(attributes: DicomJson, tag: string): number[] {
  return values(attributes, tag)
    .map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value))
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
}

export function number(attributes: DicomJson, tag: string): number | undefined {
  return numbers(attributes, tag)[0]
}

/** The items of a sequence. */
export function items(attributes: DicomJson, tag: string): DicomJson[] {
  return values(attributes, tag).filter(
    (item): item is DicomJson => typeof item === 'object' && item !== null,
  )
}

/** Inline binary, little endian as PS3.18 F.2.7 has it; undefined where the element is absent or only referred to. */
export function binary(attributes: DicomJson, tag: string): Uint8Array | undefined {
  const inline = element(attributes, tag)?.InlineBinary
  if (typeof inline !== 'string') return undefined
  try {
    return Uint8Array.from(atob(inline), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

export function has(attributes: DicomJson, tag: string): boolean {
  return element(attributes, tag) !== undefined
}

/** 16-bit words of a table that may be stored as OW (binary) or as US/SS values. */
export function words(attributes: DicomJson, tag: string): Uint16Array | undefined {
  const bytes = binary(attributes, tag)
  if (bytes) return new Uint16Array(bytes.buffer, 0, bytes.length >> 1)
  const listed = numbers(attributes, tag)
  return listed.length > 0 ? Uint16Array.from(listed) : undefined
}
