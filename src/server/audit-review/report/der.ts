/** Distinguished encoding (X.690) of the few ASN.1 types that a CMS signature is made of. */

export function tlv(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body])
  const length: number[] = []
  for (let rest = body.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff)
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length, ...length), body])
}

export const sequence = (...content: readonly Uint8Array[]): Buffer => tlv(0x30, ...content)
/** X.690 11.6: the members of a SET OF stand in the order of their encodings. */
export const setOf = (...members: readonly Uint8Array[]): Buffer =>
  tlv(0x31, ...[...members].sort(Buffer.compare))
export const octets = (bytes: Uint8Array): Buffer => tlv(0x04, bytes)
export const integer = (value: number): Buffer => tlv(0x02, Buffer.of(value))

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}

/** UTCTime to 2049, GeneralizedTime from then on (RFC 5652, 11.3). */
export function time(at: Date): Buffer {
  const text = `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return at.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(text.slice(2), 'ascii'))
    : tlv(0x18, Buffer.from(text, 'ascii'))
}

export interface Element {
  tag: number
  content: Buffer
  /** With its tag and length. */
  whole: Buffer
}

/** The elements in these bytes, one after another. @throws Error where they are no DER. */
export function elementsIn(bytes: Buffer): Element[] {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    let length = bytes[at + 1] ?? 0
    let head = 2
    if (length > 0x80) {
      const count = length & 0x7f
      if (count > 4 || at + 2 + count > bytes.length) throw new Error('not DER')
      length = bytes.readUIntBE(at + 2, count)
      head += count
    } else if (length === 0x80) throw new Error('not DER')
    const end = at + head + length
    if (end > bytes.length) throw new Error('not DER')
    elements.push({ tag, content: bytes.subarray(at + head, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return elements
}
