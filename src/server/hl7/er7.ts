/**
 * HL7 v2.5.1 encoding rules ("ER7", chapter 2.5 to 2.7) with the usual delimiters `|^~\&`.
 * Values are given as plain text and escaped here, in one place; nothing else may write a delimiter.
 */

/** A component: text, or its sub-components. */
type Component = string | readonly string[]
/** A field: text, or its components; `repeat` makes a repeating one. */
export type Field = string | readonly Component[] | Repetitions
interface Repetitions {
  readonly repetitions: readonly (readonly Component[])[]
}

export function repeat(...repetitions: (readonly Component[])[]): Repetitions {
  return { repetitions }
}

const escapes: Record<string, string> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
}

/**
 * Text as it may stand in a field (2.7). Line breaks become `\.br\`; other control characters, which could end a segment
 * or an MLLP block early, become a space.
 */
export function escapeText(text: string): string {
  return (
    text
      .replace(/[\\|^~&]/g, (character) => escapes[character] ?? '')
      .replace(/\r\n|\r|\n|\u0085|\u2028|\u2029/g, '\\.br\\')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
  )
}

/** One segment; field 1 comes first. Empty fields at the end are left out. */
export function segment(name: string, fields: readonly Field[]): string {
  return [name, ...fields.map(encodeField)].join('|').replace(/\|+$/, '')
}

/** A message header: field 1 and 2 are the delimiters themselves, so `fields` starts at MSH-3. */
export function header(fields: readonly Field[]): string {
  return `MSH|^~\\&|${fields.map(encodeField).join('|')}`.replace(/\|+$/, '')
}

/** Segments end with a carriage return each (2.5.2). */
export function message(segments: readonly string[]): string {
  return segments.map((line) => `${line}\r`).join('')
}

function encodeField(field: Field): string {
  if (typeof field === 'string') return escapeText(field)
  if ('repetitions' in field) return field.repetitions.map(encodeComponents).join('~')
  return encodeComponents(field)
}

function encodeComponents(components: readonly Component[]): string {
  return components
    .map((component) =>
      typeof component === 'string'
        ? escapeText(component)
        : component.map(escapeText).join('&').replace(/&+$/, ''),
    )
    .join('^')
    .replace(/\^+$/, '')
}

/**
 * A time as HL7 TS with seconds and zone (`YYYYMMDDHHMMSS+ZZZZ`, 2.A.77), in the gateway's local time.
 * `offsetMinutes` is east of UTC.
 */
export function timestamp(at: number, offsetMinutes = -new Date(at).getTimezoneOffset()): string {
  const local = new Date(at + offsetMinutes * 60_000).toISOString()
  const zone = Math.abs(offsetMinutes)
  const sign = offsetMinutes < 0 ? '-' : '+'
  return `${local.slice(0, 19).replace(/[-T:]/g, '')}${sign}${pad(Math.floor(zone / 60))}${pad(zone % 60)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
