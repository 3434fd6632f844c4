import { describe, expect, it } from 'vitest'
import { type Asks, asksAfter, asksNothing, onlyAsks } from '../../../src/renderer/sign-in/asks.ts'
import { ErrorCode, type Failure } from '../../../src/shared/errors/index.ts'

describe('what a sign-in asks for next', () => {
  it.each<[Failure, Partial<Asks>]>([
    [{ code: 'password-required' }, { password: true }],
    [{ code: 'password-wrong' }, { password: true }],
    [
      { code: 'password-change-required', facts: { why: 'expired' } },
      { password: true, newPassword: true },
    ],
    [
      { code: 'password-unacceptable', facts: { why: 'weak' } },
      { password: true, newPassword: true },
    ],
    [
      { code: 'password-not-set', facts: { mayChoose: true } },
      { newPassword: true, noPassword: true },
    ],
    [{ code: 'password-not-set', facts: { mayChoose: false } }, {}],
    [{ code: 'account-unknown', facts: { mayBind: true } }, { bindingCode: true }],
    [{ code: 'account-unknown', facts: { mayBind: false } }, {}],
    [{ code: 'account-unknown' }, {}],
    [{ code: 'binding-code-invalid' }, { bindingCode: true }],
    [{ code: 'session-elsewhere' }, { takeOver: true }],
    [{ code: 'session-elsewhere', facts: { mayTakeOver: true } }, { takeOver: true }],
    [{ code: 'session-elsewhere', facts: { mayTakeOver: false } }, {}],
  ])('after %j', (failure, asked) => {
    expect(asksAfter(asksNothing, failure)).toEqual({ ...asksNothing, ...asked })
  })

  it('forgets nothing that was asked before, and no other code asks for anything', () => {
    const everything: Asks = {
      password: true,
      newPassword: true,
      noPassword: false,
      bindingCode: true,
      takeOver: true,
    }
    for (const code of ErrorCode.options) expect(asksAfter(everything, { code })).toEqual(everything)
    const asking = ErrorCode.options.filter((code) => asksAfter(asksNothing, { code }) !== asksNothing)
    expect(asking.toSorted()).toEqual([
      'binding-code-invalid',
      'password-change-required',
      'password-required',
      'password-unacceptable',
      'password-wrong',
      'session-elsewhere',
    ])
  })

  it('takes back a takeover that policy has since forbidden', () => {
    const failure: Failure = { code: 'session-elsewhere', facts: { mayTakeOver: false } }
    expect(asksAfter({ ...asksNothing, takeOver: true }, failure).takeOver).toBe(false)
  })

  it('is calm where only more is asked for', () => {
    expect(onlyAsks({ code: 'password-required' })).toBe(true)
    expect(onlyAsks({ code: 'password-wrong' })).toBe(false)
    expect(onlyAsks({ code: 'account-unknown' })).toBe(false)
  })
})
