import { type Charset, charsetNamed, decodeStrictly, decodeText } from './charset.ts'
import { parseMessage } from './parse.ts'
import { Hl7Error } from './problem.ts'

/**
 * The text of a message's bytes: in the character set that MSH-18 names, or in `fallback` where it names none. MSH-18 is
 * itself read in a character set, and in GB 18030 the second byte of a character may look like a separator: the one that
 * names itself is taken.
 * @throws Hl7Error `charset` for a name that is not read here, `encoding` for bytes that are no text of it.
 */
export function decodeMessage(bytes: Buffer, fallback: Charset): { text: string; charset: Charset } {
  const charset = namedCharset(bytes, fallback)
  const text = decodeStrictly(bytes, charset)
  if (text === null) throw new Hl7Error('encoding')
  return { text, charset }
}

function namedCharset(bytes: Buffer, fallback: Charset): Charset {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a)
  const header = end < 0 ? bytes : bytes.subarray(0, end)
  const tried: Charset[] = fallback === 'utf-8' ? ['utf-8', 'gb18030'] : ['gb18030', 'utf-8']
  const names = tried.map((charset) => nameIn(decodeText(header, charset)))
  const itself = tried.find((charset, index) => charsetNamed(names[index] ?? '') === charset)
  if (itself) return itself
  const [name = ''] = names
  if (name === '') return fallback
  const other = charsetNamed(name)
  if (!other) throw new Hl7Error('charset', 'MSH-18')
  return other
}

/** The first character set of MSH-18 (it may repeat); empty where there is none, or no header. */
function nameIn(header: string): string {
  try {
    return parseMessage(header).header.field(18).text()
  } catch (error) {
    if (error instanceof Hl7Error) return ''
    throw error
  }
}
