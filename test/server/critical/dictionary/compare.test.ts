import { describe, expect, it } from 'vitest'
import { compareFindings } from '../../../../src/server/critical/dictionary/compare.ts'
import { analyseReport, compileDictionary } from '../../../../src/shared/critical/index.ts'
import type { DictionaryEntry } from '../../../../src/shared/critical/model.ts'

const entry = (code: string, texts: string[], more: Partial<DictionaryEntry> = {}): DictionaryEntry => ({
  code,
  nameZh: code,
  nameEn: code,
  level: 'red',
  terms: texts.map((text) => ({ text, language: 'zh' })),
  ...more,
})
const exam = { modality: 'CT', bodyPart: '', itemName: '', patientClass: '', sex: '', age: '008Y' }
const found = (text: string, ...entries: DictionaryEntry[]) =>
  analyseReport(compileDictionary({ version: '1', entries }), { findings: text, impression: '' }, exam)
const words = (text: string, findings: { start: number; end: number }[]) =>
  findings.map(({ start, end }) => text.slice(start, end))

describe('two dictionaries over one report', () => {
  const text = '左侧脑出血。未见气胸。胸腔积液，考虑肺栓塞。'

  it('differ by what needs a decision with one and not with the other', () => {
    const before = found(text, entry('ICH', ['脑出血']), entry('PTX', ['气胸']), entry('EFF', ['胸腔积液']))
    const after = found(text, entry('ICH', ['脑出血']), entry('PTX', ['气胸']), entry('PE', ['肺栓塞']))
    const compared = compareFindings(before, after)
    expect(words(text, compared.fires)).toEqual(['肺栓塞'])
    expect(words(text, compared.stops)).toEqual(['胸腔积液'])
    expect(compared.before).toHaveLength(2)
    expect(compared.after).toHaveLength(2)
  })

  it('do not differ by a longer way of writing, but by the type it is', () => {
    const before = found(text, entry('ICH', ['脑出血']))
    expect(compareFindings(before, found(text, entry('ICH', ['左侧脑出血'])))).toMatchObject({
      fires: [],
      stops: [],
    })
    const other = compareFindings(before, found(text, entry('BLEED', ['脑出血'])))
    expect([other.fires.length, other.stops.length]).toEqual([1, 1])
  })

  it('differ by scope: what is not for exams like this one stops', () => {
    const before = found(text, entry('ICH', ['脑出血']))
    const after = found(text, entry('ICH', ['脑出血'], { scope: { age: { from: 18 } } }))
    expect(words(text, compareFindings(before, after).stops)).toEqual(['脑出血'])
  })
})
