import { resolve } from 'node:path'
import type { AuditEntry } from '../audit/index.ts'
import type { DataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import { directoryPlace } from './places/directory.ts'
import type { Place } from './places/place.ts'
import { createWorkDirectories, type WorkDirectories } from './work-directory.ts'

export type Actor = AuditEntry['actor']

/** What the work on backups stands on. */
export interface BackupContext {
  foundation: Omit<Foundation, 'policies'>
  paths: DataDirectory
  /** Where backups are made. Absolute. */
  directory: string
  /** The same, to read from. */
  local: Place
  work: WorkDirectories
}

export function backupContext(foundation: Foundation, paths: DataDirectory): BackupContext {
  const directory = resolve(paths.root, foundation.config.backup.directory)
  return {
    foundation,
    paths,
    directory,
    local: directoryPlace('local', directory),
    work: createWorkDirectories(resolve(paths.root, 'backup-work')),
  }
}

/** An act with one backup, as the audit has it. */
export function backupAct(
  action: `backup.${string}`,
  id: string,
  actor: Actor,
  detail: Record<string, unknown> = {},
  outcome: AuditEntry['outcome'] = 'success',
): AuditEntry {
  return { action, outcome, actor, object: { kind: 'backup', id }, detail }
}
