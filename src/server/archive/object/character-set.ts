import iconv from 'iconv-lite'

/** Decodes the text values of a data set by its Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 section 6.1). */
export interface CharacterSet {
  /** `delimiters` are the characters that end an ISO 2022 designation besides control characters (PS3.5 6.1.2.5.3). */
  decode(bytes: Buffer, delimiters: string): string
}

interface Repertoire {
  bytesPerCharacter: 1 | 2
  encoding: string
  /** Brings a run of bytes into the form that the encoding has. */
  prepare?: (run: Buffer) => Buffer
}

const ascii: Repertoire = { bytesPerCharacter: 1, encoding: 'latin1' }
const single = (encoding: string): Repertoire => ({ bytesPerCharacter: 1, encoding })
const high = (run: Buffer) => Buffer.from(run.map((byte) => byte | 0x80))
/** EUC-JP writes a character of JIS X 0212 as 8F and its two bytes with the high bit. */
const supplementary = (run: Buffer) => {
  const out: number[] = []
  for (let i = 0; i + 1 < run.length; i += 2) out.push(0x8f, run[i]! | 0x80, run[i + 1]! | 0x80)
  return Buffer.from(out)
}
const katakana: Repertoire = { bytesPerCharacter: 1, encoding: 'shift_jis' }
const kanji: Repertoire = { bytesPerCharacter: 2, encoding: 'euc-jp', prepare: high }
const kanji2: Repertoire = { bytesPerCharacter: 2, encoding: 'euc-jp', prepare: supplementary }
const korean: Repertoire = { bytesPerCharacter: 2, encoding: 'euc-kr' }
const chinese: Repertoire = { bytesPerCharacter: 2, encoding: 'gbk' }

/** Upper half (G1) of the single-byte defined terms (PS3.3 tables C.12-2 and C.12-3), by ISO registration number. */
const upperHalves: Record<string, Repertoire> = {
  6: ascii,
  100: single('iso-8859-1'),
  101: single('iso-8859-2'),
  109: single('iso-8859-3'),
  110: single('iso-8859-4'),
  144: single('iso-8859-5'),
  127: single('iso-8859-6'),
  126: single('iso-8859-7'),
  138: single('iso-8859-8'),
  148: single('iso-8859-9'),
  203: single('iso-8859-15'),
  13: katakana,
  166: single('tis-620'),
}

/** Escape sequences after ESC (PS3.3 tables C.12-3 and C.12-4): which half they designate, and what. */
const escapes: [sequence: string, half: 'lower' | 'upper', repertoire: Repertoire][] = [
  ['(B', 'lower', ascii],
  ['(J', 'lower', ascii],
  ['$B', 'lower', kanji],
  ['$@', 'lower', kanji],
  ['$(D', 'lower', kanji2],
  ['$)C', 'upper', korean],
  ['$)A', 'upper', chinese],
  [')I', 'upper', katakana],
  ['-A', 'upper', upperHalves[100]!],
  ['-B', 'upper', upperHalves[101]!],
  ['-C', 'upper', upperHalves[109]!],
  ['-D', 'upper', upperHalves[110]!],
  ['-L', 'upper', upperHalves[144]!],
  ['-G', 'upper', upperHalves[127]!],
  ['-F', 'upper', upperHalves[126]!],
  ['-H', 'upper', upperHalves[138]!],
  ['-M', 'upper', upperHalves[148]!],
  ['-b', 'upper', upperHalves[203]!],
  ['-T', 'upper', upperHalves[166]!],
]

/** Sets without code extension: all of a value is in them. */
const wholes: Record<string, string> = { 'ISO_IR 192': 'utf8', GB18030: 'gb18030', GBK: 'gbk' }

/** The decoder for the values of Specific Character Set; none, or an unknown one, is guessed from the bytes. */
export function characterSetOf(terms: readonly string[]): CharacterSet {
  const first = terms[0] ?? ''
  const whole = wholes[first]
  if (whole) return { decode: (bytes) => iconv.decode(bytes, whole) }
  const registration = /^ISO(?:_| 2022 )IR (\d+)$/.exec(first)?.[1]
  const upper = registration ? upperHalves[registration] : undefined
  if (upper && upper !== ascii) return { decode: (bytes, ends) => decodeExtended(bytes, ends, upper) }
  // ISO 2022 IR 58, 87, 149 and 159 begin in the default repertoire and reach theirs by escape.
  const extended = terms.some((term) => term.startsWith('ISO 2022'))
  if (extended) return { decode: (bytes, ends) => decodeExtended(bytes, ends, undesignated(terms)) }
  return {
    decode: (bytes, ends) => (bytes.includes(0x1b) ? decodeExtended(bytes, ends, ascii) : guess(bytes)),
  }
}

/** What high bytes before any escape are taken for: writers forget the escape of the only two-byte set they announce. */
function undesignated(terms: readonly string[]): Repertoire {
  if (terms.includes('ISO 2022 IR 149')) return korean
  if (terms.includes('ISO 2022 IR 58')) return chinese
  return ascii
}

/** ISO/IEC 2022 without locking shifts: G0 in the lower half, G1 in the upper, changed by escape sequences. */
function decodeExtended(bytes: Buffer, delimiters: string, initialUpper: Repertoire): string {
  let lower = ascii
  let upper = initialUpper
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === 0x1b) {
      const rest = bytes.toString('latin1', at + 1, at + 4)
      const found = escapes.find(([sequence]) => rest.startsWith(sequence))
      if (found?.[1] === 'lower') lower = found[2]
      if (found?.[1] === 'upper') upper = found[2]
      at += 1 + (found?.[0].length ?? 0)
      continue
    }
    if (byte < 0x20 || (lower.bytesPerCharacter === 1 && delimiters.includes(String.fromCharCode(byte)))) {
      lower = ascii
      upper = initialUpper
      text += String.fromCharCode(byte)
      at += 1
      continue
    }
    if (byte === 0x20) {
      text += ' '
      at += 1
      continue
    }
    const isHigh = byte >= 0x80
    const repertoire = isHigh ? upper : lower
    let end = at
    while (end < bytes.length && runs(bytes[end]!, isHigh, repertoire, delimiters)) end += 1
    const run = bytes.subarray(at, end)
    text += iconv.decode(repertoire.prepare ? repertoire.prepare(run) : run, repertoire.encoding)
    at = end
  }
  return text
}

function runs(byte: number, isHigh: boolean, repertoire: Repertoire, delimiters: string): boolean {
  if (byte <= 0x20 || byte >= 0x80 !== isHigh) return false
  return isHigh || repertoire.bytesPerCharacter === 2 || !delimiters.includes(String.fromCharCode(byte))
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Text of no announced character set. Only ASCII is allowed then; devices in Chinese hospitals nevertheless write GBK
 * there, so after UTF-8, which hardly anything else passes for, GB18030 is the likelier guess, and Latin-1 the last.
 */
function guess(bytes: Buffer): string {
  if (!bytes.some((byte) => byte >= 0x80)) return bytes.toString('latin1')
  try {
    return strictUtf8.decode(bytes)
  } catch {
    const chineseText = iconv.decode(bytes, 'gb18030')
    return chineseText.includes('\ufffd') ? bytes.toString('latin1') : chineseText
  }
}
