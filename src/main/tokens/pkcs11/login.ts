import pkcs11 from 'pkcs11js'
import { type Inserted, pinState } from './module.ts'
import type { HostFailure } from './protocol.ts'
import { failureForReturnValue, returnValueOf } from './return-values.ts'

/** A refusal that crosses back to the workstation as it is. */
export class Refusal extends Error {
  readonly failure: HostFailure

  constructor(failure: HostFailure) {
    super(failure.code)
    this.failure = failure
  }
}

/**
 * The PIN as pkcs11js takes it: as a string only. It is made here, in the host, and dropped with the call; a string
 * cannot be wiped, so it exists in no other process and in no variable that outlives the call.
 */
export function pinText(pin: Uint8Array): string {
  return Buffer.from(pin.buffer, pin.byteOffset, pin.length).toString('utf8')
}

/**
 * Logs in. The PIN is tried exactly once, and not shown to a token that says it is locked.
 * @throws Refusal pin-wrong (with what the token's flags then say), pin-locked, token-absent, token-driver-failed
 */
export function login(token: Inserted, pin: string): void {
  if (pinState(token) === 'locked') throw new Refusal({ code: 'pin-locked', facts: {} })
  const { library, session } = token
  try {
    try {
      library.C_Login(session, pkcs11.CKU_USER, pin)
    } catch (error) {
      if (returnValueOf(error) !== pkcs11.CKR_USER_ALREADY_LOGGED_IN) throw error
      // Another session of this process left it open. The PIN must be checked for this operation all the same.
      library.C_Logout(session)
      library.C_Login(session, pkcs11.CKU_USER, pin)
    }
  } catch (error) {
    throw refusalOf(token, error)
  }
}

/** The refusal for an error of a call that was shown a PIN. */
export function refusalOf(token: Inserted, error: unknown): Refusal {
  return new Refusal(withTries(token, failureForReturnValue(returnValueOf(error))))
}

export function logout(token: Inserted): void {
  try {
    token.library.C_Logout(token.session)
  } catch {
    // The token has gone, or logged itself out after the signature.
  }
}

/** How near the lock-out is, where the token says so. */
function withTries(token: Inserted, failure: HostFailure): HostFailure {
  if (failure.code !== 'pin-wrong') return failure
  try {
    const state = pinState(token)
    if (state === 'locked') return { code: 'pin-locked', facts: failure.facts }
    const facts = { ...failure.facts, pin: state }
    return { code: 'pin-wrong', facts: state === 'final-try' ? { ...facts, triesLeft: 1 } : facts }
  } catch {
    return failure
  }
}
