import { type Charset, decodeText } from './charset.ts'

/** The characters that a message separates by: MSH-1 and MSH-2. */
export interface Separators {
  field: string
  component: string
  repetition: string
  escape: string
  subcomponent: string
}

/**
 * The text behind HL7's escape sequences (2.7). Formatting commands that begin a line become a line break, highlighting
 * and what is the sender's own is left out; an escape character that escapes nothing stands for itself. Hexadecimal data
 * is read in the message's character set. No control character but the line break is left.
 */
export function unescapeText(text: string, separators: Separators, charset: Charset): string {
  const { escape: mark } = separators
  if (!text.includes(mark)) return withoutControls(text)
  const parts = text.split(mark)
  let plain = parts[0] ?? ''
  for (let index = 1; index < parts.length; index++) {
    const inside = parts[index] ?? ''
    const closed = index + 1 < parts.length
    const meant = closed ? meaning(inside, separators, charset) : null
    if (meant === null) {
      plain += mark + inside
    } else {
      index += 1
      plain += meant + (parts[index] ?? '')
    }
  }
  return withoutControls(plain)
}

/** Null for what is no escape sequence. */
function meaning(sequence: string, separators: Separators, charset: Charset): string | null {
  switch (sequence) {
    case 'F':
      return separators.field
    case 'S':
      return separators.component
    case 'T':
      return separators.subcomponent
    case 'R':
      return separators.repetition
    case 'E':
      return separators.escape
    case 'H':
    case 'N':
      return ''
  }
  if (/^\.(br|sp|ce)([+-]?\d{1,3})?$/.test(sequence)) return '\n'
  if (/^\.(in|ti|fi|nf|sk)([+-]?\d{1,3})?$/.test(sequence)) return ''
  if (/^X([\dA-Fa-f]{2})+$/.test(sequence)) return decodeText(Buffer.from(sequence.slice(1), 'hex'), charset)
  if (/^(C[\dA-Fa-f]{4}|M[\dA-Fa-f]{4,6}|Z\w{1,16})$/.test(sequence)) return ''
  return null
}

function withoutControls(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
  )
}
