import { describe, expect, it } from 'vitest'
import {
  analyseReport,
  analyseText,
  compileDictionary,
  findingKey,
  needsDecision,
  scanLine,
} from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

const spans = (text: string, terms?: string[]) =>
  scanLine({ id: 'x', text, ...(terms && { terms }) }, defaultAnalyzer()).findings.map((f) => [
    f.start,
    f.end,
    f.text,
  ])

describe('offsets', () => {
  it('are those of the text as given, whatever normalisation removed or widened before', () => {
    expect(spans('　　ＣＴ示：ＳＡＨ')).toEqual([[6, 9, 'ＳＡＨ']])
    expect(spans('大小５㎜，气 \u200b胸')).toEqual([[5, 9, '气 \u200b胸']])
    expect(spans('𠮷𠮷😀右侧气胸😀')).toEqual([[8, 10, '气胸']])
    expect(spans('a   b\r\nfree\t\tair')).toEqual([[7, 16, 'free\t\tair']])
    expect(spans('An oesophageal   foreign-body', ['esophageal foreign body'])).toEqual([
      [3, 29, 'oesophageal   foreign-body'],
    ])
    expect(spans('Subdural  hæmatoma; subdural  haematomas.')).toEqual([[20, 40, 'subdural  haematomas']])
  })

  it('hold for terms of characters outside the basic plane', () => {
    expect(spans('见𠮷病及𠮷病', ['𠮷病'])).toEqual([
      [1, 4, '𠮷病'],
      [5, 8, '𠮷病'],
    ])
  })

  it('always slice to the text of the finding, ordered by start', () => {
    const text = '双侧气胸。脑疝；１．急性硬膜下血肿，较前增大\n2、SAH  could not be excluded. 未見 肺栓塞'
    const found = analyseText(defaultAnalyzer(), text)
    expect(found).toHaveLength(5)
    for (const f of found) expect(text.slice(f.start, f.end)).toBe(f.text)
    expect(found.map((f) => f.start)).toEqual(found.map((f) => f.start).sort((a, b) => a - b))
  })
})

describe('overlapping terms', () => {
  const entry = (code: string, ...texts: string[]) => ({
    code,
    nameZh: code,
    nameEn: code,
    level: 'red' as const,
    terms: texts.map((text) => ({ text, language: 'zh' as const })),
  })

  it('of one type: the longest wins; of different types: both stay', () => {
    const analyzer = compileDictionary({
      version: '1',
      entries: [entry('A', '脑出血', '出血', '高血压脑出血'), entry('B', '出血')],
    })
    const found = analyseText(analyzer, '高血压脑出血，出血')
    expect(found.map((f) => [f.type, f.text])).toEqual([
      ['A', '高血压脑出血'],
      ['B', '出血'],
      ['A', '出血'],
      ['B', '出血'],
    ])
  })

  it('English terms stand on word boundaries, in singular or plural', () => {
    expect(spans('PEs? SAH, SAHs; ards.', undefined).map((s) => s[2])).toEqual(['SAH', 'ards'])
    expect(
      spans('infarcts infarction reinfarct infarct(s) 双侧infarct灶', ['infarct']).map((s) => s[2]),
    ).toEqual(['infarcts', 'infarct(s)', 'infarct'])
  })
})

describe('a report', () => {
  const report = { findings: '左侧气胸。', impression: '1.左侧气胸；2.未见肺栓塞。' }

  it('is analysed section by section, each finding with a key of its own that is stable for the same text', () => {
    const found = analyseReport(defaultAnalyzer(), report, null)
    expect(found.map((f) => [f.section, f.text, needsDecision(f)])).toEqual([
      ['findings', '气胸', true],
      ['impression', '气胸', true],
      ['impression', '肺栓塞', false],
    ])
    expect(found.map(findingKey)).toEqual([
      'findings:2-4:LARGE_PNEUMOTHORAX',
      'impression:4-6:LARGE_PNEUMOTHORAX',
      'impression:11-14:PULMONARY_EMBOLISM',
    ])
    expect(analyseReport(defaultAnalyzer(), structuredClone(report), null).map(findingKey)).toEqual(
      found.map(findingKey),
    )
  })
})
