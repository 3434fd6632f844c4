import { generateKeyPairSync, sign as signBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pkcs11 from 'pkcs11js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/main/tokens/pkcs11/login.ts'
import type { Inserted } from '../../../src/main/tokens/pkcs11/module.ts'
import { signOnce } from '../../../src/main/tokens/pkcs11/sign.ts'
import { temporary } from '../temporary.ts'
import { makeKey } from './softhsm.ts'

/**
 * What SoftHSM2 cannot do: lock a PIN, ask for it at each signature, lack PSS. A library that does, in its place.
 */
const dir = temporary('sign-once')
const der = new X509Certificate(readFileSync(makeKey(dir, 'rsa', 'rsa').certFile)).raw
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const rightPin = '123456'

function ckr(name: string): Error {
  const value = (pkcs11 as unknown as Record<string, number>)[name]
  return new pkcs11.Pkcs11Error(`${name}:${value}`, value ?? 0, 'C_Test')
}

interface Behaviour {
  flags: number
  flagsAfterWrong: number
  mechanisms: number[]
  alwaysAuthenticate: boolean
  /** Signatures until the card asks for a new login. */
  notLoggedInAtSign: number
  loginError: string | null
  initError: string | null
}

const usual: Behaviour = {
  flags: 0,
  flagsAfterWrong: 0,
  mechanisms: [pkcs11.CKM_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS_PSS],
  alwaysAuthenticate: false,
  notLoggedInAtSign: 0,
  loginError: null,
  initError: null,
}

function card(behaviour: Behaviour) {
  const calls: string[] = []
  let { flags, notLoggedInAtSign } = behaviour
  let mechanism = 0
  const library = {
    C_GetTokenInfo: () => ({ flags }),
    C_Login: (_session: Buffer, user: number, pin: string) => {
      calls.push(user === pkcs11.CKU_CONTEXT_SPECIFIC ? 'login-again' : 'login')
      if (behaviour.loginError) throw ckr(behaviour.loginError)
      if (pin !== rightPin) {
        flags = behaviour.flagsAfterWrong
        throw ckr('CKR_PIN_INCORRECT')
      }
    },
    C_Logout: () => calls.push('logout'),
    C_FindObjectsInit: () => {},
    C_FindObjects: () => [Buffer.from('key')],
    C_FindObjectsFinal: () => {},
    C_GetMechanismList: () => behaviour.mechanisms,
    C_GetAttributeValue: () => [{ value: Buffer.from([behaviour.alwaysAuthenticate ? 1 : 0]) }],
    C_SignInit: (_session: Buffer, chosen: { mechanism: number }) => {
      mechanism = chosen.mechanism
      if (behaviour.initError && mechanism === pkcs11.CKM_SHA256_RSA_PKCS_PSS) throw ckr(behaviour.initError)
    },
    C_Sign: (_session: Buffer, data: Buffer) => {
      if (notLoggedInAtSign > 0) {
        notLoggedInAtSign -= 1
        throw ckr('CKR_USER_NOT_LOGGED_IN')
      }
      calls.push(`sign ${mechanism}`)
      return signBytes('sha256', data, rsa)
    },
  }
  const certificate = { id: 'c', objectId: Buffer.from([1]), der: Buffer.from(der) }
  const token = {
    ...{ id: 't', label: 't', serial: '1', insertion: 1, pin: 'ok' },
    ...{
      library: library as never,
      slot: Buffer.alloc(8),
      session: Buffer.alloc(8),
      certificates: [certificate],
    },
  } satisfies Inserted
  const sign = (pin = rightPin) => signOnce(token, certificate, Buffer.from(pin), Buffer.from('statement'))
  return { calls, sign }
}

function refusalOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error.failure
    throw error
  }
  return null
}

describe('one signature on a PKCS#11 token', () => {
  let behaviour: Behaviour
  beforeEach(() => {
    behaviour = { ...usual }
  })

  it('prefers PSS, and logs out', () => {
    const { calls, sign } = card(behaviour)
    expect(sign().algorithm).toBe('RSA-PSS-SHA256')
    expect(calls).toEqual(['login', `sign ${pkcs11.CKM_SHA256_RSA_PKCS_PSS}`, 'logout'])
  })

  it.each(['CKR_MECHANISM_INVALID', 'CKR_MECHANISM_PARAM_INVALID'])(
    'falls back to PKCS#1 on %s',
    (initError) => {
      expect(card({ ...behaviour, initError }).sign().algorithm).toBe('RSA-PKCS1-SHA256')
    },
  )

  it('falls back to PKCS#1 where PSS is not offered', () => {
    expect(card({ ...behaviour, mechanisms: [pkcs11.CKM_RSA_PKCS] }).sign().algorithm).toBe(
      'RSA-PKCS1-SHA256',
    )
  })

  it('shows the PIN again to a key that always asks', () => {
    const { calls, sign } = card({ ...behaviour, alwaysAuthenticate: true })
    sign()
    expect(calls.slice(0, 2)).toEqual(['login', 'login-again'])
  })

  it('logs in anew where the card has forgotten the login', () => {
    const { calls, sign } = card({ ...behaviour, notLoggedInAtSign: 1 })
    expect(sign().algorithm).toBe('RSA-PSS-SHA256')
    expect(calls.slice(0, 3)).toEqual(['login', 'logout', 'login'])
  })

  it('tries a wrong PIN once, and tells how near the lock-out is', () => {
    const last = card({ ...behaviour, flagsAfterWrong: pkcs11.CKF_USER_PIN_FINAL_TRY })
    expect(refusalOf(() => last.sign('999999'))).toMatchObject({
      code: 'pin-wrong',
      facts: { pin: 'final-try', triesLeft: 1 },
    })
    expect(last.calls).toEqual(['login'])
    const low = card({ ...behaviour, flagsAfterWrong: pkcs11.CKF_USER_PIN_COUNT_LOW })
    expect(refusalOf(() => low.sign('999999'))).toMatchObject({ code: 'pin-wrong', facts: { pin: 'low' } })
    const gone = card({ ...behaviour, flagsAfterWrong: pkcs11.CKF_USER_PIN_LOCKED })
    expect(refusalOf(() => gone.sign('999999'))).toMatchObject({ code: 'pin-locked' })
  })

  it('does not show a PIN to a locked token', () => {
    const { calls, sign } = card({ ...behaviour, flags: pkcs11.CKF_USER_PIN_LOCKED })
    expect(refusalOf(sign)).toMatchObject({ code: 'pin-locked' })
    expect(calls).toEqual([])
  })

  it.each([
    ['CKR_PIN_LOCKED', 'pin-locked'],
    ['CKR_PIN_EXPIRED', 'pin-locked'],
    ['CKR_PIN_LEN_RANGE', 'pin-wrong'],
    ['CKR_DEVICE_REMOVED', 'token-absent'],
    ['CKR_SESSION_HANDLE_INVALID', 'token-absent'],
    ['CKR_DEVICE_ERROR', 'token-driver-failed'],
  ])('%s at login is %s', (loginError, code) => {
    expect(refusalOf(() => card({ ...behaviour, loginError }).sign())).toMatchObject({ code })
  })
})
