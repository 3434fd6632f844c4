import type { DicomJson } from '../../shared/study/index.ts'

/** One element in the shape of PS3.18 F.2. */
export interface Element {
  vr: string
  Value: unknown[]
}
/** A data set, or an item of a sequence. */
export type DataSet = Record<string, Element>

export const element = (vr: string, ...values: unknown[]): Element => ({
  vr,
  Value: values
    .map((value) => (typeof value === 'string' ? textFor(vr, value) : value))
    .filter((value) => value !== '' && value !== null && value !== undefined),
})

/** Characters that these hold at most (PS3.5 table 6.2-1). */
const longest: Readonly<Record<string, number>> = { SH: 16, LO: 64, ST: 1024 }

/**
 * What a person wrote, as the VR takes it: nothing that would make two values of one (the backslash, where it parts them), nor
 * control characters but those of a text of several lines, and no more than fits.
 */
function textFor(vr: string, text: string): string {
  const isLine = vr === 'SH' || vr === 'LO'
  if (!isLine && vr !== 'ST' && vr !== 'UT') return text
  const clean = isLine
    ? text.replaceAll(/[\\\p{Cc}]/gu, ' ').trim()
    : text.replaceAll(/[^\P{Cc}\t\n\f\r]/gu, '')
  return [...clean].slice(0, longest[vr]).join('')
}

export const sequence = (...items: DataSet[]): Element => ({ vr: 'SQ', Value: items })

/** A code as an item (PS3.3 8.8): Code Value of at most 16 characters. */
export interface Code {
  value: string
  scheme: string
  meaning: string
}
export const codeItem = ({ value, scheme, meaning }: Code): DataSet => ({
  '00080100': element('SH', value),
  '00080102': element('SH', scheme),
  '00080104': element('LO', meaning),
})

/** A number in the 16 characters that DS has room for (PS3.5 6.2). */
export function decimal(value: number): string {
  const plain = String(value)
  if (plain.length <= 16) return plain
  for (let digits = 15; digits > 1; digits--) {
    const short = String(Number(value.toPrecision(digits)))
    if (short.length <= 16) return short
  }
  return value.toPrecision(1)
}

/** DA and TM of an instant, in the gateway's own time zone. */
export function dateAndTime(at: number): { date: string; time: string } {
  const when = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return {
    date: `${when.getFullYear()}${two(when.getMonth() + 1)}${two(when.getDate())}`,
    time: `${two(when.getHours())}${two(when.getMinutes())}${two(when.getSeconds())}`,
  }
}

/** An element copied from an existing instance, with nothing but its values; empty where it has none (type 2). */
export function copied(from: DicomJson, tag: string, vr: string): Element {
  const found = from[tag] as { Value?: unknown } | undefined
  return { vr, Value: Array.isArray(found?.Value) ? found.Value : [] }
}
