/**
 * The byte strings that a token signs. Each starts with its purpose, and every part is length-prefixed, so that no two
 * different inputs give the same bytes and a signature for one purpose is worthless for another.
 */

const purposes = {
  signIn: 'vigil/sign-in/v1',
  unlock: 'vigil/unlock/v1',
  report: 'vigil/report/v1',
  activity: 'vigil/activity/v1',
  alertCheck: 'vigil/alert-check/v1',
} as const

/** What a sign-in signature binds together; everything is recomputed by the gateway. */
export interface SignInFacts {
  gatewayId: string
  /** The gateway's single-use nonce for this socket. */
  nonce: Uint8Array
  /** TLS exporter of this socket, label EXPORTER-Channel-Binding, 32 bytes (RFC 9266). */
  exporter: Uint8Array
  /** SHA-256 of the DER of the session key's PKCS#10 request. */
  csrHash: Uint8Array
  /** SHA-256 of the DER of the token certificate. */
  certificateHash: Uint8Array
  workstationId: string
}

export interface UnlockFacts {
  gatewayId: string
  nonce: Uint8Array
  exporter: Uint8Array
  certificateHash: Uint8Array
  sessionId: string
}

export interface ReportSignatureFacts {
  gatewayId: string
  /** SHA-256 of the RFC 8785 canonical JSON of the ReportDocument, in UTF-8. */
  documentHash: Uint8Array
  certificateHash: Uint8Array
}

export function signInStatement(facts: SignInFacts): Uint8Array<ArrayBuffer> {
  return lengthPrefixed([
    purposes.signIn,
    facts.gatewayId,
    facts.nonce,
    facts.exporter,
    facts.csrHash,
    facts.certificateHash,
    facts.workstationId,
  ])
}

export function unlockStatement(facts: UnlockFacts): Uint8Array<ArrayBuffer> {
  return lengthPrefixed([
    purposes.unlock,
    facts.gatewayId,
    facts.nonce,
    facts.exporter,
    facts.certificateHash,
    facts.sessionId,
  ])
}

export function reportStatement(facts: ReportSignatureFacts): Uint8Array<ArrayBuffer> {
  return lengthPrefixed([purposes.report, facts.gatewayId, facts.documentHash, facts.certificateHash])
}

/** A second look at alerts (双人核对): by another person at one alert, or by the same person at those of one document. */
export interface AlertCheckFacts {
  gatewayId: string
  /** The alert's id; the report's id where it is the author who looks twice. */
  subject: string
  /** SHA-256 of the canonical JSON of what was looked at: the AlertContent, or the ReportDocument. */
  contentHash: Uint8Array
  certificateHash: Uint8Array
}

export function alertCheckStatement(facts: AlertCheckFacts): Uint8Array<ArrayBuffer> {
  return lengthPrefixed([
    purposes.alertCheck,
    facts.gatewayId,
    facts.subject,
    facts.contentHash,
    facts.certificateHash,
  ])
}

/** What the session's own key signs with each activity report, so that nobody without it can keep a session awake. */
export interface ActivityFacts {
  gatewayId: string
  sessionId: string
  counter: number
  /** Whole milliseconds. */
  idleMs: number
}

export function activityStatement({
  gatewayId,
  sessionId,
  counter,
  idleMs,
}: ActivityFacts): Uint8Array<ArrayBuffer> {
  return lengthPrefixed([purposes.activity, gatewayId, sessionId, String(counter), String(idleMs)])
}

/** Each part as a 32-bit big-endian length and its bytes. Strings are identifiers and purposes: ASCII, refused otherwise. */
function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const encoded = parts.map((part) => (typeof part === 'string' ? ascii(part) : part))
  const out = new Uint8Array(encoded.reduce((sum, part) => sum + 4 + part.length, 0))
  const view = new DataView(out.buffer)
  let offset = 0
  for (const part of encoded) {
    view.setUint32(offset, part.length)
    out.set(part, offset + 4)
    offset += 4 + part.length
  }
  return out
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0)
    if (code > 0x7e || character.length !== 1) throw new RangeError('a signed identifier must be ASCII')
    return code
  })
}
