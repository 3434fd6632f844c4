import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import { isAbsent } from './return-values.ts'
import { tokenId } from './token-id.ts'

export type Library = pkcs11.PKCS11
type Handle = Buffer
export type PinState = 'ok' | 'low' | 'final-try' | 'locked'

/** A token in a slot, with the public session that is kept open on it so that its removal shows. */
export interface Inserted {
  id: string
  label: string
  library: Library
  slot: Handle
  serial: string
  session: Handle
  insertion: number
  pin: PinState
  certificates: { id: string; objectId: Buffer; der: Buffer }[]
}

/** A loaded vendor library and the tokens last seen in it. */
export interface Module {
  path: string
  library: Library
  /** Whether C_WaitForSlotEvent is still asked. */
  slotEvents: boolean
  inserted: Map<string, Inserted>
  /** Ids seen since C_Initialize; null before the first look. */
  seen: Set<string> | null
  insertions: number
}

export function loadModule(path: string, slotEvents: boolean): Module {
  const library = new pkcs11.PKCS11()
  library.load(path)
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  return { path, library, slotEvents, inserted: new Map(), seen: null, insertions: 0 }
}

/** Some libraries look for tokens in C_Initialize only. Every session ends; what is found next counts as put in anew. */
export function restart(module: Module): void {
  module.library.C_Finalize()
  module.library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  module.inserted = new Map()
  module.seen = null
}

/**
 * Looks at every slot again. `sawInsertion`: a token appeared that was not there when the library was initialised, so
 * the library sees insertions by itself.
 */
export function readTokens(module: Module): { tokens: Inserted[]; sawInsertion: boolean } {
  const changed = changedSlots(module)
  const present = new Map<string, Inserted>()
  for (const slot of module.library.C_GetSlotList(true)) {
    const key = slot.toString('hex')
    const token = readSlot(module, slot, module.inserted.get(key), changed.has(key))
    if (token) present.set(key, token)
  }
  for (const [key, gone] of module.inserted) {
    if (present.get(key)?.insertion !== gone.insertion) closeSession(gone)
  }
  module.inserted = present
  const tokens = withDistinctIds([...present.values()])
  const { seen } = module
  const sawInsertion = seen !== null && tokens.some(({ id }) => !seen.has(id))
  module.seen = new Set([...(seen ?? []), ...tokens.map(({ id }) => id)])
  return { tokens, sawInsertion }
}

/**
 * The slots that C_WaitForSlotEvent names. A hint only: an event may come late and tell of an insertion that a look has
 * already seen, so it makes a token be read anew, not be taken for another.
 */
function changedSlots(module: Module): Set<string> {
  const slots = new Set<string>()
  try {
    while (module.slotEvents && slots.size < 32) {
      const slot = module.library.C_WaitForSlotEvent(pkcs11.CKF_DONT_BLOCK)
      if (!slot || slots.has(slot.toString('hex'))) break
      slots.add(slot.toString('hex'))
    }
  } catch {
    module.slotEvents = false
  }
  return slots
}

function readSlot(
  module: Module,
  slot: Handle,
  known: Inserted | undefined,
  changed: boolean,
): Inserted | null {
  const { library } = module
  try {
    const info = library.C_GetTokenInfo(slot)
    if (!(info.flags & pkcs11.CKF_TOKEN_INITIALIZED)) return null
    const serial = info.serialNumber.trim()
    const pin = pinStateOf(info.flags)
    if (known && known.serial === serial && sessionAlive(known)) {
      const certificates = changed ? readCertificates(library, known.session) : known.certificates
      return Object.assign(known, { pin, certificates })
    }
    const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
    const certificates = readCertificates(library, session)
    const label = printable(info.label)
    const id = tokenId(module.path, info.manufacturerID, serial, label)
    module.insertions += 1
    return { id, label, library, slot, serial, session, insertion: module.insertions, pin, certificates }
  } catch {
    // Libraries differ in how they say that a token has gone; whatever cannot be read is not there.
    return null
  }
}

/** Two tokens that a careless vendor gave one serial number are told apart by their slots. */
function withDistinctIds(tokens: Inserted[]): Inserted[] {
  const ids = new Set<string>()
  for (const token of tokens) {
    if (ids.has(token.id)) token.id += `:${token.slot.toString('hex')}`
    ids.add(token.id)
  }
  return tokens
}

/** What the token's flags tell of the PIN now. */
export function pinState(token: Inserted): PinState {
  return pinStateOf(token.library.C_GetTokenInfo(token.slot).flags)
}

function pinStateOf(flags: number): PinState {
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

function closeSession(token: Inserted): void {
  try {
    token.library.C_CloseSession(token.session)
  } catch {
    // It went with the token.
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

function printable(label: string): string {
  return label.replace(/\p{C}/gu, '').trim().slice(0, 64)
}
