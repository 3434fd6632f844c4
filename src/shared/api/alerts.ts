import { z } from 'zod'
import { Alert, AlertDetail, AlertId, Clinician } from '../alert/index.ts'
import { SignatureAlgorithm } from '../signing/algorithm.ts'
import { Uid } from '../study/index.ts'
import type { Route } from './route.ts'

const done = z.object({})
const ofAlert = { principal: 'session', params: z.object({ alert: AlertId }) } as const

/** A signature of a person's key over `alertCheckStatement`. */
export const CheckSignature = z.strictObject({
  /** base64 */
  signature: z.base64().max(4096),
  algorithm: SignatureAlgorithm,
  /** base64 DER */
  certificate: z.base64().max(16_384),
})
export type CheckSignature = z.infer<typeof CheckSignature>

/** A telephone call about an alert, as the person who made it records it. */
export const PhoneCall = z.strictObject({
  called: z.strictObject({
    name: z.string().trim().max(60),
    role: Clinician.shape.role,
    phone: z.string().trim().max(24),
  }),
  reached: z.boolean(),
  /** The other side repeated it and it was right. Only where they were reached. */
  readBack: z.boolean(),
  remark: z.string().trim().max(200).default(''),
  /** When; epoch ms, not in the future. */
  at: z.number(),
  /** What they said that they do about it, where they said it: recorded as handling. */
  handling: z.string().trim().max(500).optional(),
})
export type PhoneCall = z.infer<typeof PhoneCall>

/** Alerts and what people do about them. */
export const alertsApi = {
  /** Newest first. */
  alerts: {
    method: 'GET',
    path: '/v1/critical/alerts',
    principal: 'session',
    permission: 'alert.read',
    query: z.object({
      study: Uid.optional(),
      /** `open`: the loop is not closed; `check`: waits for a second person; `own`: raised by the person who asks. */
      show: z.enum(['all', 'open', 'check', 'own']).default('all'),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    /** `damaged`: ids of alerts that cannot be shown because their record was changed. */
    response: z.object({ alerts: z.array(Alert), damaged: z.array(AlertId) }),
  },
  alert: {
    method: 'GET',
    path: '/v1/critical/alerts/:alert',
    ...ofAlert,
    permission: 'alert.read',
    response: AlertDetail,
  },
  /** Before it is handled only: `alert-handled` afterwards. */
  withdrawAlert: {
    method: 'POST',
    path: '/v1/critical/alerts/:alert/withdraw',
    ...ofAlert,
    permission: 'alert.manage',
    body: z.strictObject({ reason: z.string().trim().min(2).max(200) }),
    response: done,
  },
  /** A second person confirms an alert that waits for it; never the one who raised it. */
  checkAlert: {
    method: 'POST',
    path: '/v1/critical/alerts/:alert/check',
    ...ofAlert,
    permission: 'alert.check',
    body: CheckSignature,
    bodyLimit: 65_536,
    response: done,
  },
  objectToAlert: {
    method: 'POST',
    path: '/v1/critical/alerts/:alert/object',
    ...ofAlert,
    permission: 'alert.check',
    body: z.strictObject({ remark: z.string().trim().min(2).max(200) }),
    response: done,
  },
  recordPhoneCall: {
    method: 'POST',
    path: '/v1/critical/alerts/:alert/calls',
    ...ofAlert,
    permission: 'alert.manage',
    body: PhoneCall,
    response: done,
  },
  /** The loop is confirmed: only what was handled. */
  closeAlert: {
    method: 'POST',
    path: '/v1/critical/alerts/:alert/close',
    ...ofAlert,
    permission: 'alert.manage',
    response: done,
  },
} as const satisfies Record<string, Route>
