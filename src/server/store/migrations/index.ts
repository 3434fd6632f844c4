import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Schema } from '../schema.ts'
import { initial } from './0001-initial.ts'
import { identity } from './0002-identity.ts'
import { criticalLoop } from './0003-critical-loop.ts'
import { readingRoom } from './0004-reading-room.ts'
import { auditEvidence } from './0005-audit-evidence.ts'
import { alarms } from './0006-alarms.ts'
import { labels } from './0007-labels.ts'
import { keyGenerations } from './0008-key-generations.ts'
import { backups } from './0009-backups.ts'
import { rowSeals } from './0010-row-seals.ts'

/** In order, never edited once released: a change is a new number. */
const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-identity': identity,
  '0003-critical-loop': criticalLoop,
  '0004-reading-room': readingRoom,
  '0005-audit-evidence': auditEvidence,
  '0006-alarms': alarms,
  '0007-labels': labels,
  '0008-key-generations': keyGenerations,
  '0009-backups': backups,
  '0010-row-seals': rowSeals,
}

/** Applies what is missing. @throws the failing migration's error; nothing of it stays. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
