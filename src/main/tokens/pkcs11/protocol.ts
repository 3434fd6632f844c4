import { z } from 'zod'

/**
 * Messages between the workstation and a process that holds one vendor's PKCS#11 library. That process is not trusted
 * to be sane: everything it says is checked.
 */
const bytes = (max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= max, 'bytes')
const pin = bytes(256)

export const HostRequest = z.discriminatedUnion('call', [
  z.object({
    call: z.literal('load'),
    id: z.int(),
    path: z.string().min(1),
    /** Whether C_WaitForSlotEvent may be asked, without blocking; some libraries block all the same. */
    slotEvents: z.boolean(),
  }),
  z.object({
    call: z.literal('list'),
    id: z.int(),
    /** Whether the library is initialised anew before: some look for tokens in C_Initialize only. */
    restart: z.enum(['never', 'when-empty', 'always']),
  }),
  z.object({
    call: z.literal('sign'),
    id: z.int(),
    tokenId: z.string(),
    certificateId: z.string(),
    /** The certificate that the statement was made for; another one in its place is refused. */
    certificate: bytes(16_384),
    pin,
    statement: bytes(16_384),
  }),
  z.object({ call: z.literal('change-pin'), id: z.int(), tokenId: z.string(), pin, newPin: pin }),
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

const ListReading = z.object({
  tokens: z.array(TokenReading).max(32),
  /** A token put in was seen without a restart: this library needs none. */
  sawInsertion: z.boolean(),
  /** Resident memory of the process, bytes. */
  rss: z.number(),
})
export type ListReading = z.infer<typeof ListReading>

export const HostFailure = z.object({
  code: z.enum([
    'token-absent',
    'token-changed',
    'token-certificate-unsuitable',
    'pin-wrong',
    'pin-locked',
    'pin-unacceptable',
    'pin-change-unsupported',
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

export const HostAnswer = z.union([
  z.object({ id: z.int(), ok: z.literal(false), failure: HostFailure }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('load'), value: z.null() }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('list'), value: ListReading }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('sign'), value: SignatureReading }),
  z.object({ id: z.int(), ok: z.literal(true), call: z.literal('change-pin'), value: z.null() }),
])
export type HostAnswer = z.infer<typeof HostAnswer>
