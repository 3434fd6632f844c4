import { z } from 'zod'
import { Progress } from './protection.ts'
import type { Route } from './route.ts'

const session = <const R extends Omit<Route, 'principal'>>(route: R) => ({
  ...route,
  principal: 'session' as const,
})

export const BackupKind = z.enum(['full', 'incremental'])
export type BackupKind = z.infer<typeof BackupKind>

/** One backup. Times are epoch ms, sizes bytes. */
export const BackupRow = z.object({
  id: z.string(),
  kind: BackupKind,
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  /** What a restore of it brings back: everything committed before. */
  coversUntil: z.number().nullable(),
  bytes: z.number(),
  /** `elsewhere`: on the machine that a restore has left, and at the places that have a copy. */
  state: z.enum(['running', 'good', 'failed', 'damaged', 'removed', 'elsewhere']),
  /** When every byte of it was last read back and proven. */
  verifiedAt: z.number().nullable(),
  /** A code where it failed. */
  error: z.string().nullable(),
  /** Names of the off-site places that have it whole. */
  offSite: z.array(z.string()),
})
export type BackupRow = z.infer<typeof BackupRow>

export const OffSiteRow = z.object({
  name: z.string(),
  kind: z.enum(['sftp', 's3', 'directory']),
  lastTransferAt: z.number().nullable(),
  /** How long the oldest of what is not there yet has waited; 0 where everything is. */
  lagSeconds: z.number(),
  waitingBytes: z.number(),
  sending: Progress.nullable(),
  lastError: z.string().nullable(),
  /** Copies that the retention has let go and the place does not let be removed: append-only, or locked. */
  refusedRemovals: z.int(),
})
export type OffSiteRow = z.infer<typeof OffSiteRow>

/** A restore that was tried out, whole. */
export const DrillRow = z.object({
  id: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  backupId: z.string(),
  source: z.string(),
  outcome: z.enum(['passed', 'failed']),
  /** How long until a gateway could have been started on it (RTO). */
  restoreSeconds: z.number(),
  /** What would have been lost: from what the backup covers to the drill's beginning (RPO). */
  lossSeconds: z.number(),
  /** What was checked, in order, and how it came out. */
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), figure: z.string() })),
})
export type DrillRow = z.infer<typeof DrillRow>

export const BackupStatus = z.object({
  /** Cron expressions, in the gateway's time. */
  schedule: z.object({ full: z.string(), incremental: z.string(), drill: z.string() }),
  nextFullAt: z.number().nullable(),
  nextIncrementalAt: z.number().nullable(),
  nextDrillAt: z.number().nullable(),
  running: z.object({ kind: BackupKind, progress: Progress }).nullable(),
  drilling: Progress.nullable(),
  backups: z.array(BackupRow),
  offSite: z.array(OffSiteRow),
  drills: z.array(DrillRow),
})
export type BackupStatus = z.infer<typeof BackupStatus>

export const backupApi = {
  backupStatus: session({
    method: 'GET',
    path: '/v1/backup',
    permission: 'backup.read',
    response: BackupStatus,
  }),
  /** Begins one where none runs; `conflict` otherwise. */
  runBackup: session({
    method: 'POST',
    path: '/v1/backup/run',
    permission: 'backup.run',
    body: z.strictObject({ kind: BackupKind }),
    response: z.object({}),
  }),
  runDrill: session({
    method: 'POST',
    path: '/v1/backup/drill',
    permission: 'backup.run',
    response: z.object({}),
  }),
} as const satisfies Record<string, Route>
