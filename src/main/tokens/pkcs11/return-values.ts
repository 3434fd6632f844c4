import pkcs11 from 'pkcs11js'
import type { HostFailure } from './protocol.ts'

/** The CKR_ value of an error from pkcs11js, null for any other error. */
export function returnValueOf(error: unknown): number | null {
  return error instanceof pkcs11.Pkcs11Error ? error.code : null
}

const absent: readonly number[] = [
  pkcs11.CKR_DEVICE_REMOVED,
  pkcs11.CKR_TOKEN_NOT_PRESENT,
  pkcs11.CKR_TOKEN_NOT_RECOGNIZED,
  pkcs11.CKR_SESSION_HANDLE_INVALID,
  pkcs11.CKR_SESSION_CLOSED,
  pkcs11.CKR_SLOT_ID_INVALID,
]
const wrongPin: readonly number[] = [
  pkcs11.CKR_PIN_INCORRECT,
  pkcs11.CKR_PIN_INVALID,
  pkcs11.CKR_PIN_LEN_RANGE,
]
const lockedPin: readonly number[] = [
  pkcs11.CKR_PIN_LOCKED,
  pkcs11.CKR_PIN_EXPIRED,
  pkcs11.CKR_USER_PIN_NOT_INITIALIZED,
]

export function isAbsent(error: unknown): boolean {
  const value = returnValueOf(error)
  return value !== null && absent.includes(value)
}

/** Our code for a CKR_ value; `facts.ckr` keeps the number, which a vendor's support line asks for. */
export function failureForReturnValue(value: number | null): HostFailure {
  if (value === null) return { code: 'token-driver-failed', facts: {} }
  const code = absent.includes(value)
    ? 'token-absent'
    : wrongPin.includes(value)
      ? 'pin-wrong'
      : lockedPin.includes(value)
        ? 'pin-locked'
        : 'token-driver-failed'
  return { code, facts: { ckr: value } }
}
