import iconv from 'iconv-lite'

/** Value representations that the demo studies need (PS3.5 table 6.2-1). */
export type Vr =
  | ('AE' | 'AS' | 'AT' | 'CS' | 'DA' | 'DS' | 'DT' | 'FD' | 'IS' | 'LO' | 'LT' | 'OB' | 'OW')
  | ('PN' | 'SH' | 'SL' | 'SQ' | 'SS' | 'ST' | 'TM' | 'UI' | 'UL' | 'US')

export type Value =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | Uint8Array
  | readonly Element[][]

/** One data element. `tag` is group << 16 | element, as an unsigned number. Several values are an array. */
export interface Element {
  readonly tag: number
  readonly vr: Vr
  readonly value: Value
}

/** SpecificCharacterSet defined terms of the demo studies (PS3.3 C.12.1.1.2). */
export type CharacterSet = 'GB18030' | 'ISO_IR 192'

const encodings: Record<CharacterSet, string> = { GB18030: 'gb18030', 'ISO_IR 192': 'utf8' }

const binarySizes: Partial<Record<Vr, number>> = { FD: 8, SL: 4, SS: 2, UL: 4, US: 2, AT: 4 }
const longForm = new Set<Vr>(['OB', 'OW', 'SQ'])
const localised = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST'])
/** Most characters that one value may have; PN counts per component group. */
const lengthLimits: Partial<Record<Vr, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
}

export function element(tag: number, vr: Vr, value: Value): Element {
  return { tag, vr, value }
}

/** (gggg,eeee), for messages. */
export function tagName(tag: number): string {
  const hex = (tag >>> 0).toString(16).padStart(8, '0').toUpperCase()
  return `(${hex.slice(0, 4)},${hex.slice(4)})`
}

/**
 * A data set in Explicit VR Little Endian (PS3.5 section 7.1.2), elements in ascending order of tag.
 * Throws RangeError for a duplicate tag or a value that its VR does not allow, naming the tag and never the value.
 */
export function encodeDataset(elements: readonly Element[], charset: CharacterSet): Buffer {
  const sorted = [...elements].sort((a, b) => (a.tag >>> 0) - (b.tag >>> 0))
  sorted.forEach((item, i) => {
    if (i > 0 && sorted[i - 1]!.tag >>> 0 === item.tag >>> 0)
      throw new RangeError(`${tagName(item.tag)} occurs twice`)
  })
  return Buffer.concat(sorted.flatMap((item) => encodeElement(item, charset)))
}

function encodeElement(item: Element, charset: CharacterSet): Buffer[] {
  const body = encodeValue(item, charset)
  return [header(item.tag, item.vr, body.length), body]
}

/** Tag, VR and length. `length` 0xffffffff stands for undefined length (encapsulated pixel data). */
export function header(tag: number, vr: Vr, length: number): Buffer {
  const long = longForm.has(vr)
  const out = Buffer.alloc(long ? 12 : 8)
  out.writeUInt16LE(tag >>> 16, 0)
  out.writeUInt16LE(tag & 0xffff, 2)
  out.write(vr, 4, 'latin1')
  if (long) out.writeUInt32LE(length, 8)
  else if (length > 0xfffe) throw new RangeError(`${tagName(tag)} ${vr} is longer than 65534 bytes`)
  else out.writeUInt16LE(length, 6)
  return out
}

function encodeValue({ tag, vr, value }: Element, charset: CharacterSet): Buffer {
  if (vr === 'SQ') return encodeSequence(value as readonly Element[][], charset)
  if (value instanceof Uint8Array) return padded(Buffer.from(value.buffer, value.byteOffset, value.length), 0)
  const values = Array.isArray(value) ? (value as readonly (string | number)[]) : [value as string | number]
  const size = binarySizes[vr]
  if (size !== undefined) return Buffer.concat(values.map((v) => encodeNumber(tag, vr, size, Number(v))))
  const text = values.map((v) => checkText(tag, vr, String(v))).join('\\')
  const bytes = localised.has(vr) ? iconv.encode(text, encodings[charset]) : Buffer.from(text, 'latin1')
  if (localised.has(vr)) refuseAmbiguousBytes(tag, text, bytes)
  return padded(bytes, vr === 'UI' ? 0 : 0x20)
}

function encodeSequence(items: readonly Element[][], charset: CharacterSet): Buffer {
  const parts = items.flatMap((item) => {
    const body = encodeDataset(item, charset)
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0])
    head.writeUInt32LE(body.length, 4)
    return [head, body]
  })
  return Buffer.concat(parts)
}

function encodeNumber(tag: number, vr: Vr, size: number, v: number): Buffer {
  const out = Buffer.alloc(size)
  if (vr === 'FD') out.writeDoubleLE(v)
  else if (!Number.isInteger(v)) throw new RangeError(`${tagName(tag)} ${vr} needs an integer`)
  else if (vr === 'AT') {
    out.writeUInt16LE(v >>> 16, 0)
    out.writeUInt16LE(v & 0xffff, 2)
  } else if (vr === 'SS' || vr === 'SL') out.writeIntLE(v, 0, size)
  else out.writeUIntLE(v, 0, size)
  return out
}

function checkText(tag: number, vr: Vr, text: string): string {
  const longest = vr === 'PN' ? Math.max(...text.split('=').map((group) => group.length)) : text.length
  if (longest > (lengthLimits[vr] ?? Number.POSITIVE_INFINITY))
    throw new RangeError(`${tagName(tag)} ${vr} is longer than ${lengthLimits[vr]} characters`)
  const multiLine = vr === 'LT' || vr === 'ST'
  if (!multiLine && text.includes('\\')) throw new RangeError(`${tagName(tag)} ${vr} contains a backslash`)
  if (vr === 'UI' && !/^(|(0|[1-9]\d*)(\.(0|[1-9]\d*))*)$/.test(text))
    throw new RangeError(`${tagName(tag)} is not a UID`)
  return text
}

/** GB18030 second bytes include 0x5C, which many readers split on: better no such character than a torn name. */
function refuseAmbiguousBytes(tag: number, text: string, bytes: Buffer): void {
  const count = (byte: number) => bytes.reduce((n, b) => n + (b === byte ? 1 : 0), 0)
  for (const mark of ['\\', '^', '='])
    if (count(mark.charCodeAt(0)) !== text.split(mark).length - 1)
      throw new RangeError(`${tagName(tag)} has a character whose encoding contains ${mark}`)
}

function padded(bytes: Buffer, pad: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([pad])])
}
