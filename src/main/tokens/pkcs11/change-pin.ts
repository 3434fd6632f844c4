import pkcs11 from 'pkcs11js'
import { login, logout, pinText, Refusal, refusalOf } from './login.ts'
import type { Inserted } from './module.ts'
import { returnValueOf } from './return-values.ts'

/**
 * Replaces the user's PIN (PKCS#11 v2.40 5.5 C_SetPIN). A new PIN of a length that the token does not take is refused
 * before the old one is shown; the old one is checked by a login first, so that a wrong one costs one try.
 * @throws Refusal pin-unacceptable, pin-change-unsupported, and what `login` throws
 */
export function changePin(token: Inserted, pin: Uint8Array, newPin: Uint8Array): void {
  const { library, slot } = token
  const { minPinLen, maxPinLen } = library.C_GetTokenInfo(slot)
  const limits = {
    ...(minPinLen > 0 && minPinLen < 256 ? { minLength: minPinLen } : {}),
    ...(maxPinLen > 0 && maxPinLen < 256 ? { maxLength: maxPinLen } : {}),
  }
  const unacceptable = new Refusal({ code: 'pin-unacceptable', facts: limits })
  if (newPin.length < (limits.minLength ?? 1) || newPin.length > (limits.maxLength ?? 255)) throw unacceptable

  const old = pinText(pin)
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION)
  try {
    loginUnlessExpired(token, old)
    library.C_SetPIN(session, old, pinText(newPin))
  } catch (error) {
    if (error instanceof Refusal) throw error
    const value = returnValueOf(error)
    if (value === pkcs11.CKR_PIN_LEN_RANGE || value === pkcs11.CKR_PIN_INVALID) throw unacceptable
    if (value === pkcs11.CKR_FUNCTION_NOT_SUPPORTED || value === pkcs11.CKR_TOKEN_WRITE_PROTECTED)
      throw new Refusal({ code: 'pin-change-unsupported', facts: { ckr: value } })
    throw refusalOf(token, error)
  } finally {
    logout(token)
    try {
      library.C_CloseSession(session)
    } catch {
      // It went with the token.
    }
  }
}

/** An expired PIN may do one thing only: be changed. */
function loginUnlessExpired(token: Inserted, pin: string): void {
  try {
    login(token, pin)
  } catch (error) {
    const expired = error instanceof Refusal && error.failure.facts.ckr === pkcs11.CKR_PIN_EXPIRED
    if (!expired) throw error
  }
}
