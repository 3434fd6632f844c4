import { describe, expect, it } from 'vitest'
import { daysLeft } from '../../../src/renderer/account/password-end.ts'
import {
  knownRules,
  metHints,
  newPasswordMistake,
  passwordHints,
} from '../../../src/renderer/account/password-hints.ts'
import { secretGroups } from '../../../src/renderer/account/secret-groups.ts'

const owner = { loginName: 'li.ming', displayName: '李明华', staffNumber: '' }
const rules = { minLength: 12, minClasses: 3, history: 5 }
const good = 'Plum-harvest-88 tin'

describe('the rules of a new password', () => {
  it('are the gateway’s, or what a refusal has told, or the least that every policy asks for', () => {
    const told = { password: true, fallback: true, newPassword: { minLength: 12, minClasses: 3, history: 5 } }
    expect(knownRules(told, null)).toEqual(rules)
    expect(knownRules(null, null)).toEqual({ minLength: 8, minClasses: 2, history: null })
    const refusal = { code: 'password-unacceptable', facts: { why: 'too-short', minLength: 14 } } as const
    expect(knownRules(told, refusal)).toEqual({ ...rules, minLength: 14 })
    expect(knownRules(null, refusal).minLength).toBe(14)
  })

  it('turn good one by one', () => {
    expect(metHints('', rules, owner)).toEqual([])
    expect(metHints('aaa', rules, owner)).toEqual(['contains-name'])
    expect(metHints('li.ming', rules, owner)).not.toContain('contains-name')
    expect(metHints(good, rules, owner)).toEqual(passwordHints)
  })

  it.each([
    ['', '', 'missing'],
    ['short', 'short', 'rules'],
    [good, `${good}!`, 'differs'],
    [good, '', 'differs'],
    [good, good, null],
  ])('%s and %s', (newPassword, newPasswordAgain, mistake) => {
    expect(newPasswordMistake({ newPassword, newPasswordAgain }, rules, owner)).toBe(mistake)
  })

  it('end in whole days', () => {
    const day = 86_400_000
    expect([daysLeft(1, 0), daysLeft(day, 0), daysLeft(day + 1, 0), daysLeft(0, 1)]).toEqual([1, 1, 2, 0])
  })

  it('leave a secret to be typed in groups of four', () => {
    expect(secretGroups('ABCDEFGHIJ')).toBe('ABCD EFGH IJ')
    expect(secretGroups('')).toBe('')
  })
})
