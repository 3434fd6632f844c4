import { z } from 'zod'

/**
 * What IT hands to a workstation, one string: `host:port/CODE/PIN`. CODE is the one-time code (Crockford base32),
 * PIN the base64url SHA-256 of the gateway CA's SubjectPublicKeyInfo, so that the first connection is already pinned.
 */
export const EnrolmentTicket = z
  .string()
  .trim()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}\/[0-9A-HJKMNP-TV-Z]{20,32}\/[A-Za-z0-9_-]{43}$/)
  .transform((ticket) => {
    const [address = '', code = '', pin = ''] = ticket.split('/')
    const colon = address.lastIndexOf(':')
    return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)), code, pin }
  })
export type EnrolmentTicket = z.infer<typeof EnrolmentTicket>

/** POST /v1/enrol on the enrolment listener (no client certificate). */
export const EnrolRequest = z.object({
  code: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{20,32}$/),
  /** PKCS#10, base64 DER. */
  csr: z.base64().max(8192),
  /** Shown on screens and terminals: no control or direction characters. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>

export const EnrolResponse = z.object({
  workstationId: z.string(),
  gatewayId: z.string(),
  /** PEM. */
  certificate: z.string(),
  issuer: z.string(),
  gatewayCa: z.string(),
  /** Where the API listener is. The host is the one that the workstation enrolled at. */
  apiPort: z.int(),
})
export type EnrolResponse = z.infer<typeof EnrolResponse>

/** Its path, for both ends. */
export const enrolPath = '/v1/enrol'
