import { createHash, X509Certificate } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import { keyTypeOf } from '../fitness.ts'
import { ecdsaToDer } from './ecdsa.ts'
import { login, logout, pinText, Refusal } from './login.ts'
import { findAll, type Inserted } from './module.ts'
import type { SignatureReading } from './protocol.ts'
import { returnValueOf } from './return-values.ts'

/** DigestInfo of SHA-256 without the hash itself (RFC 8017 9.2 note 1). */
const sha256DigestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/** Logs in with the PIN, signs once, logs out. The PIN is tried exactly once. */
export function signOnce(
  token: Inserted,
  certificate: Inserted['certificates'][number],
  pin: Uint8Array,
  statement: Uint8Array,
): SignatureReading {
  const { library, session } = token
  const text = pinText(pin)
  login(token, text)
  try {
    const [key] = findAll(library, session, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
      { type: pkcs11.CKA_ID, value: certificate.objectId },
    ])
    if (!key) throw new Refusal({ code: 'token-certificate-unsuitable', facts: { reason: 'no-private-key' } })
    return signWith(token, key, new X509Certificate(certificate.der), text, Buffer.from(statement))
  } finally {
    logout(token)
  }
}

function signWith(
  token: Inserted,
  key: Buffer,
  certificate: X509Certificate,
  pin: string,
  statement: Buffer,
): SignatureReading {
  const keyType = keyTypeOf(certificate)
  if (keyType === 'ec-p256' || keyType === 'ec-p384') {
    const hash = keyType === 'ec-p256' ? 'sha256' : 'sha384'
    const digest = createHash(hash).update(statement).digest()
    const raw = oneSignature(token, key, { mechanism: pkcs11.CKM_ECDSA }, pin, digest, 96)
    return { algorithm: keyType === 'ec-p256' ? 'ECDSA-SHA256' : 'ECDSA-SHA384', signature: ecdsaToDer(raw) }
  }
  if (keyType !== 'rsa')
    throw new Refusal({ code: 'token-certificate-unsuitable', facts: { reason: 'key-type' } })
  return rsaPss(token, key, pin, statement) ?? rsaPkcs1(token, key, pin, statement)
}

/** Null where this token cannot do PSS in one mechanism. */
function rsaPss(token: Inserted, key: Buffer, pin: string, statement: Buffer): SignatureReading | null {
  const mechanisms = token.library.C_GetMechanismList(token.slot)
  if (!mechanisms.includes(pkcs11.CKM_SHA256_RSA_PKCS_PSS)) return null
  const mechanism = {
    mechanism: pkcs11.CKM_SHA256_RSA_PKCS_PSS,
    parameter: {
      type: pkcs11.CK_PARAMS_RSA_PSS,
      hashAlg: pkcs11.CKM_SHA256,
      mgf: pkcs11.CKG_MGF1_SHA256,
      saltLen: 32,
    },
  }
  try {
    return {
      algorithm: 'RSA-PSS-SHA256',
      signature: oneSignature(token, key, mechanism, pin, statement, 1024),
    }
  } catch (error) {
    const value = returnValueOf(error)
    const unsupported: (number | null)[] = [
      pkcs11.CKR_MECHANISM_INVALID,
      pkcs11.CKR_MECHANISM_PARAM_INVALID,
      pkcs11.CKR_FUNCTION_NOT_SUPPORTED,
      pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED,
    ]
    if (unsupported.includes(value)) return null
    throw error
  }
}

function rsaPkcs1(token: Inserted, key: Buffer, pin: string, statement: Buffer): SignatureReading {
  const digestInfo = Buffer.concat([sha256DigestInfo, createHash('sha256').update(statement).digest()])
  const mechanism = { mechanism: pkcs11.CKM_RSA_PKCS }
  return {
    algorithm: 'RSA-PKCS1-SHA256',
    signature: oneSignature(token, key, mechanism, pin, digestInfo, 1024),
  }
}

/**
 * C_SignInit and C_Sign. Keys marked CKA_ALWAYS_AUTHENTICATE, and some cards after their first signature, answer
 * CKR_USER_NOT_LOGGED_IN until the PIN is shown again; it has just been found right, so that is no second guess.
 */
function oneSignature(
  token: Inserted,
  key: Buffer,
  mechanism: pkcs11.Mechanism,
  pin: string,
  data: Buffer,
  room: number,
): Buffer {
  const { library, session } = token
  const sign = (authenticate: boolean) => {
    library.C_SignInit(session, mechanism, key)
    if (authenticate) library.C_Login(session, pkcs11.CKU_CONTEXT_SPECIFIC, pin)
    return library.C_Sign(session, data, Buffer.alloc(room))
  }
  const always = alwaysAuthenticates(token, key)
  try {
    return sign(always)
  } catch (error) {
    if (always || returnValueOf(error) !== pkcs11.CKR_USER_NOT_LOGGED_IN) throw error
    logout(token)
    login(token, pin)
    return sign(false)
  }
}

function alwaysAuthenticates(token: Inserted, key: Buffer): boolean {
  try {
    const [attribute] = token.library.C_GetAttributeValue(token.session, key, [
      { type: pkcs11.CKA_ALWAYS_AUTHENTICATE },
    ])
    return (attribute?.value as Buffer | undefined)?.[0] === 1
  } catch {
    return false // an attribute of PKCS#11 2.20, unknown to older libraries
  }
}
