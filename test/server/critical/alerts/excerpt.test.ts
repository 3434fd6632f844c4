import { describe, expect, it } from 'vitest'
import { excerptAround } from '../../../../src/server/critical/alerts/excerpt.ts'

const around = (text: string, keyword: string) => {
  const start = text.indexOf(keyword)
  return excerptAround(text, start, start + keyword.length)
}

describe('excerpt', () => {
  it('is the sentence', () => {
    expect(around('双肺清晰。右侧气胸，肺压缩约60%。心影不大。', '气胸')).toBe('右侧气胸，肺压缩约60%。')
    expect(around('1. 脑出血\n2. 脑疝', '脑疝')).toBe('脑疝')
    expect(around('The aneurysm is 5.5 cm wide. No leak.', 'aneurysm')).toBe('The aneurysm is 5.5 cm wide.')
  })

  it('is cut where a sentence has no end, never within a character', () => {
    const text = `${'𠮷'.repeat(300)}气胸${'𠮷'.repeat(300)}`
    const excerpt = around(text, '气胸')
    expect(excerpt.length).toBeLessThanOrEqual(202)
    expect(excerpt).toContain('气胸')
    expect(excerpt.isWellFormed()).toBe(true)
  })
})
