import { describe, expect, it } from 'vitest'
import { excerpt, sentencesOf } from '../../../src/renderer/sign-off/excerpt.ts'
import { inFindings, text } from './facts.ts'

describe('a finding’s own sentence', () => {
  it('is cut around it, also where there is no end to it', () => {
    expect(excerpt(text.findings, inFindings)).toEqual({
      before: '左侧',
      hit: '大量气胸',
      after: '，肺压缩约60%',
    })
    expect(excerpt('1. 左侧气胸', { start: 5, end: 7 }).before).toBe('左侧')
    expect(excerpt('1.5cm气胸', { start: 5, end: 7 }).before).toBe('1.5cm')
    const long = `${'甲'.repeat(200)}气胸${'乙'.repeat(200)}`
    const cut = excerpt(long, { start: 200, end: 202 })
    expect([cut.before.length, cut.hit, cut.after.length]).toEqual([60, '气胸', 60])
  })

  it('can be chosen from all of the report, without the numbers of its list', () => {
    const words = sentencesOf(text).map(({ section, start, end }) => text[section].slice(start, end))
    expect(words).toEqual([
      '双肺清晰',
      '左侧大量气胸，肺压缩约60%',
      '未见肺栓塞',
      '左侧大量气胸',
      '右侧大量气胸待排',
    ])
    expect(sentencesOf({ findings: '。\n  \n', impression: '' })).toEqual([])
  })
})
