import { sql } from 'kysely'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import {
  IntegrityError,
  knownMaster,
  masterFingerprint,
  openProtection,
  type Protection,
} from '../protection/index.ts'
import { openStore, type Queries } from '../store/index.ts'
import { BackupDamaged, MasterKeyNeeded } from './damaged.ts'
import type { Header } from './manifest.ts'

/** The data keys as the database has them, wrapped by the master key. */
export async function wrappedKeyRows(db: Queries): Promise<Header['keys']> {
  const { rows } = await sql<Header['keys'][number]>`select * from wrapped_keys`.execute(db)
  return rows
}

export interface KeySource {
  /** The master key that a database with these wrapped keys stands under. */
  masterKey(db: Queries): Promise<Buffer>
  clock: Clock
  random: RandomBytes
}

/**
 * The master key of a backup's keys, held against the fingerprint that they bring along. The caller wipes it.
 * @throws MasterKeyNeeded
 */
export async function masterKeyFor(id: string, db: Queries, keys: KeySource): Promise<Buffer> {
  const fingerprint = (await knownMaster(db))?.fingerprint
  const needed = fingerprint ? `master key ${fingerprint}` : 'its master key'
  const key = await keys.masterKey(db).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'no master key'
    throw new MasterKeyNeeded(
      id,
      `${why}\nBackup ${id} opens by ${needed} alone: make that source reachable here, or put the paper shares ` +
        'together (vigil keys recover --out FILE) and give --master-key FILE',
      { cause },
    )
  })
  const given = masterFingerprint(key)
  if (!fingerprint || given === fingerprint) return key
  key.fill(0)
  throw new MasterKeyNeeded(
    id,
    `backup ${id} needs ${needed}; ${given} is not the master key that it stands under`,
  )
}

/**
 * Opens the data keys that a backup brings along.
 * @throws MasterKeyNeeded; BackupDamaged where they were changed.
 */
export async function protectionFrom(
  { id, keys }: Pick<Header, 'id' | 'keys'>,
  deps: KeySource,
): Promise<Protection> {
  const store = await openStore(':memory:')
  try {
    // Without rows, keys would be made anew, and nothing would open.
    if (keys.length === 0) throw new BackupDamaged(id, 'its keys')
    for (const row of keys) {
      const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)))
      await sql`insert into wrapped_keys (${columns}) values (${sql.join(Object.values(row))})`.execute(
        store.db,
      )
    }
    const { clock, random } = deps
    const masterKey = await masterKeyFor(id, store.db, deps)
    return await openProtection({ db: store.db, clock, random, masterKey })
  } catch (cause) {
    if (cause instanceof IntegrityError)
      throw new BackupDamaged(id, 'its keys, or this is not the master key that they are wrapped by', {
        cause,
      })
    throw cause
  } finally {
    await store.close()
  }
}
