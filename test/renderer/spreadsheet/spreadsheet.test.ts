import { describe, expect, it } from 'vitest'
import { csvOfRows, rowsOfCsv, textOfCsv } from '../../../src/renderer/spreadsheet/csv.ts'
import { fileOfRows, rowsOfFile, spreadsheetName } from '../../../src/renderer/spreadsheet/file.ts'
import { ipc } from '../../../src/shared/ipc/index.ts'

const rows = [
  ['代码', '词语', '阈值'],
  ['PE', '肺栓塞，"大量"', 30],
  ['X', '=1+1', null],
  ['Y', '两行\r\n文字', -2.5],
  ['Z', "'已有撇号", 0],
]

const fileOf = (base64: string) => new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))])

describe('rows as a file, and back', () => {
  it('as CSV keep every text, also what looks like a formula', async () => {
    const file = fileOf(await fileOfRows('csv', '词典', rows))
    expect(new Uint8Array(await file.arrayBuffer()).slice(0, 3)).toEqual(new Uint8Array([0xef, 0xbb, 0xbf]))
    const text = rows.map((row) => row.map((cell) => String(cell ?? '')))
    expect(await rowsOfFile(file)).toEqual({ rows: text })
  })

  it('as XLSX keep numbers as numbers and never become formulas', async () => {
    const file = fileOf(await fileOfRows('xlsx', '词典/2026', rows))
    expect(await rowsOfFile(file)).toEqual({ rows })
  })

  it('of 5,000 rows go through', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => [`CODE_${n}`, `词语${n}`.repeat(8), n])
    for (const format of ['csv', 'xlsx'] as const) {
      const read = await rowsOfFile(fileOf(await fileOfRows(format, '词典', many)))
      expect('rows' in read && read.rows.length).toBe(5_000)
    }
  })
})

describe('a file that somebody chose', () => {
  it('is read in the encodings that spreadsheets write', () => {
    // 肺栓塞 in GB18030.
    expect(textOfCsv(new Uint8Array([0xb7, 0xce, 0xcb, 0xa8, 0xc8, 0xfb]))).toBe('肺栓塞')
    expect(textOfCsv(new Uint8Array([0xff, 0xfe, 0xba, 0x80]))).toBe('肺')
    expect(textOfCsv(new TextEncoder().encode('\uFEFF肺'))).toBe('肺')
  })

  it.each([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a;b,c;d\r\n1;2',
      [
        ['a', 'b,c', 'd'],
        ['1', '2'],
      ],
    ],
    [
      'a\tb\r1\t2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['"a""b","c\nd"\n', [['a"b', 'c\nd']]],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ["'=1,''x", [['=1', "''x"]]],
    ['5" tube,x', [['5" tube', 'x']]],
  ])('%j is %j', (text, cells) => {
    expect(rowsOfCsv(text)).toEqual(cells)
  })

  it.each([
    ['empty', new Blob(['\r\n,,\r\n'])],
    ['unreadable', new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 9, 9, 9])])],
    ['unreadable', new Blob([new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1])])],
    ['unreadable', new Blob([new Uint8Array([0x89, 0x50, 0, 0, 0])])],
    ['too-large', new Blob([new Uint8Array(17 * 1024 * 1024)])],
  ])('is told apart: %s', async (problem, file) => {
    expect(await rowsOfFile(file)).toEqual({ problem })
  })

  it('has a name that the contract takes', () => {
    const name = spreadsheetName('危急值词典 v3/草稿', 'xlsx', Date.UTC(2026, 10, 23, 4))
    expect(ipc['retrospect.export'].args.shape.fileName.parse(name)).toMatch(
      /^危急值词典 v3-草稿-202611\d\d\.xlsx$/,
    )
  })

  it('quotes only what needs it', () => {
    expect(csvOfRows([['a', 1, null]])).toBe('a,1,\r\n')
  })
})
