import type { Backups } from './backups.ts'

export { backupsAt, type FoundBackup, type Opener, openerBy, verifyAt } from './at-place.ts'
export { type Backups, createBackups } from './backups.ts'
export { checkDatabase } from './check-database.ts'
export { backupHandlers } from './handlers.ts'
export type { KeySource } from './key-rows.ts'
export type { Attested } from './known-lost.ts'
export { directoryPlace } from './places/directory.ts'
export { openPlace } from './places/open.ts'
export type { Place } from './places/place.ts'
export { restoreBackup } from './restore.ts'
export { createBackupWatch } from './watch.ts'

/** The database of the newest good backup, for repairs; see `BackupDatabase`. Null where there is none. */
export const openNewestBackupDatabase = (backups: Backups) => backups.newestDatabase()
