/** DER encoding (ITU-T X.690) of the few ASN.1 types that the workstation writes itself. */

const tags = { integer: 0x02, bitString: 0x03, objectId: 0x06, utf8String: 0x0c, sequence: 0x30, set: 0x31 }

/** One tag-length-value; `tag` is the whole identifier octet. */
export function tlv(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(evenHex(body.length.toString(16)), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

export const sequence = (...parts: Uint8Array[]): Buffer => tlv(tags.sequence, ...parts)
export const set = (...parts: Uint8Array[]): Buffer => tlv(tags.set, ...parts)
export const utf8String = (text: string): Buffer => tlv(tags.utf8String, Buffer.from(text, 'utf8'))
export const bitString = (bytes: Uint8Array): Buffer => tlv(tags.bitString, Buffer.from([0]), bytes)

/** A non-negative INTEGER from its big-endian bytes, in the shortest form (X.690 8.3). */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const value = bytes.subarray(start)
  const sign = (value[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0)
  return tlv(tags.integer, sign, value)
}

/** An OBJECT IDENTIFIER in dotted form (X.690 8.19). */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tlv(tags.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const out = [value & 0x7f]
  for (let high = Math.floor(value / 128); high > 0; high = Math.floor(high / 128)) {
    out.unshift((high & 0x7f) | 0x80)
  }
  return out
}

function evenHex(hex: string): string {
  return hex.length % 2 ? `0${hex}` : hex
}
