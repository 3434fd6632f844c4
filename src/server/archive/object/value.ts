import type { CharacterSet } from './character-set.ts'
import { type Element, trimPadding } from './dataset.ts'

/** PS3.18 table F.2.3-1: what stands in a DICOM JSON Value array. */
export type JsonValue = string | number | null | PersonName | object

/** PS3.18 F.2.2: the component groups of a PN that are not empty. */
export interface PersonName {
  Alphabetic?: string
  Ideographic?: string
  Phonetic?: string
}

interface Binary {
  size: number
  read(value: Buffer, at: number, bigEndian: boolean): string | number | null
}

/** JSON has no NaN and no infinity. */
const finite = (value: number) => (Number.isFinite(value) ? value : null)
/** 64-bit integers beyond what a JSON number carries are strings (PS3.18 F.2.3.1). */
const exact = (value: bigint) => (BigInt(Number(value)) === value ? Number(value) : value.toString())
const hex16 = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')

const binaries: Record<string, Binary> = {
  US: { size: 2, read: (v, at, be) => (be ? v.readUInt16BE(at) : v.readUInt16LE(at)) },
  SS: { size: 2, read: (v, at, be) => (be ? v.readInt16BE(at) : v.readInt16LE(at)) },
  UL: { size: 4, read: (v, at, be) => (be ? v.readUInt32BE(at) : v.readUInt32LE(at)) },
  SL: { size: 4, read: (v, at, be) => (be ? v.readInt32BE(at) : v.readInt32LE(at)) },
  FL: { size: 4, read: (v, at, be) => finite(be ? v.readFloatBE(at) : v.readFloatLE(at)) },
  FD: { size: 8, read: (v, at, be) => finite(be ? v.readDoubleBE(at) : v.readDoubleLE(at)) },
  SV: { size: 8, read: (v, at, be) => exact(be ? v.readBigInt64BE(at) : v.readBigInt64LE(at)) },
  UV: { size: 8, read: (v, at, be) => exact(be ? v.readBigUInt64BE(at) : v.readBigUInt64LE(at)) },
  AT: {
    size: 4,
    read: (v, at, be) =>
      be
        ? hex16(v.readUInt16BE(at)) + hex16(v.readUInt16BE(at + 2))
        : hex16(v.readUInt16LE(at)) + hex16(v.readUInt16LE(at + 2)),
  },
}

/** VRs whose text is in the Specific Character Set (PS3.5 6.1.2.2), and those of one value, backslashes and all. */
const localised = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'])
const undivided = new Set(['LT', 'ST', 'UT', 'UR'])

/** The values of an element of a VR that is neither SQ nor bulk; empty where the element is. */
export function valuesOf(
  element: Element,
  vr: string,
  bigEndian: boolean,
  charset: CharacterSet,
): JsonValue[] {
  const value = element.value
  if (!value || value.length === 0) return []
  const binary = binaries[vr]
  if (binary) {
    const count = Math.floor(value.length / binary.size)
    return Array.from({ length: count }, (_, i) => binary.read(value, i * binary.size, bigEndian))
  }
  const text = localised.has(vr)
    ? charset.decode(value, vr === 'PN' ? '\\^=' : '\\')
    : value.toString('latin1')
  if (undivided.has(vr)) {
    const whole = text.replace(/[ \0]+$/, '')
    return whole === '' ? [] : [whole]
  }
  const values = text.split('\\').map((part) => textValue(trimPadding(part), vr))
  return values.every((one) => one === null) ? [] : values
}

function textValue(text: string, vr: string): JsonValue {
  if (text === '') return null
  if (vr === 'DS' || vr === 'IS') return numberOrText(text)
  return vr === 'PN' ? personName(text) : text
}

/** A DS or IS that is no number stays the text that it is, which F.2.3.1 permits. */
function numberOrText(text: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : text
}

function personName(text: string): PersonName {
  const [alphabetic, ideographic, phonetic] = text.split('=').map(trimPadding)
  return {
    ...(alphabetic ? { Alphabetic: alphabetic } : {}),
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  }
}
