import { z } from 'zod'
import { Alarm } from '../alarm/index.ts'
import type { Route } from './route.ts'

const session = <const R extends Omit<Route, 'principal'>>(route: R) => ({
  ...route,
  principal: 'session' as const,
})

/** How far long work is; `total` 0 where it is not known yet. */
export const Progress = z.object({ done: z.number(), total: z.number(), startedAt: z.number() })
export type Progress = z.infer<typeof Progress>

/** Of a table whose rows are not those that it had: what the newest backup could tell of them. */
export const DamageLack = z.object({
  /** Rows too few; negative: too many. */
  missing: z.int(),
  /** `backup:<id>`, `off-site:<name>/<id>`; empty where there is none. */
  source: z.string(),
  /** Of rows that are there and not here, the first twenty; the product may have taken some of them away itself. */
  keys: z.array(z.string()),
})
export type DamageLack = z.infer<typeof DamageLack>

/** One value or file that was found damaged. No value, only its place. */
export const DamageRow = z.object({
  id: z.string(),
  /** Table or kind of file, column, row. */
  place: z.string(),
  what: z.string(),
  lack: DamageLack.optional(),
  foundAt: z.number(),
  /** `isolated`: it is refused to who asks for it. `restored`: from `source`. */
  state: z.enum(['isolated', 'restored']),
  /** `backup:<id>`, `off-site:<name>`, `derived`, `accepted`; empty while it is isolated. */
  source: z.string(),
  restoredAt: z.number().nullable(),
})
export type DamageRow = z.infer<typeof DamageRow>

export const ScrubRun = z.object({
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  values: z.int(),
  files: z.int(),
  bytes: z.number(),
  damaged: z.int(),
  restored: z.int(),
  outcome: z.enum(['running', 'clean', 'damaged', 'interrupted']),
})
export type ScrubRun = z.infer<typeof ScrubRun>

export const ProtectionStatus = z.object({
  masterKey: z.object({
    kind: z.enum(['file', 'pkcs11', 'environment']),
    /** SHA-256 (first 16 hex) of a value derived from it: to tell that it is the right one. */
    fingerprint: z.string(),
    /** When a Shamir split was last made on paper; null where never. */
    escrowedAt: z.number().nullable(),
    escrow: z.object({ shares: z.int(), threshold: z.int() }).nullable(),
  }),
  keys: z.array(
    z.object({
      purpose: z.string(),
      generation: z.int(),
      createdAt: z.number(),
      state: z.enum(['current', 'retiring', 'retired']),
      /** Values that still stand under it, where that is known. */
      values: z.int().nullable(),
    }),
  ),
  /** Null where none runs. */
  rotation: Progress.nullable(),
  clock: z.object({ source: z.string(), offsetMs: z.number(), checkedAt: z.number() }).nullable(),
  scrub: z.object({ running: Progress.nullable(), nextAt: z.number().nullable(), runs: z.array(ScrubRun) }),
  damage: z.array(DamageRow),
})
export type ProtectionStatus = z.infer<typeof ProtectionStatus>

/** Alarms, keys, scrub. */
export const protectionApi = {
  /** Those that stand, and those cleared within 30 days; the newest first. */
  alarms: session({
    method: 'GET',
    path: '/v1/alarms',
    permission: 'alarm.read',
    response: z.array(Alarm),
  }),
  acknowledgeAlarm: session({
    method: 'POST',
    path: '/v1/alarms/:id/acknowledge',
    permission: 'alarm.acknowledge',
    params: z.object({ id: z.string().min(1).max(64) }),
    body: z.strictObject({ note: z.string().trim().min(2).max(300) }),
    response: z.object({}),
  }),
  protectionStatus: session({
    method: 'GET',
    path: '/v1/protection',
    permission: 'protection.read',
    response: ProtectionStatus,
  }),
  /** Begins a scrub where none runs. */
  startScrub: session({
    method: 'POST',
    path: '/v1/protection/scrub',
    permission: 'protection.scrub',
    response: z.object({}),
  }),
} as const satisfies Record<string, Route>
