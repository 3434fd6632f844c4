import { type ErrorCode, Failure, VigilError } from '../../shared/errors/index.ts'

/**
 * What a system or TLS error says of the channel, first match first. The names are those of node:tls: OpenSSL's
 * verification results as they are, the gateway's alerts (RFC 8446 6.2) as ERR_SSL_…_ALERT_….
 */
const meanings: readonly [RegExp, ErrorCode][] = [
  [/^CERT_NOT_YET_VALID$/, 'clock-skewed'],
  [/ALERT_CERTIFICATE_REQUIRED$/, 'client-certificate-required'],
  [/ALERT_CERTIFICATE_REVOKED$/, 'workstation-revoked'],
  [/ALERT_CERTIFICATE_EXPIRED$/, 'certificate-expired'],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/, 'workstation-unknown'],
  [
    /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|CRL_|ERROR_IN_CERT|ERR_TLS_CERT_ALTNAME_INVALID$)/,
    'gateway-untrusted',
  ],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO|HPE_|ERR_FR_|ERR_BAD_RESPONSE)/, 'gateway-protocol'],
]

/** The failure for an error on the way to the gateway. Facts carry the system's code, never a message. */
export function channelError(thrown: unknown): VigilError {
  if (thrown instanceof VigilError) return thrown
  const code = systemCode(thrown)
  const facts = code ? { system: code } : {}
  return new VigilError(codeFor(code), facts, { cause: thrown })
}

function codeFor(system: string): ErrorCode {
  // ECONNREFUSED, ENOTFOUND, ETIMEDOUT, ECONNRESET and what else keeps the two apart: to the user all the same.
  return meanings.find(([pattern]) => pattern.test(system))?.[1] ?? 'gateway-unreachable'
}

/** axios wraps the system error, node's happy eyeballs gives an AggregateError of several. */
function systemCode(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    const { code } = error as NodeJS.ErrnoException
    const own = typeof code === 'string' && /^[A-Z0-9_/]{2,60}$/.test(code) ? code : ''
    const inner = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
    if (own && (own.startsWith('ERR_SSL') || !(inner instanceof Error))) return own
    if (!(inner instanceof Error)) return own
    error = inner
  }
  return ''
}

/** The refusal in an answer of the gateway that is not a success. */
export function refusalOf(body: string): VigilError {
  const failure = Failure.safeParse(parseJson(body))
  if (!failure.success) return new VigilError('gateway-protocol', { reason: 'refusal' })
  return new VigilError(failure.data.code, failure.data.facts ?? {})
}

/** JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True where the gateway could not be reached at all, so that waiting and trying again is right. */
export function isUnreachable(thrown: unknown): boolean {
  return (
    thrown instanceof VigilError &&
    (thrown.code === 'gateway-unreachable' ||
      thrown.code === 'gateway-protocol' ||
      thrown.code === 'too-many-requests')
  )
}

/** True where the gateway says that this session is over. */
export function isSessionOver(thrown: unknown): boolean {
  return (
    thrown instanceof VigilError &&
    (thrown.code === 'session-required' ||
      thrown.code === 'session-ended' ||
      thrown.code === 'workstation-revoked' ||
      thrown.code === 'workstation-suspended')
  )
}
