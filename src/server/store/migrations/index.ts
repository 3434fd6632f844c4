import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Schema } from '../schema.ts'
import { initial } from './0001-initial.ts'
import { identity } from './0002-identity.ts'
import { criticalLoop } from './0003-critical-loop.ts'
import { readingRoom } from './0004-reading-room.ts'

/** In order, never edited once released: a change is a new number. */
const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-identity': identity,
  '0003-critical-loop': criticalLoop,
  '0004-reading-room': readingRoom,
}

/** Applies what is missing. @throws the failing migration's error; nothing of it stays. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
