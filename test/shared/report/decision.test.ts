import { describe, expect, it } from 'vitest'
import { Amendment, FindingDecision, StandingDecision } from '../../../src/shared/report/index.ts'

const at = { section: 'findings', start: 0, end: 2, type: 'ICH' }
const alert = {
  action: 'alert',
  ...at,
  alertType: 'ICH',
  level: 'red',
  content: '脑出血',
  recipient: { kind: 'ward', name: '', department: '', code: '', phone: '' },
  repeats: null,
}
const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

describe('what a radiologist decides', () => {
  it('may be an alert to somebody of whom nothing is known', () => {
    expect(takes(FindingDecision, alert)).toBe(true)
  })

  it.each([
    ['content that is too long', { content: '危'.repeat(501) }],
    ['no content', { content: '  ' }],
    ['a level that there is not', { level: 'purple' }],
    ['a recipient that there is not', { recipient: { ...alert.recipient, kind: 'everybody' } }],
    ['a recipient’s name that is too long', { recipient: { ...alert.recipient, name: '病'.repeat(61) } }],
    ['an id that is none', { repeats: 'X'.repeat(17) }],
    ['nothing said of repeats', { repeats: undefined }],
  ])('is not an alert with %s', (_, change) => {
    expect(takes(FindingDecision, { ...alert, ...change })).toBe(false)
  })

  it('is never without a reason where it dismisses, withdraws, keeps or amends', () => {
    for (const reason of ['', ' ', '无', 'x'.repeat(201)]) {
      expect(takes(FindingDecision, { action: 'dismiss', ...at, reason })).toBe(false)
      expect(takes(StandingDecision, { alertId: 'A', action: 'withdraw', reason })).toBe(false)
      expect(takes(Amendment, { kind: 'addendum', reason })).toBe(false)
    }
    expect(takes(FindingDecision, { action: 'dismiss', ...at, reason: '已知' })).toBe(true)
  })
})
