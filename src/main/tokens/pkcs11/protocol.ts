import { z } from 'zod'

/**
 * Messages between the workstation and the process that holds the vendor's PKCS#11 library. That process is not
 * trusted to be sane: everything it says is checked.
 */
const bytes = (max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= max, 'bytes')

export const HostRequest = z.discriminatedUnion('call', [
  z.object({ call: z.literal('load'), id: z.int(), modules: z.array(z.string().min(1)).max(20) }),
  z.object({ call: z.literal('list'), id: z.int() }),
  z.object({
    call: z.literal('sign'),
    id: z.int(),
    tokenId: z.string(),
    certificateId: z.string(),
    /** The certificate that the statement was made for; another one in its place is refused. */
    certificate: bytes(16_384),
    pin: bytes(256),
    statement: bytes(16_384),
  }),
])
export type HostRequest = z.infer<typeof HostRequest>

const TokenReading = z.object({
  id: z.string().max(200),
  label: z.string().max(64),
  pin: z.enum(['ok', 'low', 'final-try', 'locked']),
  /** Rises with each insertion, so that a token taken out and put back between two readings is noticed. */
  insertion: z.int(),
  certificates: z.array(z.object({ id: z.string().max(200), der: bytes(16_384) })).max(64),
})
export type TokenReading = z.infer<typeof TokenReading>

export const HostFailure = z.object({
  code: z.enum([
    'token-absent',
    'token-changed',
    'token-certificate-unsuitable',
    'pin-wrong',
    'pin-locked',
    'token-driver-failed',
  ]),
  facts: z.record(z.string().max(40), z.union([z.string().max(80), z.number()])),
})
export type HostFailure = z.infer<typeof HostFailure>

const SignatureReading = z.object({
  algorithm: z.enum(['RSA-PSS-SHA256', 'RSA-PKCS1-SHA256', 'ECDSA-SHA256', 'ECDSA-SHA384']),
  signature: bytes(2048),
})
export type SignatureReading = z.infer<typeof SignatureReading>

const LoadReading = z.object({ failed: z.array(z.string()) })
export type LoadReading = z.infer<typeof LoadReading>

export const HostAnswer = z.union([
  z.object({ id: z.int(), ok: z.literal(false), failure: HostFailure }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('load'), value: LoadReading }),
  z.object({
    id: z.int(),
    ok: z.literal(true),
    call: z.literal('list'),
    value: z.array(TokenReading).max(32),
  }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('sign'), value: SignatureReading }),
])
export type HostAnswer = z.infer<typeof HostAnswer>
