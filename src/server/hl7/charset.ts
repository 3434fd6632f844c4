import iconv from 'iconv-lite'

/** The character sets of Chinese hospitals' messages. */
export type Charset = 'utf-8' | 'gb18030'

/** How MSH-18 names each character set (HL7 v2.5.1 table 0211). */
export const charsetNames: Record<Charset, string> = {
  'utf-8': 'UNICODE UTF-8',
  gb18030: 'GB 18030-2000',
}

export function encodeText(text: string, charset: Charset): Buffer {
  return iconv.encode(text, charset)
}

/** Never fails: what is no text of the character set becomes U+FFFD. */
export function decodeText(bytes: Buffer, charset: Charset): string {
  return iconv.decode(bytes, charset)
}
