import { createHash } from 'node:crypto'

/**
 * One share of a master key as it stands on paper: five lines of four groups of four characters and two check characters,
 * in an alphabet without the letters that are taken for digits (Crockford's base 32).
 */
export interface PaperShare {
  /** 1 … 255. */
  number: number
  threshold: number
  /** Of the key, 16 hex digits. */
  fingerprint: string
  /** Of Shamir's split: y values and the x coordinate. */
  bytes: Buffer
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const version = 1
/** Version, number, threshold, fingerprint, share, checksum. */
const headLength = 3 + 8
const shareLength = 33
const sumLength = 6
const length = headLength + shareLength + sumLength
const lineCharacters = 16

/** A line or a share was not what was printed; says which, never what. */
export class PaperShareError extends Error {
  override readonly name = 'PaperShareError'
}

export function printShare({ number, threshold, fingerprint, bytes }: PaperShare): string[] {
  const content = Buffer.concat([
    Buffer.from([version, number, threshold]),
    Buffer.from(fingerprint, 'hex'),
    bytes,
  ])
  const text = toBase32(Buffer.concat([content, checksum(content)]))
  const lines = text.match(new RegExp(`.{${lineCharacters}}`, 'g')) ?? []
  return lines.map((line, index) => {
    const groups = line.match(/.{4}/g) ?? []
    return `${index + 1}  ${groups.join(' ')}  ${lineCheck(index, line)}`
  })
}

/**
 * Reads what somebody typed: case, spaces, hyphens and line numbers do not matter, O is 0, I and L are 1.
 * @throws PaperShareError naming the line that was mistyped
 */
export function readShare(lines: readonly string[]): PaperShare {
  const expected = (length * 8) / 5 / lineCharacters
  if (lines.length !== expected) throw new PaperShareError(`a share has ${expected} lines`)
  const text = lines.map((line, index) => {
    const typed = line
      .replace(/^\s*\d\s{2,}/, '')
      .toUpperCase()
      .replace(/[\s-]/g, '')
      .replace(/O/g, '0')
      .replace(/[IL]/g, '1')
    const characters = typed.slice(0, lineCharacters)
    if (typed.length !== lineCharacters + 2 || lineCheck(index, characters) !== typed.slice(lineCharacters))
      throw new PaperShareError(`line ${index + 1} is mistyped`)
    return characters
  })
  const bytes = fromBase32(text.join(''))
  const content = bytes.subarray(0, headLength + shareLength)
  if (bytes[0] !== version || !checksum(content).equals(bytes.subarray(headLength + shareLength)))
    throw new PaperShareError('the lines are not of one share')
  return {
    number: content[1] as number,
    threshold: content[2] as number,
    fingerprint: content.subarray(3, headLength).toString('hex'),
    bytes: Buffer.from(content.subarray(headLength)),
  }
}

function checksum(content: Buffer): Buffer {
  return createHash('sha256').update('vigil/paper-share/v1').update(content).digest().subarray(0, sumLength)
}

/** Covers the line's place as well: two lines exchanged are told. */
function lineCheck(index: number, line: string): string {
  const [a = 0, b = 0] = createHash('sha256').update(`${index}:${line}`).digest()
  return `${alphabet[a & 31]}${alphabet[b & 31]}`
}

function toBase32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >> bits) & 31]
      value &= (1 << bits) - 1
    }
  }
  return text
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of text) {
    value = (value << 5) | alphabet.indexOf(character)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 255)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}
