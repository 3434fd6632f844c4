import type { Failure } from '../../shared/errors/index.ts'

/** What a sign-in by key asks for beside the PIN. */
export interface Asks {
  /** The gateway has asked for it; the field may be there before that, where the rules say so. */
  password: boolean
  /** A new password in place of one that has ended or must be changed. */
  newPassword: boolean
  /** There is none yet: the first is chosen on the word of the key. */
  noPassword: boolean
  /** The one-time code that binds a key no account knows. */
  bindingCode: boolean
  /** The account is in use elsewhere: the next signature ends that session. */
  takeOver: boolean
}

export const asksNothing: Asks = {
  password: false,
  newPassword: false,
  noPassword: false,
  bindingCode: false,
  takeOver: false,
}

/** What the next try asks for, after the gateway has refused one. What was asked before is still asked. */
export function asksAfter(asks: Asks, { code, facts }: Failure): Asks {
  switch (code) {
    case 'password-required':
    case 'password-wrong':
      return { ...asks, password: true }
    case 'password-change-required':
    case 'password-unacceptable':
      return { ...asks, password: !asks.noPassword, newPassword: true }
    case 'password-not-set':
      return facts?.mayChoose === true ? { ...asks, newPassword: true, noPassword: true } : asks
    case 'account-unknown':
      return facts?.mayBind === true ? { ...asks, bindingCode: true } : asks
    case 'binding-code-invalid':
      return { ...asks, bindingCode: true }
    case 'session-elsewhere':
      return { ...asks, takeOver: mayTakeOver(facts) }
    default:
      return asks
  }
}

/** The hospital's policy may refuse a takeover. */
export function mayTakeOver(facts: Failure['facts']): boolean {
  return facts?.mayTakeOver !== false
}

/** Refusals that only ask for more: no mistake of the person's. */
export function onlyAsks({ code, facts }: Failure): boolean {
  return (
    code === 'password-required' ||
    code === 'password-change-required' ||
    (code === 'password-not-set' && facts?.mayChoose === true) ||
    (code === 'account-unknown' && facts?.mayBind === true)
  )
}
