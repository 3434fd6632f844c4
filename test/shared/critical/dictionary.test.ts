import { describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { analyseText, CriticalDictionary } from '../../../src/shared/critical/index.ts'
import { defaultAnalyzer } from './fixtures.ts'

describe('the default dictionary', () => {
  const dictionary = CriticalDictionary.parse(defaultDictionary)

  it('has the 38 types, each with its own code and names', () => {
    expect(dictionary.entries).toHaveLength(38)
    expect(new Set(dictionary.entries.map((e) => e.code)).size).toBe(38)
    expect(new Set(dictionary.entries.map((e) => e.nameZh)).size).toBe(38)
  })

  it('writes every type in both languages and lists no term twice', () => {
    for (const entry of dictionary.entries) {
      expect(new Set(entry.terms.map((t) => t.language))).toEqual(new Set(['zh', 'en']))
    }
    const texts = dictionary.entries.flatMap((e) => e.terms.map((t) => t.text.toLowerCase()))
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([])
  })

  it('finds every one of its own terms, asserted and negated', () => {
    for (const entry of dictionary.entries) {
      for (const { text, language, requires } of entry.terms) {
        const asserted = analyseText(defaultAnalyzer(), text).find((f) => f.type === entry.code)
        expect(asserted, text).toMatchObject({ start: 0, end: text.length, text })
        if (entry.code !== 'HAEMORRHAGE_INFARCT_PROGRESSION') {
          expect(asserted?.grade, text).toBe(requires === undefined ? 'positive' : 'possible')
        }
        const cue = language === 'zh' ? '未见' : 'No '
        const negated = analyseText(defaultAnalyzer(), `${cue}${text}`).find((f) => f.type === entry.code)
        expect(negated?.grade, text).toBe('negated')
      }
    }
  })
})
