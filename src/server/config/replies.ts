import { z } from 'zod'
import { mllpListener, withAbsoluteTls } from './incoming.ts'
import { xmlPath, xmlReplyFields, xmlReplyValues } from './targets.ts'
import { AllowedPeers, ServerTls } from './tls.ts'

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

/** Where the answers of clinicians are pushed to over HTTP(S): JSON, or XML as a SOAP client writes it. */
export const HttpReplyFeed = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]{1,32}$/),
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(0).max(65_535),
    path: z
      .string()
      .regex(/^\/[A-Za-z0-9/_.-]{0,100}$/)
      .default('/replies'),
    tls: ServerTls.optional(),
    peers: AllowedPeers,
    /** Holds the keys of the HMAC, one a line, each good, so that a key can be exchanged; mode 0600. */
    secretFile: z.string().optional(),
    /** For senders that cannot sign: HTTP Basic. */
    basic: z.strictObject({ username: z.string().min(1).max(100), passwordFile: z.string() }).optional(),
    /** XML is taken in the place of JSON. */
    xml: z
      .strictObject({
        /** The element of the answer; the fields are below it. */
        reply: xmlPath.default('Envelope/Body/CriticalValueReply'),
        fields: xmlReplyFields,
        values: xmlReplyValues,
      })
      .optional(),
    /** How far the sender's clock may be off. */
    toleranceSeconds: z.number().min(1).max(3600).default(300),
    requestsPerSecond: z.number().min(0.1).max(1000).default(20),
  })
  .refine(({ tls, host }) => tls !== undefined || isLoopback(host), {
    path: ['tls'],
    error: 'needed unless host is this machine alone (127.0.0.1)',
  })
  .refine(({ secretFile, basic, tls }) => secretFile ?? basic ?? tls?.clientCaFile, {
    path: ['secretFile'],
    error: 'a sender is known by secretFile, by basic, or by a certificate (tls.clientCaFile)',
  })
export type HttpReplyFeed = z.infer<typeof HttpReplyFeed>

/** Observations (OBX-3.1) of an answer by the code that the other side gives them. */
const code = (standard: string) => z.string().min(1).max(40).default(standard)
const values = <T extends z.ZodType>(value: T) => z.record(z.string().max(40), value).default({})

/** Where the answers of clinicians come in as HL7 v2 ORU^R01. */
export const MllpReplyFeed = z.strictObject({
  ...mllpListener,
  /** Of times without a zone, as `+08:00`; the gateway's own where it is left out. */
  zone: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/)
    .optional(),
  observations: z
    .strictObject({
      alertId: code('CV-ALERT-ID'),
      step: code('CV-STEP'),
      byId: code('CV-BY-ID'),
      byName: code('CV-BY-NAME'),
      role: code('CV-BY-ROLE'),
      readBack: code('CV-READ-BACK'),
      measure: code('CV-MEASURE'),
      opinion: code('CV-OPINION'),
      at: code('CV-AT'),
    })
    .prefault({}),
  /** The other side's codes to ours. Our own words are understood without. */
  values: z
    .strictObject({
      step: values(z.enum(['received', 'handled'])),
      role: values(z.enum(['nurse', 'doctor', 'other'])),
      readBack: values(z.boolean()),
    })
    .prefault({}),
})
export type MllpReplyFeed = z.infer<typeof MllpReplyFeed>

export const Replies = z.strictObject({
  http: z.array(HttpReplyFeed).max(8).default([]),
  mllp: z.array(MllpReplyFeed).max(8).default([]),
})

/** With the files' paths absolute, by `at`. */
export function withAbsoluteReplies(
  { http, mllp }: z.infer<typeof Replies>,
  at: (path: string) => string,
): z.infer<typeof Replies> {
  return {
    http: http.map((feed) => ({
      ...withAbsoluteTls(feed, at),
      ...(feed.secretFile === undefined ? {} : { secretFile: at(feed.secretFile) }),
      ...(feed.basic && { basic: { ...feed.basic, passwordFile: at(feed.basic.passwordFile) } }),
    })),
    mllp: mllp.map((feed) => withAbsoluteTls(feed, at)),
  }
}
