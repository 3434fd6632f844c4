/**
 * A process of its own for one call into a security module's library: vendors' libraries hang and crash. Takes one HsmCall as
 * JSON on standard input and answers one HsmAnswer on standard output. The PIN is in neither arguments nor environment.
 */
import pkcs11 from 'pkcs11js'
import type { HsmAnswer, HsmCall, HsmFault } from './hsm.ts'

const tagBits = 128
const ivLength = 12

type Library = pkcs11.PKCS11
type Handle = Buffer

const codes: Record<number, HsmFault> = {
  [pkcs11.CKR_PIN_INCORRECT]: 'wrong-pin',
  [pkcs11.CKR_PIN_LEN_RANGE]: 'wrong-pin',
  [pkcs11.CKR_PIN_INVALID]: 'wrong-pin',
  [pkcs11.CKR_PIN_LOCKED]: 'pin-locked',
  [pkcs11.CKR_ENCRYPTED_DATA_INVALID]: 'another-key',
  [pkcs11.CKR_ENCRYPTED_DATA_LEN_RANGE]: 'another-key',
}

class Refusal extends Error {
  readonly fault: HsmFault
  constructor(fault: HsmFault) {
    super(fault)
    this.fault = fault
  }
}

function tokenSlot(library: Library, label: string): Handle {
  const slots = library
    .C_GetSlotList(true)
    .filter((slot) => library.C_GetTokenInfo(slot).label.replace(/[\0 ]+$/, '') === label)
  const [slot] = slots
  if (slots.length > 1) throw new Refusal('token-twice')
  if (!slot) throw new Refusal('no-token')
  return slot
}

function findKey(library: Library, session: Handle, label: string): Handle | undefined {
  library.C_FindObjectsInit(session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
    { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
    { type: pkcs11.CKA_LABEL, value: label },
  ])
  const found = library.C_FindObjects(session, 2)
  library.C_FindObjectsFinal(session)
  if (found.length > 1) throw new Refusal('key-twice')
  return found[0]
}

/** Of AES-256, for encryption alone; made inside, and never to leave it. */
function makeKey(library: Library, session: Handle, label: string): void {
  const yes = [
    pkcs11.CKA_TOKEN,
    pkcs11.CKA_PRIVATE,
    pkcs11.CKA_SENSITIVE,
    pkcs11.CKA_ENCRYPT,
    pkcs11.CKA_DECRYPT,
  ]
  const no = [pkcs11.CKA_EXTRACTABLE, pkcs11.CKA_MODIFIABLE]
  library.C_GenerateKey(session, { mechanism: pkcs11.CKM_AES_KEY_GEN }, [
    { type: pkcs11.CKA_LABEL, value: label },
    { type: pkcs11.CKA_VALUE_LEN, value: 32 },
    ...yes.map((type) => ({ type, value: true })),
    ...no.map((type) => ({ type, value: false })),
  ])
}

/** A key that may leave the module protects nothing that the file beside the database would not. */
function refuseExtractable(library: Library, session: Handle, key: Handle): void {
  const [sensitive, extractable] = library.C_GetAttributeValue(session, key, [
    { type: pkcs11.CKA_SENSITIVE },
    { type: pkcs11.CKA_EXTRACTABLE },
  ])
  const flag = (attribute: { value?: unknown } | undefined) =>
    Buffer.from(attribute?.value as Buffer)[0] === 1
  if (!flag(sensitive) || flag(extractable)) throw new Refusal('extractable-key')
}

function run(call: HsmCall): string {
  const library = new pkcs11.PKCS11()
  try {
    library.load(call.module)
  } catch {
    throw new Refusal('no-module')
  }
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  try {
    const flags = pkcs11.CKF_SERIAL_SESSION | (call.act === 'make' ? pkcs11.CKF_RW_SESSION : 0)
    const session = library.C_OpenSession(tokenSlot(library, call.tokenLabel), flags)
    library.C_Login(session, pkcs11.CKU_USER, call.pin)
    const key = findKey(library, session, call.keyLabel)
    if (call.act === 'make') {
      if (key) throw new Refusal('key-exists')
      makeKey(library, session, call.keyLabel)
      return ''
    }
    if (!key) throw new Refusal('no-key')
    refuseExtractable(library, session, key)
    const data = Buffer.from(call.data, 'base64')
    const iv = call.act === 'wrap' ? Buffer.from(call.iv, 'base64') : data.subarray(0, ivLength)
    const parameter = {
      type: pkcs11.CK_PARAMS_AES_GCM,
      iv,
      ivBits: ivLength * 8,
      aad: Buffer.from(call.associated, 'utf8'),
      tagBits,
    }
    const mechanism = { mechanism: pkcs11.CKM_AES_GCM, parameter }
    if (call.act === 'wrap') {
      library.C_EncryptInit(session, mechanism, key)
      const sealed = library.C_Encrypt(session, data, Buffer.alloc(data.length + 64))
      return Buffer.concat([iv, sealed]).toString('base64')
    }
    const sealed = data.subarray(ivLength)
    library.C_DecryptInit(session, mechanism, key)
    try {
      return library.C_Decrypt(session, sealed, Buffer.alloc(sealed.length + 64)).toString('base64')
    } catch {
      // Libraries tell a tag that does not fit in ways of their own.
      throw new Refusal('another-key')
    }
  } finally {
    library.C_Finalize()
  }
}

function faultOf(error: unknown): HsmFault {
  if (error instanceof Refusal) return error.fault
  return codes[(error as { code?: number }).code ?? -1] ?? 'failed'
}

let text = ''
for await (const chunk of process.stdin) text += chunk
let answer: HsmAnswer
try {
  answer = { data: run(JSON.parse(text)) }
} catch (error) {
  const code = (error as { code?: unknown }).code
  answer = { fault: faultOf(error), ...(typeof code === 'number' ? { code } : {}) }
}
process.stdout.write(JSON.stringify(answer), () => process.exit(0))
