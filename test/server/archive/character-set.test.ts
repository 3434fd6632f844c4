import { readFile } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { bufferSource } from '../../../src/server/archive/object/byte-source.ts'
import { characterSetOf } from '../../../src/server/archive/object/character-set.ts'
import { toDicomJson } from '../../../src/server/archive/object/json.ts'
import { readObject } from '../../../src/server/archive/object/part10.ts'
import { dicomFile, type Entry } from './dicom-file.ts'
import { sharedFile, sharedMissing } from './shared-files.ts'

const jsonOf = async (bytes: Buffer) => toDicomJson(await readObject(bufferSource(bytes)))
const nameIn = async (entries: Entry[]) => {
  const json = await jsonOf(dicomFile(entries))
  return (json['00100010'] as { Value: object[] }).Value[0]
}

// The names of D. Clunie's character set tests, as his page prints them (PS3.5 annexes H to K hold most of them).
const names: Record<string, object> = {
  chrArab: { Alphabetic: 'قباني^لنزار' },
  chrFren: { Alphabetic: 'Buc^Jérôme' },
  chrFrenMulti: { Alphabetic: 'Buc^Jérôme' },
  chrGerm: { Alphabetic: 'Äneas^Rüdiger' },
  chrGreek: { Alphabetic: 'Διονυσιος' },
  chrH31: { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
  chrH32: { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
  chrHbrw: { Alphabetic: 'שרון^דבורה' },
  chrI2: { Alphabetic: 'Hong^Gildong', Ideographic: '洪^吉洞', Phonetic: '홍^길동' },
  chrJapMulti: { Alphabetic: 'やまだ^たろう' },
  chrJapMultiExplicitIR6: { Alphabetic: 'やまだ^たろう' },
  chrKoreanMulti: { Alphabetic: '김희중' },
  chrRuss: { Alphabetic: 'Люкceмбypг' },
  chrX1: { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' },
  chrX2: { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' },
}

describe.skipIf(sharedMissing)('character sets of real files (../shared is there)', () => {
  it.each(Object.entries(names))('%s', async (file, name) => {
    const json = await jsonOf(await readFile(sharedFile(`charset-pydicom/${file}.dcm`)))
    expect(json['00100010']).toEqual({ vr: 'PN', Value: [name] })
    expect(json['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] })
  })

  it.each(['chrSQEncoding', 'chrSQEncoding1'])(
    '%s: an item may have a set of its own, or the outer one',
    async (f) => {
      const json = await jsonOf(await readFile(sharedFile(`charset-pydicom/${f}.dcm`)))
      const item = (json['00321064'] as { Value: Record<string, { Value: object[] }>[] }).Value[0]!
      expect(item['00100010']?.Value).toEqual([
        { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
      ])
    },
  )
})

describe('character sets', () => {
  const encoded: [term: string, encoding: string, text: string][] = [
    ['ISO_IR 192', 'utf8', '张^伟=Zhang'],
    ['GB18030', 'gb18030', '张𠮷^伟'],
    ['GBK', 'gbk', '镕^朱'],
    ['ISO_IR 100', 'iso-8859-1', 'Jérôme'],
    ['ISO_IR 101', 'iso-8859-2', 'Wałęsa'],
    ['ISO_IR 109', 'iso-8859-3', 'Ġorġ'],
    ['ISO_IR 110', 'iso-8859-4', 'Ķēniņš'],
    ['ISO_IR 144', 'iso-8859-5', 'Люк'],
    ['ISO_IR 127', 'iso-8859-6', 'لنزار'],
    ['ISO_IR 126', 'iso-8859-7', 'Διον'],
    ['ISO_IR 138', 'iso-8859-8', 'שרון'],
    ['ISO_IR 148', 'iso-8859-9', 'Çavuşoğlu'],
    ['ISO_IR 166', 'tis-620', 'สมชาย'],
    ['ISO_IR 13', 'shift_jis', 'ﾔﾏﾀﾞ'],
  ]
  it.each(encoded)('%s', (term, encoding, text) => {
    expect(characterSetOf([term]).decode(iconv.encode(text, encoding), '\\^=')).toBe(text)
  })

  it('GB18030 and GBK hold bytes that look like delimiters: 0x5C in 倄 is no backslash', async () => {
    const name = iconv.encode('倄^闬=倄', 'gb18030')
    expect(name.includes(0x5c)).toBe(true)
    expect(
      await nameIn([
        [0x00080005, 'CS', 'GB18030'],
        [0x00100010, 'PN', name],
      ]),
    ).toEqual({ Alphabetic: '倄^闬', Ideographic: '倄' })
  })

  it('ISO 2022 IR 58: GB 2312 by escape, which each delimiter ends (PS3.5 K.2)', () => {
    const gb = (text: string) =>
      Buffer.concat([Buffer.from('\x1b$)A', 'latin1'), iconv.encode(text, 'gb2312')])
    const bytes = Buffer.concat([
      Buffer.from('Zhang^XiaoDong='),
      gb('张'),
      Buffer.from('^'),
      gb('小东'),
      Buffer.from('='),
    ])
    expect(characterSetOf(['', 'ISO 2022 IR 58']).decode(bytes, '\\^=')).toBe('Zhang^XiaoDong=张^小东=')
  })

  it('ISO 2022 IR 159: JIS X 0212', () => {
    const euc = Buffer.from([0x8f, 0xb0, 0xa1])
    const bytes = Buffer.concat([
      Buffer.from('\x1b$(D', 'latin1'),
      Buffer.from([0x30, 0x21]),
      Buffer.from('\x1b(B', 'latin1'),
    ])
    expect(characterSetOf(['', 'ISO 2022 IR 159']).decode(bytes, '\\')).toBe(iconv.decode(euc, 'euc-jp'))
    expect(iconv.decode(euc, 'euc-jp')).toBe('丂')
  })

  it('a delimiter brings the first set back (PS3.5 6.1.2.5.3)', async () => {
    const greek = Buffer.concat([Buffer.from('\x1b-F', 'latin1'), iconv.encode('Διον', 'iso-8859-7')])
    const name = Buffer.concat([greek, Buffer.from([0x5e, 0xe9])])
    const entries: Entry[] = [
      [0x00080005, 'CS', 'ISO 2022 IR 100\\ISO 2022 IR 126'],
      [0x00100010, 'PN', name],
    ]
    expect(await nameIn(entries)).toEqual({ Alphabetic: 'Διον^é' })
    const kanji = Buffer.from('\x1b$B;3ED\r\nABC', 'latin1')
    expect(characterSetOf(['', 'ISO 2022 IR 87']).decode(kanji, '\\')).toBe('山田\r\nABC')
  })

  it('bytes without an announced set: UTF-8, else the GBK of Chinese devices, else Latin-1', () => {
    const none = characterSetOf([])
    expect(none.decode(Buffer.from('李^雷'), '^')).toBe('李^雷')
    expect(none.decode(iconv.encode('李^雷', 'gbk'), '^')).toBe('李^雷')
    expect(none.decode(Buffer.from([0x4a, 0xe9]), '^')).toBe('Jé')
  })
})
