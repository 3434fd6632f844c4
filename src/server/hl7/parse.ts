import type { Charset } from './charset.ts'
import { Hl7Error } from './problem.ts'
import { type Separators, unescapeText } from './unescape.ts'

/** A reader of HL7 v2 messages in ER7 (v2.5.1, 2.5 to 2.7). Fields are taken apart when they are asked for. */
export interface Hl7Message {
  readonly header: Hl7Segment
  /** In the order of the message, MSH first. */
  readonly segments: readonly Hl7Segment[]
}

export interface Hl7Segment {
  readonly name: string
  /** `PID`, or `OBR[2]` for the second one of its name in the message. */
  readonly where: string
  /** By HL7's numbering, from 1; an empty one where the segment ends before it. */
  field(number: number): Hl7Field
}

/** Text is unescaped and without blanks around it. Component and sub-component count from 1. */
export interface Hl7Field {
  readonly where: string
  /** Of the first repetition; empty where there is none, and for HL7's null (`""`). */
  text(component?: number, subcomponent?: number): string
  /** None for an empty field. */
  readonly repetitions: readonly Hl7Repetition[]
  /** `""`: the sender says that there is no value (2.5.3), where an empty field says nothing. */
  readonly deleted: boolean
}

export interface Hl7Repetition {
  text(component?: number, subcomponent?: number): string
}

/** No order or answer comes near these; what does is an attack or an accident. */
const limits = { segments: 1000, fields: 250, repetitions: 200, components: 100 }

/**
 * Reads a message's text. Segments end with CR (2.5.2); LF and CR LF, which some senders write, are taken as well.
 * `charset` is what hexadecimal escapes are read in.
 * @throws Hl7Error naming segment and field, never a value.
 */
export function parseMessage(text: string, charset: Charset = 'utf-8'): Hl7Message {
  const lines = segmentLines(text)
  const separators = separatorsOf(lines[0] ?? '')
  if (lines.length > limits.segments) throw new Hl7Error('too-many')
  const seen = new Map<string, number>()
  const segments = lines.map((line) => {
    const name = line.slice(0, 3)
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || (line.length > 3 && line[3] !== separators.field))
      throw new Hl7Error('segment-name')
    const ordinal = (seen.get(name) ?? 0) + 1
    seen.set(name, ordinal)
    if (name === 'MSH' && ordinal > 1) throw new Hl7Error('segment', 'MSH[2]')
    return segmentOf(name, ordinal === 1 ? name : `${name}[${ordinal}]`, line, separators, charset)
  })
  return { header: segments[0]!, segments }
}

/** Where a sender ends segments with CR, a line feed inside one is part of its text. */
function segmentLines(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n?/) : text.split('\n')
  return lines.map((line) => line.replace(/^\n+/, '')).filter((line) => line.trim() !== '')
}

function separatorsOf(header: string): Separators {
  if (!header.startsWith('MSH')) throw new Hl7Error('not-hl7', 'MSH')
  const field = header[3] ?? ''
  const characters = header.slice(4).split(field, 1)[0] ?? ''
  const all = [field, ...characters]
  // A fifth is the truncation character of v2.7.
  const usable = all.every((character) => /^[!-/:-@[-`{-~]$/.test(character))
  if (all.length < 5 || all.length > 6 || !usable || new Set(all).size < all.length)
    throw new Hl7Error('not-hl7', field === '' ? 'MSH-1' : 'MSH-2')
  const [component = '', repetition = '', escaping = '', subcomponent = ''] = characters
  return { field, component, repetition, escape: escaping, subcomponent }
}

function segmentOf(
  name: string,
  where: string,
  line: string,
  separators: Separators,
  charset: Charset,
): Hl7Segment {
  const values = line.split(separators.field, limits.fields + 2)
  if (values.length > limits.fields + 1) throw new Hl7Error('too-many', where)
  // MSH-1 is the separator itself.
  if (name === 'MSH') values.splice(1, 0, separators.field)
  const literal = name === 'MSH' ? 2 : 0
  return {
    name,
    where,
    field(number) {
      const place = `${where}-${number}`
      const value = values[number] ?? ''
      return number <= literal ? literalField(place, value) : fieldOf(place, value, separators, charset)
    },
  }
}

/** MSH-1 and MSH-2 are the separators and are not separated by them. */
function literalField(where: string, value: string): Hl7Field {
  const repetition: Hl7Repetition = { text: (component = 1) => (component === 1 ? value : '') }
  return { where, text: repetition.text, repetitions: [repetition], deleted: false }
}

function fieldOf(where: string, value: string, separators: Separators, charset: Charset): Hl7Field {
  const deleted = value === '""'
  const parts = value === '' || deleted ? [] : value.split(separators.repetition, limits.repetitions + 1)
  if (parts.length > limits.repetitions) throw new Hl7Error('too-many', where)
  const repetitions = parts.map((part): Hl7Repetition => {
    const components = part.split(separators.component, limits.components + 1)
    if (components.length > limits.components) throw new Hl7Error('too-many', where)
    return {
      text(component = 1, subcomponent = 1) {
        const pieces = (components[component - 1] ?? '').split(separators.subcomponent, limits.components)
        const piece = pieces[subcomponent - 1] ?? ''
        return piece === '""' ? '' : unescapeText(piece, separators, charset).trim()
      },
    }
  })
  return {
    where,
    text: (component, subcomponent) => repetitions[0]?.text(component, subcomponent) ?? '',
    repetitions,
    deleted,
  }
}
