/** Why nothing is taken. The message is the code alone. */
export type ShippingCode =
  /** No answer to a connection. */
  | 'unreachable'
  /** The receiver's certificate is not of the configured CA, is out of its time, or is another host's. */
  | 'untrusted'
  | 'certificate-expired'
  | 'foreign-name'
  /** The receiver does not take our certificate; or ours is out of its time, which it would not take. */
  | 'refused'
  | 'own-certificate-expired'
  /** Our own files of certificate and key are missing or wrong. */
  | 'certificate-files'
  /** The receiver went away before it had read everything. */
  | 'closed'
  /** The receiver reads nothing, or does not end. */
  | 'silent'
  /** Our own trail could not be read. */
  | 'internal'

export class ShippingError extends Error {
  readonly code: ShippingCode

  constructor(code: ShippingCode) {
    super(code)
    this.name = 'ShippingError'
    this.code = code
  }
}

const expired = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
/** What OpenSSL calls alerts 42 to 49, 116 and 40: the other side will not have our certificate. */
const refusals =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/

/** @param secured Whether the handshake was over on our side; in TLS 1.3 the receiver judges our certificate after that. */
export function shippingCode(error: unknown, secured: boolean): ShippingCode {
  const code = String((error as { code?: unknown }).code ?? '')
  if (expired.has(code)) return 'certificate-expired'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'foreign-name'
  if (refusals.test(code)) return 'refused'
  if (secured) return 'closed'
  const network = /^(ECONN|EHOST|ENET|ETIMEDOUT|ENOTFOUND|EAI_|EPIPE|EADDR)/.test(code)
  return network ? 'unreachable' : 'untrusted'
}
