import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import iconv from 'iconv-lite'

const charsets = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const

/** Characters of base64 that say for sure what is behind them: 42 bits. */
const leastBase64 = 7

/** As text may lie in a file: in each charset, in hex, and in base64 wherever in its three-byte groups it starts. */
export function disguises(text: string): Buffer[] {
  return charsets.flatMap((charset) => disguisesOf(iconv.encode(text, charset)))
}

function disguisesOf(bytes: Buffer): Buffer[] {
  return [
    bytes,
    Buffer.from(bytes.toString('hex')),
    ...[0, 1, 2].flatMap((shift) => {
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
      // The first and last characters also hold what stands beside it.
      const sure = encoded.slice(
        shift === 0 ? 0 : shift + 1,
        Math.floor(((shift + bytes.length) * 8) / 6) - 1,
      )
      // Fewer characters stand by chance in the base64 of what is encrypted.
      if (sure.length < leastBase64) return []
      return [Buffer.from(sure), Buffer.from(sure.replace(/\+/g, '-').replace(/\//g, '_'))]
    }),
  ]
}

/** Secrets by what they are; text, or bytes as they are. */
export type Secrets = Record<string, string | Buffer>

export function needlesOf(secrets: Secrets): (readonly [string, Buffer[]])[] {
  return Object.entries(secrets).map(([what, secret]) => {
    const needles = typeof secret === 'string' ? disguises(secret) : disguisesOf(secret)
    return [what, [...new Map(needles.map((needle) => [needle.toString('hex'), needle])).values()]] as const
  })
}

/** Every file below a folder, whatever it is called, and what of the secrets is in it: `what in file`. */
export function findLeaks(
  root: string,
  secrets: Secrets,
  { except = /^$/ } = {},
): { files: string[]; found: string[] } {
  const needles = needlesOf(secrets)
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((name) => !except.test(name))
    .sort()
  const found = files.flatMap((name) =>
    leaksIn(readFileSync(join(root, name)), needles).map((what) => `${what} in ${name}`),
  )
  return { files, found }
}

export function leaksIn(bytes: Buffer, needles: ReturnType<typeof needlesOf>): string[] {
  const contents = [bytes, ...unpacked(bytes)]
  return needles
    .filter(([, forms]) => forms.some((form) => contents.some((content) => content.includes(form))))
    .map(([what]) => what)
}

/** Packed parts tried in one file; what is encrypted has as many false beginnings as there are bytes. */
const mostTries = 3000
const largest = 32 * 1024 * 1024

/** What is packed in a file, wherever it begins: gzip, zlib (PDF, PNG), zip's entries. */
function unpacked(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  const options = { maxOutputLength: largest, finishFlush: 2 }
  const tryAt = (at: number, unpack: (part: Buffer) => Buffer) => {
    try {
      const content = unpack(bytes.subarray(at))
      if (content.length > 8) found.push(content)
    } catch {
      // Not the beginning of anything.
    }
  }
  const each = (mark: number[], take: (at: number) => void) => {
    const wanted = Buffer.from(mark)
    let tries = 0
    for (let at = bytes.indexOf(wanted); at >= 0 && tries < mostTries; at = bytes.indexOf(wanted, at + 1)) {
      tries += 1
      take(at)
    }
  }
  each([0x1f, 0x8b, 0x08], (at) => {
    tryAt(at, (part) => gunzipSync(part, options))
    // Past the head of ten bytes, whatever follows what is packed.
    tryAt(at + 10, (part) => inflateRawSync(part, options))
  })
  for (const level of [0x01, 0x5e, 0x9c, 0xda])
    each([0x78, level], (at) => tryAt(at, (part) => inflateSync(part, options)))
  each([0x50, 0x4b, 0x03, 0x04], (at) => {
    if (at + 30 > bytes.length) return
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    tryAt(from, (part) => inflateRawSync(part, options))
  })
  return found
}
