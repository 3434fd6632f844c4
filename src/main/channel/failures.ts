import { type ErrorCode, Failure, VigilError } from '../../shared/errors/index.ts'

/** What a system or TLS error says of the channel. Every error of node:tls and node:net ends in the closed union here. */
const bySystemCode: Record<string, ErrorCode> = {
  // OpenSSL X509_V_ERR_* (x509_txt.c), as node:tls names them
  CERT_NOT_YET_VALID: 'clock-skewed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'gateway-untrusted',
  // alerts of the gateway (RFC 8446 6.2)
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client-certificate-required',
  ERR_SSL_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED: 'client-certificate-required',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'workstation-revoked',
  ERR_SSL_SSL_ALERT_CERTIFICATE_REVOKED: 'workstation-revoked',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'workstation-unknown',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'workstation-unknown',
  ERR_SSL_SSL_ALERT_BAD_CERTIFICATE: 'workstation-unknown',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'workstation-unknown',
  ERR_SSL_SSL_ALERT_CERTIFICATE_UNKNOWN: 'workstation-unknown',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'certificate-expired',
  ERR_SSL_SSL_ALERT_CERTIFICATE_EXPIRED: 'certificate-expired',
}

const untrusted =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|CRL_|ERROR_IN_CERT)/
const protocol = /^(ERR_SSL_|ERR_TLS_|EPROTO|HPE_|ERR_FR_|ERR_BAD_RESPONSE)/

/** The failure for an error on the way to the gateway. Facts carry the system's code, never a message. */
export function channelError(thrown: unknown): VigilError {
  if (thrown instanceof VigilError) return thrown
  const code = systemCode(thrown)
  const facts = code ? { system: code } : {}
  return new VigilError(codeFor(code), facts, { cause: thrown })
}

function codeFor(system: string): ErrorCode {
  const known = bySystemCode[system]
  if (known) return known
  if (untrusted.test(system)) return 'gateway-untrusted'
  if (protocol.test(system)) return 'gateway-protocol'
  // ECONNREFUSED, ENOTFOUND, ETIMEDOUT, ECONNRESET and what else keeps the two apart: to the user all the same.
  return 'gateway-unreachable'
}

/** axios wraps the system error, node's happy eyeballs gives an AggregateError of several. */
function systemCode(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    const { code } = error as NodeJS.ErrnoException
    const own = typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : ''
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
      thrown.code === 'workstation-revoked')
  )
}
