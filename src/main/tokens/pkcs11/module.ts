import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import { isAbsent } from './return-values.ts'

export type Library = pkcs11.PKCS11
type Handle = Buffer

/** A token in a slot, with the public session that is kept open on it so that its removal shows. */
export interface Inserted {
  id: string
  label: string
  library: Library
  slot: Handle
  serial: string
  session: Handle
  insertion: number
  certificates: { id: string; objectId: Buffer; der: Buffer }[]
}

/** One loaded vendor library and the tokens last seen in it. */
export interface Module {
  path: string
  library: Library
  inserted: Map<string, Inserted>
}

export function loadModule(path: string): Module {
  const library = new pkcs11.PKCS11()
  library.load(path)
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  return { path, library, inserted: new Map() }
}

/** Looks at every slot again. `nextInsertion` numbers what is new. */
export function readTokens(module: Module, nextInsertion: () => number): Inserted[] {
  // Some libraries look for tokens in C_Initialize only. With none present nothing is lost by starting afresh.
  if (module.inserted.size === 0) restart(module.library)
  const seen = new Map<string, Inserted>()
  for (const slot of module.library.C_GetSlotList(true)) {
    const key = slot.toString('hex')
    const token = readSlot(module, slot, module.inserted.get(key), nextInsertion)
    if (token) seen.set(key, token)
  }
  module.inserted = seen
  return [...seen.values()]
}

function readSlot(
  module: Module,
  slot: Handle,
  known: Inserted | undefined,
  nextInsertion: () => number,
): Inserted | null {
  try {
    const info = module.library.C_GetTokenInfo(slot)
    if (!(info.flags & pkcs11.CKF_TOKEN_INITIALIZED)) return null
    const serial = info.serialNumber.trim()
    if (known && known.serial === serial && sessionAlive(known)) return known
    const session = module.library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
    const label = printable(info.label)
    return {
      id: tokenId(module.path, info.manufacturerID, serial, label),
      label,
      library: module.library,
      slot,
      serial,
      session,
      insertion: nextInsertion(),
      certificates: readCertificates(module.library, session),
    }
  } catch {
    // Libraries differ in how they say that a token has gone; whatever cannot be read is not there.
    return null
  }
}

/** What the token's flags tell of the PIN. */
export function pinState(token: Inserted): 'ok' | 'low' | 'final-try' | 'locked' {
  const { flags } = token.library.C_GetTokenInfo(token.slot)
  if (flags & pkcs11.CKF_USER_PIN_LOCKED) return 'locked'
  if (flags & pkcs11.CKF_USER_PIN_FINAL_TRY) return 'final-try'
  return flags & pkcs11.CKF_USER_PIN_COUNT_LOW ? 'low' : 'ok'
}

function sessionAlive(token: Inserted): boolean {
  try {
    token.library.C_GetSessionInfo(token.session)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

function readCertificates(library: Library, session: Handle): Inserted['certificates'] {
  const handles = findAll(library, session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
    { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
  ])
  return handles.map((handle) => {
    const [value, id] = library.C_GetAttributeValue(session, handle, [
      { type: pkcs11.CKA_VALUE },
      { type: pkcs11.CKA_ID },
    ])
    const der = Buffer.from(value?.value as Buffer)
    const objectId = Buffer.from(id?.value as Buffer)
    const print = createHash('sha256').update(der).digest('hex').slice(0, 16)
    return { id: `${objectId.toString('hex').slice(0, 128)}-${print}`, objectId, der }
  })
}

/** Every object that matches, at most 64. */
export function findAll(library: Library, session: Handle, template: pkcs11.Template): Handle[] {
  library.C_FindObjectsInit(session, template)
  try {
    return library.C_FindObjects(session, 64)
  } finally {
    library.C_FindObjectsFinal(session)
  }
}

function restart(library: Library): void {
  library.C_Finalize()
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
}

function tokenId(...parts: string[]): string {
  return `p11:${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)}`
}

function printable(label: string): string {
  return label.replace(/\p{C}/gu, '').trim().slice(0, 64)
}
