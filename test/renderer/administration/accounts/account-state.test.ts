import { describe, expect, it } from 'vitest'
import { accountActions } from '../../../../src/renderer/administration/accounts/account-actions.ts'
import { accountStates } from '../../../../src/renderer/administration/accounts/account-state.ts'
import { inGroups } from '../../../../src/renderer/administration/accounts/in-groups.ts'
import { personOf } from '../../../../src/renderer/administration/accounts/person.ts'
import { permissionsOf, type Role } from '../../../../src/shared/access/index.ts'
import type { AccountRow } from '../../../../src/shared/api/administration.ts'
import { account } from '../../window/office.ts'

const now = 1_795_000_000_000
const day = 86_400_000
const states = (given: Partial<AccountRow>) => accountStates(account(now, given), now).map(({ kind }) => kind)

describe('the state of an account', () => {
  it('is good where there is nothing to say', () => {
    expect(states({})).toEqual(['good'])
    expect(states({ password: null })).toEqual(['good'])
    expect(states({ lockedUntil: now, fallbackUntil: now - 1 })).toEqual(['good'])
  })

  it('says all there is, the gravest first', () => {
    expect(
      states({
        disabled: true,
        roles: [],
        lockedUntil: now + 1,
        fallbackUntil: now + 1,
        certificates: 0,
        password: { expiresAt: now + day, mustChange: true },
      }),
    ).toEqual(['disabled', 'no-role', 'locked', 'fallback', 'no-key', 'must-change', 'password-soon'])
  })

  it('tells a password that has ended from one that ends soon', () => {
    expect(states({ password: { expiresAt: now, mustChange: false } })).toEqual(['password-over'])
    expect(states({ password: { expiresAt: now + 14 * day, mustChange: false } })).toEqual(['password-soon'])
    expect(states({ password: { expiresAt: now + 14 * day + 1, mustChange: false } })).toEqual(['good'])
  })
})

describe('what may be done with an account', () => {
  const may = (role: Role, given: Partial<AccountRow> = {}) =>
    accountActions(account(now, given), permissionsOf({ roles: [role] }), now)

  it('is the officer’s own part of it, and nothing for the others', () => {
    expect(may('system-administrator')).toEqual(['edit', 'disable'])
    expect(may('system-administrator', { disabled: true })).toEqual(['edit', 'enable'])
    expect(may('security-officer')).toEqual([
      'authorise',
      'bind-certificate',
      'binding-code',
      'reset-password',
      'grant-fallback',
    ])
    expect(may('auditor')).toEqual([])
    expect(may('radiologist')).toEqual([])
  })

  it('follows its state', () => {
    expect(may('security-officer', { lockedUntil: now + 1 })).toContain('clear-lockout')
    expect(may('security-officer', { fallbackUntil: now + 1 })).toContain('end-fallback')
    expect(may('security-officer', { fallbackUntil: now + 1 })).not.toContain('grant-fallback')
    expect(may('system-administrator', { roles: ['bootstrap-administrator'] })).toEqual([])
  })
})

describe('a person as typed', () => {
  it('is what the contract takes, a missing staff number left out', () => {
    expect(personOf({ loginName: ' LiMH ', displayName: ' 李明华 ', staffNumber: ' ' })).toEqual({
      loginName: 'limh',
      displayName: '李明华',
    })
  })

  it.each([
    { loginName: 'a', displayName: '李', staffNumber: '' },
    { loginName: 'li mh', displayName: '李', staffNumber: '' },
    { loginName: 'limh', displayName: ' ', staffNumber: '' },
    { loginName: 'limh', displayName: '李\u202e华', staffNumber: '' },
    { loginName: 'limh', displayName: '李', staffNumber: '工号1' },
  ])('is nobody where something cannot be right: %j', (typed) => {
    expect(personOf(typed)).toBeNull()
  })
})

it('a code is read out four by four', () => {
  expect(inGroups('ABCDEFGHIJ')).toBe('ABCD EFGH IJ')
  expect(inGroups('ABCD')).toBe('ABCD')
})
