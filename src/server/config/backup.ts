import { z } from 'zod'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
const cron = z.string().min(1).max(60)
const common = {
  name,
  /** KiB a second at most; absent: as fast as it goes. */
  bandwidthKiB: z.int().min(16).optional(),
  /** Older than this raises an alarm. */
  mostLagMinutes: z.number().min(0.01).max(100_000).default(360),
}

/** A place outside this machine that copies of backups go to. */
export const OffSitePlace = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('sftp'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1),
    /** OpenSSH private key, mode 0600. */
    keyFile: z.string().min(1),
    /** SHA-256 fingerprint of the server's key, as `ssh-keygen -lf` prints it (`SHA256:…`). Any other is refused. */
    hostKey: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/),
    directory: z.string().min(1),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('s3'),
    endpoint: z.url(),
    region: z.string().min(1).default('us-east-1'),
    bucket: z.string().min(1),
    prefix: z.string().default(''),
    accessKeyId: z.string().min(1),
    /** File that holds the secret key, mode 0600. */
    secretKeyFile: z.string().min(1),
    /** PEM of who signs the endpoint's certificate, where the system does not know them. */
    caFile: z.string().optional(),
    /** Days that the store is told to keep each object unchanged (object lock, compliance mode); absent: none. */
    lockDays: z.int().min(1).max(3650).optional(),
  }),
  /** Another disk, a mounted share. */
  z.strictObject({ ...common, kind: z.literal('directory'), path: z.string().min(1) }),
])
export type OffSitePlace = z.infer<typeof OffSitePlace>

/** When backups are made, how long they are kept, and where they go. Cron expressions in the gateway's local time. */
export const BackupConfig = z.strictObject({
  directory: z.string().min(1).default('backups'),
  full: cron.default('0 1 * * *'),
  incremental: cron.default('0 */2 * * *'),
  drill: cron.default('0 3 * * 0'),
  /** The newest of so many days, weeks and months are kept; nothing is removed that an off-site place does not have yet. */
  keep: z
    .strictObject({
      days: z.int().min(2).max(3650).default(14),
      weeks: z.int().min(0).max(520).default(8),
      months: z.int().min(0).max(240).default(12),
    })
    .prefault({}),
  /** Free space below which a backup is not begun, and an alarm raised. */
  leastFreeMiB: z.int().min(0).default(1024),
  offSite: z
    .array(OffSitePlace)
    .max(8)
    .refine((list) => new Set(list.map((place) => place.name)).size === list.length, 'two places of one name')
    .default([]),
})
export type BackupConfig = z.infer<typeof BackupConfig>

/** The directory, and the files that places name, made absolute by `at`. What lies on the other side stays as it is. */
export function withAbsolutePlaces(config: BackupConfig, at: (path: string) => string): BackupConfig {
  return {
    ...config,
    directory: at(config.directory),
    offSite: config.offSite.map((place) => {
      if (place.kind === 'sftp') return { ...place, keyFile: at(place.keyFile) }
      if (place.kind === 'directory') return { ...place, path: at(place.path) }
      const ca = place.caFile ? { caFile: at(place.caFile) } : {}
      return { ...place, secretKeyFile: at(place.secretKeyFile), ...ca }
    }),
  }
}

/** The scheduled look at everything that is stored. */
export const ScrubConfig = z.strictObject({
  schedule: cron.default('0 2 * * *'),
  /** Share of one processor that it takes at most, so that it disturbs nobody. */
  mostLoad: z.number().min(0.01).max(1).default(0.25),
})
