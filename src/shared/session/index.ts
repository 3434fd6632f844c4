import { z } from 'zod'
import { Permission, Role } from '../access/index.ts'
import { CriticalLevel } from '../critical/level.ts'

/** Why a session is over; told to the workstation it ran on. */
export const SessionEndReason = z.enum([
  'signed-out',
  'taken-over',
  'idle',
  'locked-too-long',
  'no-sign-of-life',
  'expired',
  'revoked',
  /** Another person signed in at the same workstation. */
  'switched-user',
  'ended-by-officer',
  /** The time that password + TOTP might stand in for the key is over. */
  'fallback-over',
  /** The three officers exist; the bootstrap administrator's work is done. */
  'bootstrap-done',
  'gateway-restart',
])
export type SessionEndReason = z.infer<typeof SessionEndReason>

/** A session as its own workstation sees it. Times are epoch ms of the gateway's clock. */
export const SessionView = z.object({
  id: z.string(),
  accountId: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
  permissions: z.array(Permission),
  state: z.enum(['active', 'locked']),
  /** `fallback`: password + TOTP in the place of a lost key. Such a session cannot sign reports. */
  factor: z.enum(['certificate', 'fallback']),
  /** When the password ends, from the day that the person is to be warned; otherwise null. */
  passwordEndsAt: z.number().nullable(),
  startedAt: z.number(),
  expiresAt: z.number(),
  /** No input for this long locks the workstation. */
  lockAfterMs: z.number(),
  /** How often the workstation must report activity. */
  activityEveryMs: z.number(),
})
export type SessionView = z.infer<typeof SessionView>

/** Something about an alert that a person must notice now. */
export const AlertAttention = z.object({
  kind: z.literal('alert-attention'),
  alertId: z.string(),
  level: CriticalLevel,
  why: z.enum([
    'escalated',
    'exhausted',
    'refused',
    'check-requested',
    'check-objected',
    'released-unchecked',
    /** A clinician answered an alert that had been withdrawn: they may have acted on it. */
    'answered-late',
  ]),
})
export type AlertAttention = z.infer<typeof AlertAttention>

/** What the gateway pushes to a session, one JSON object a line on GET /v1/events. */
export const SessionEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), at: z.number() }),
  z.object({ kind: z.literal('keep-alive'), at: z.number() }),
  z.object({
    kind: z.literal('session-ended'),
    reason: SessionEndReason,
    at: z.number(),
    /** The workstation that took over, where that is why. */
    byWorkstation: z.string().optional(),
  }),
  z.object({ kind: z.literal('session-locked'), at: z.number() }),
  /** The security officer changed the times that this session lives by: they count from now on. */
  z.object({ kind: z.literal('policy-changed'), lockAfterMs: z.number(), activityEveryMs: z.number() }),
  z.object({ kind: z.literal('alert-changed'), alertId: z.string() }),
  AlertAttention,
  z.object({ kind: z.literal('worklist-changed') }),
  z.object({ kind: z.literal('dictionary-changed'), version: z.string() }),
  /** An alarm was raised, cleared or acknowledged. */
  z.object({ kind: z.literal('alarm-changed') }),
  /** To who reviews it: somebody opened a labelled study all the same. */
  z.object({ kind: z.literal('glass-broken'), id: z.string(), at: z.number() }),
])
export type SessionEvent = z.infer<typeof SessionEvent>
