import { describe, expect, it } from 'vitest'
import {
  decisionsOf,
  type Entry,
  excerpt,
  freshEntries,
  lackOf,
} from '../../../src/renderer/sign-off/decisions.ts'
import { findingKey, type SectionFinding } from '../../../src/shared/critical/index.ts'
import { FindingDecision } from '../../../src/shared/report/index.ts'

const text = { findings: '双肺清晰。左侧大量气胸，肺压缩约60%；未见肺栓塞。', impression: '' }
const finding = (word: string, grade: SectionFinding['grade'], type: string): SectionFinding => {
  const start = text.findings.indexOf(word)
  const end = start + word.length
  return { section: 'findings', start, end, text: word, term: word, type, level: 'red', grade, because: '' }
}
const positive = finding('大量气胸', 'positive', 'LARGE_PNEUMOTHORAX')
const negated = finding('肺栓塞', 'negated', 'PULMONARY_EMBOLISM')
const entry = (change: Partial<Entry>): Entry => ({
  action: null,
  content: 'x',
  reason: null,
  otherReason: '',
  ...change,
})

describe('sign-off decisions', () => {
  it('asks for the positive and possible alone, with the alert text made from the sentence', () => {
    const entries = freshEntries([positive, negated], text, () => '大量气胸')
    expect(Object.keys(entries)).toEqual([findingKey(positive)])
    expect(entries[findingKey(positive)]).toMatchObject({
      action: null,
      content: '大量气胸：左侧大量气胸，肺压缩约60%',
    })
  })

  it.each<[Partial<Entry>, ReturnType<typeof lackOf>]>([
    [{}, 'action'],
    [{ action: 'alert' }, null],
    [{ action: 'alert', content: '  ' }, 'content'],
    [{ action: 'dismiss' }, 'reason'],
    [{ action: 'dismiss', reason: 'known' }, null],
    [{ action: 'dismiss', reason: 'other', otherReason: '无' }, 'reason'],
    [{ action: 'dismiss', reason: 'other', otherReason: '已转院' }, null],
  ])('%j lacks %s', (change, lack) => {
    expect(lackOf(entry(change))).toBe(lack)
  })

  it('makes decisions that the contract takes and the gateway matches to its finding', () => {
    const made = (change: Partial<Entry>) =>
      decisionsOf([positive, negated], { [findingKey(positive)]: entry(change) }, () => '临床已知')
    const [alert] = made({ action: 'alert', content: ' 左侧大量气胸 ' })
    expect(FindingDecision.parse(alert)).toMatchObject({ action: 'alert', content: '左侧大量气胸' })
    expect(findingKey(alert!)).toBe(findingKey(positive))
    expect(made({ action: 'dismiss', reason: 'known' })[0]).toMatchObject({ reason: '临床已知' })
    expect(made({ action: 'dismiss', reason: 'other', otherReason: ' 已转院 ' })[0]).toMatchObject({
      reason: '已转院',
    })
    expect(made({ action: null })).toEqual([])
  })

  it('cuts the sentence around a finding, also where there is no end to it', () => {
    expect(excerpt(text.findings, positive)).toEqual({
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
})
