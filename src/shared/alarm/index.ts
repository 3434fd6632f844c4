import { z } from 'zod'
import { ErrorFacts } from '../errors/index.ts'

/** What the product watches over by itself and somebody must see to. A closed list: the window words each. */
export const AlarmKind = z.enum([
  /** The log server takes no audit messages; `facts`: receiver, waiting, since. */
  'audit-shipping-stalled',
  /** The audit chain does not verify; `facts`: seq, fault. */
  'audit-broken',
  /** The gateway's clock is off, or has been set; `facts`: offsetMs, source. */
  'clock-drift',
  /** A stored value or file is damaged; subject is its place; `facts`: restored. */
  'data-damaged',
  /** A scheduled scrub did not finish in its time. */
  'scrub-overdue',
  /** The last backup is older than the schedule allows, or failed; `facts`: kind, code, since. */
  'backup-overdue',
  'backup-failed',
  /** A backup that is kept does not verify; subject is its id. */
  'backup-damaged',
  /** Copies wait for an off-site place; subject is its name; `facts`: code, lagSeconds. */
  'off-site-lag',
  /** The last drill is too old, or failed. */
  'drill-overdue',
  'drill-failed',
  /** `facts`: freeMiB. */
  'disk-full',
  /** Broken glass that nobody has reviewed in time; `facts`: count. */
  'glass-unreviewed',
  /** The anomaly list has something urgent; `facts`: kind, count. */
  'anomaly',
  /** A key rotation stands still; `facts`: purpose. */
  'key-rotation-stalled',
])
export type AlarmKind = z.infer<typeof AlarmKind>

export const AlarmSeverity = z.enum(['warning', 'serious'])
export type AlarmSeverity = z.infer<typeof AlarmSeverity>

/** Times are epoch ms. */
export const Alarm = z.object({
  id: z.string(),
  kind: AlarmKind,
  severity: AlarmSeverity,
  /** What of that kind: a place, a receiver, a backup; empty where there is but one. An id, never a name. */
  subject: z.string(),
  facts: ErrorFacts,
  raisedAt: z.number(),
  lastSeenAt: z.number(),
  /** How often it was raised while it stood. */
  count: z.int(),
  /** Null while it stands. */
  clearedAt: z.number().nullable(),
  acknowledged: z.object({ by: z.string(), at: z.number(), note: z.string() }).nullable(),
})
export type Alarm = z.infer<typeof Alarm>
