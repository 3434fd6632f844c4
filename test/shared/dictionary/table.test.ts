import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { DictionaryContent } from '../../../src/shared/api/dictionary.ts'
import { dictionaryOfRows, dictionaryRows } from '../../../src/shared/dictionary/index.ts'

const starting = DictionaryContent.parse(defaultDictionary)
const base = DictionaryContent.parse({ entries: [], rules: { repeatHours: 7 } })

/** Everything that an entry and a term may say, in words that mean something in the table form. */
const awkward = DictionaryContent.parse({
  rules: base.rules,
  entries: [
    {
      code: 'A1',
      nameZh: "=cmd|' /C calc'!A0",
      nameEn: '@SUM(1+1)',
      level: 'yellow',
      scope: {
        modalities: ['CT', 'a;b', '；'],
        bodyParts: ['头, 颈', '"引号"', ' 前后空格 ', '\\', '换\n行'],
        patientClasses: ['emergency', 'checkup'],
        sex: 'F',
        age: { from: 0, to: 17 },
      },
      recipient: 'duty-office',
      terms: [
        { text: '-1+1', language: 'en', level: 'red' },
        {
          text: '量|≥10 ml; →@',
          language: 'zh',
          requires: { measures: ['a|b', '>=', '->', '@家', '≥'], atLeast: 0.5, unit: 'percent' },
          measuredLevels: [
            {
              threshold: { measures: ['量'], atLeast: 1e21, unit: 'ml' },
              where: ['左;右', '/'],
              reached: 'red',
              below: 'orange',
            },
            {
              threshold: { measures: ['x'], atLeast: -0.25, unit: 'mm' },
              reached: 'orange',
              below: 'yellow',
            },
          ],
          notWithin: ['+', '\t制表', '=1'],
        },
      ],
    },
    {
      code: 'B2',
      nameZh: '乙',
      nameEn: 'b',
      level: 'red',
      scope: { age: { to: 1 } },
      terms: [{ text: '乙', language: 'zh' }],
    },
  ],
})

describe('the table form of a dictionary', () => {
  it.each(['zh-CN', 'en'] as const)('in %s says all of it, and is read back exactly', (language) => {
    for (const content of [starting, awkward]) {
      const read = dictionaryOfRows(dictionaryRows(content, language), { ...base, rules: content.rules })
      expect(read).toEqual({ ok: true, content })
    }
  })

  it('has a row for each term, in words that a person can write', () => {
    const rows = dictionaryRows(starting, 'zh-CN')
    expect(rows).toHaveLength(1 + starting.entries.reduce((sum, { terms }) => sum + terms.length, 0))
    expect(rows[0]?.slice(0, 4)).toEqual(['类型代码', '危急值类型', '英文名称', '级别'])
    const row = rows.find((cells) => cells.includes('中线移位'))
    expect(row).toContain('中线|midline ≥ 10 mm')
  })

  it('keeps the rules of the dictionary that it is read into', () => {
    const read = dictionaryOfRows(dictionaryRows(starting, 'zh-CN'), base)
    expect(read.ok && read.content.rules.repeatHours).toBe(7)
  })

  const header = [
    '类型代码',
    '危急值类型',
    '英文名称',
    '级别',
    '术语',
    '语言',
    '年龄下限',
    '报警阈值',
    '按测量值分级',
  ]
  const row = (change: Record<string, string> = {}) => {
    const cells: Record<string, string> = {
      类型代码: 'PE',
      危急值类型: '肺栓塞',
      英文名称: 'PE',
      级别: '红',
      术语: '肺栓塞',
      语言: '中文',
      ...change,
    }
    return header.map((heading) => cells[heading] ?? '')
  }
  const problems = (...rows: string[][]) => {
    const read = dictionaryOfRows([header, ...rows], base)
    return read.ok ? [] : read.problems.map(({ row: at, column, reason }) => [at, column, reason])
  }

  it('may be written by hand: any order, either language, other signs, the type named once', () => {
    const read = dictionaryOfRows(
      [
        [
          'Term',
          '语言',
          ' 类型代码 ',
          '危急值类型',
          'nameEn',
          'LEVEL',
          'requires',
          '按测量值分级',
          '年龄下限',
        ],
        [
          '气胸',
          'zh',
          'PTX',
          '气胸',
          'pneumothorax',
          'Red',
          '肺压缩>=50％',
          '肺压缩 >= 50% -> 红/黄； 压缩≥30%→橙/黄 @ 左',
          '18.0',
        ],
        ['', '', '', '', '', '', '', '', ''],
        ['pneumothorax', '英文', 'PTX', '', '', ''],
      ],
      base,
    )
    expect(read).toMatchObject({
      ok: true,
      content: {
        entries: [
          {
            code: 'PTX',
            level: 'red',
            scope: { age: { from: 18 } },
            terms: [
              {
                requires: { measures: ['肺压缩'], atLeast: 50, unit: 'percent' },
                measuredLevels: [
                  { reached: 'red', below: 'yellow' },
                  { where: ['左'], reached: 'orange' },
                ],
              },
              { text: 'pneumothorax', language: 'en' },
            ],
          },
        ],
      },
    })
  })

  const other = (change: Record<string, string>) => row({ 类型代码: 'NEW', ...change })
  it.each([
    ['a code that is none', other({ 类型代码: 'pe 1' }), 'code', 'unreadable'],
    ['no code', other({ 类型代码: '' }), 'code', 'missing'],
    ['no name', other({ 危急值类型: '' }), 'nameZh', 'missing'],
    ['no term', other({ 术语: '' }), 'term', 'missing'],
    ['a level that is none', other({ 级别: '紫' }), 'level', 'unreadable'],
    ['a term that is too long', other({ 术语: '长'.repeat(81) }), 'term', 'too-long'],
    ['an age that is none', other({ 年龄下限: '十八' }), 'ageFrom', 'unreadable'],
    ['an age beyond all', other({ 年龄下限: '151' }), 'ageFrom', 'unreadable'],
    ['a threshold without a unit', other({ 报警阈值: '中线 ≥ 10' }), 'requires', 'unreadable'],
    ['a threshold of nothing', other({ 报警阈值: '≥ 10 mm' }), 'requires', 'unreadable'],
    ['a formula for a threshold', other({ 报警阈值: '=HYPERLINK("http://x")' }), 'requires', 'unreadable'],
    ['levels that are one', other({ 按测量值分级: '量 ≥ 1 ml → 红' }), 'measuredLevels', 'unreadable'],
    ['levels and more', other({ 按测量值分级: '量 ≥ 1 ml → 红/橙/黄' }), 'measuredLevels', 'unreadable'],
  ])('with %s is refused, row and column named', (_, written, column, reason) => {
    expect(problems(row(), row({ 术语: '甲' }), written)).toEqual([[4, column, reason]])
  })

  it('with two levels for one type is refused', () => {
    expect(problems(row(), row({ 术语: 'PE', 级别: '黄' }))).toEqual([[3, 'level', 'differs']])
  })

  it('without a column that must be, with one twice, or one that is none, is refused at once', () => {
    expect(dictionaryOfRows([], base)).toMatchObject({ ok: false })
    const read = dictionaryOfRows([['类型代码', 'code', '备注', '级别'], ['x']], base)
    expect(read.ok ? [] : read.problems.map(({ heading, reason }) => [heading, reason])).toEqual([
      ['code', 'repeated-column'],
      ['备注', 'unknown-column'],
      ['', 'missing'],
      ['', 'missing'],
      ['', 'missing'],
      ['', 'missing'],
    ])
  })

  it('with thousands of wrong rows names some, with hundreds of terms of one type is refused', () => {
    expect(problems(...Array.from({ length: 5000 }, () => row({ 级别: '紫' })))).toHaveLength(200)
    const terms = Array.from({ length: 201 }, (_, i) => row({ 术语: `词${i}` }))
    expect(problems(...terms)).toEqual([[202, 'term', 'too-many']])
  })

  it('reads names of an object for words like any other', () => {
    for (const word of ['__proto__', 'constructor', 'toString'])
      expect(problems(row({ 级别: word }), row({ 类型代码: 'OK', 语言: word }))).toEqual([
        [2, 'level', 'unreadable'],
        [3, 'language', 'unreadable'],
      ])
  })
})
