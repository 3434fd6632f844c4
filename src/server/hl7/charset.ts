import iconv from 'iconv-lite'

/** The character sets of Chinese hospitals' messages. */
export type Charset = 'utf-8' | 'gb18030'

/** How MSH-18 names each character set (HL7 v2.5.1 table 0211). */
export const charsetNames: Record<Charset, string> = {
  'utf-8': 'UNICODE UTF-8',
  gb18030: 'GB 18030-2000',
}

/** The names met in MSH-18, without blanks, hyphens and underlines. GB 18030 holds GBK and GB 2312. */
const byName: Record<string, Charset> = {
  UNICODEUTF8: 'utf-8',
  UTF8: 'utf-8',
  ASCII: 'utf-8',
  GB180302000: 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  CP936: 'gb18030',
  GB2312: 'gb18030',
  GB23121980: 'gb18030',
}

/** The character set that a name in MSH-18 stands for; null for one that is not read here. */
export function charsetNamed(name: string): Charset | null {
  return byName[name.toUpperCase().replace(/[\s_-]/g, '')] ?? null
}

export function encodeText(text: string, charset: Charset): Buffer {
  return iconv.encode(text, charset)
}

/** Never fails: what is no text of the character set becomes U+FFFD. */
export function decodeText(bytes: Buffer, charset: Charset): string {
  return iconv.decode(bytes, charset)
}

/** Null where the bytes are no text of the character set: half a character must not become somebody's name. */
export function decodeStrictly(bytes: Buffer, charset: Charset): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
