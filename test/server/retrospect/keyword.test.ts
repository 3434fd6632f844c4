import { describe, expect, it } from 'vitest'
import { createKeywordSearch } from '../../../src/server/retrospect/keyword.ts'

const words = (keyword: string, findings: string, impression = '') => {
  const text = { findings, impression }
  return createKeywordSearch(keyword)(text)?.map(({ section, start, end }) => text[section].slice(start, end))
}

describe('a keyword', () => {
  it.each([
    ['气胸', '右侧气胸，左侧无气胸。', ['气胸', '气胸']],
    ['ctpa', '行ＣＴＰＡ检查。', ['ＣＴＰＡ']],
    ['ＣＴＰＡ', '急诊ctpa：阴性。', ['ctpa']],
    ['氣胸', '右侧气胸。', ['气胸']],
    ['气胸', '右側氣胸。', ['氣胸']],
    ['食管', '食道扩张。', ['食道']],
    ['气胸', '右侧气 胸。', ['气 胸']],
    ['10mm', '中线移位约10㎜。', ['10㎜']],
    ['𠮷', '𠮷野家', ['𠮷']],
    ['.*', '见.*号', ['.*']],
  ])('%s is found in %s', (keyword, text, found) => {
    expect(words(keyword, text)).toEqual(found)
  })

  it('of several words needs each of them, in whichever section', () => {
    expect(words('气胸 骨折', '右侧气胸。', '肋骨骨折。')).toEqual(['气胸', '骨折'])
    expect(words('气胸　骨折', '右侧气胸。')).toBeUndefined()
  })

  it('that stands there a thousand times is shown some times, and costs no time', () => {
    const began = performance.now()
    expect(words('啊', '啊'.repeat(20_000))).toHaveLength(20)
    expect(words(`${'啊'.repeat(79)}b`, '啊'.repeat(20_000))).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
