import { sql } from 'kysely'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import { IntegrityError, openProtection, type Protection } from '../protection/index.ts'
import { openStore, type Queries } from '../store/index.ts'
import { BackupDamaged } from './damaged.ts'
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
 * Opens the data keys that a backup brings along.
 * @throws BackupDamaged where they were changed, or the master key is another one.
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
    const masterKey = await deps.masterKey(store.db)
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
