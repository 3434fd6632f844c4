import type { KeyObject } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import type { Queries, Schema } from '../store/index.ts'
import { secretKey } from './cipher.ts'
import { noteMaster } from './master/known.ts'
import { IntegrityError, KeyUnavailableError } from './protection.ts'
import { type Wrapping, wrappedPlace, wrappingBy } from './wrapping.ts'

/** What the data keys are for. They lie in the database wrapped by the master key, which does not. */
export const keyPurposes = ['field', 'index', 'audit', 'row', 'backup', 'object', 'archive'] as const
export type KeyPurpose = (typeof keyPurposes)[number]
/** What every database has had from its first opening on. */
const firstPurposes: readonly string[] = ['field', 'index', 'audit']

export type WrappedKey = Selectable<Schema['wrapped_keys']>

export interface KeyringDeps {
  db: Queries
  masterKey: Buffer
  clock: Clock
  random: RandomBytes
  /** All of `wrapped_keys`, read at once: for a generation that another process has just made. */
  wrappedKeys?: () => WrappedKey[]
  /** Asks for the master key again, where it was changed meanwhile. */
  masterKeyAgain?: () => Promise<Buffer>
}

/** The data keys that this process holds. */
export interface Keyring {
  /** The generation that is in use. */
  current(purpose: KeyPurpose): { generation: number; key: KeyObject }
  /**
   * Undefined where there is no such generation. One that is not held yet is looked for in the database.
   * @throws KeyUnavailableError where it stands under a master key that this process does not have.
   */
  of(purpose: KeyPurpose, generation: number): KeyObject | undefined
  /** Takes up what other processes made. Cheap where nothing is new. */
  refresh(): Promise<void>
  /** The next generation of a purpose, to be inserted; it is in use once it is committed and met, or refreshed. */
  next(purpose: KeyPurpose): Omit<WrappedKey, 'created_at'>
  wrapping(): Wrapping
}

/**
 * Unwraps the data keys, or makes them on first use.
 * @throws IntegrityError where a wrapped key was changed or is gone, or the master key is another one.
 */
export async function openKeyring(deps: KeyringDeps): Promise<Keyring> {
  const { db, clock, random, wrappedKeys, masterKeyAgain } = deps
  let wrapping = wrappingBy(deps.masterKey, random)
  const held = new Map<KeyPurpose, Map<number, KeyObject>>(keyPurposes.map((name) => [name, new Map()]))
  const inUse = new Map<KeyPurpose, { generation: number; key: KeyObject }>()

  function take(rows: readonly WrappedKey[]): void {
    for (const { purpose, generation, wrapped } of rows) {
      const keys = held.get(purpose as KeyPurpose)
      if (!keys || keys.has(generation)) continue
      const key = wrapping.unwrap(purpose, generation, wrapped)
      keys.set(generation, key)
      const now = inUse.get(purpose as KeyPurpose)
      if (!now || generation > now.generation) inUse.set(purpose as KeyPurpose, { generation, key })
    }
  }

  const stored = () => db.selectFrom('wrapped_keys').selectAll().execute()
  const rows = await stored()
  const isNew = rows.every(({ purpose }) => purpose === 'master')
  for (const purpose of keyPurposes) {
    const generations = rows.filter((row) => row.purpose === purpose).length
    const newest = Math.max(0, ...rows.filter((row) => row.purpose === purpose).map((row) => row.generation))
    // A database that has some of its keys but not this one was tampered with; a new key would hide that.
    const gone = newest !== generations || (generations === 0 && !isNew && firstPurposes.includes(purpose))
    if (gone) throw new IntegrityError(wrappedPlace(purpose, Math.max(1, newest)))
    if (generations > 0) continue
    const first = { ...made(wrapping, purpose, 1, random), created_at: clock() }
    // Another process may have been first.
    await db
      .insertInto('wrapped_keys')
      .values(first)
      .onConflict((conflict) => conflict.columns(['purpose', 'generation']).doNothing())
      .execute()
  }
  take(await stored())
  // Only once all of the above is proven to stand under it.
  if (!rows.some(({ purpose }) => purpose === 'master'))
    await noteMaster(db, { generation: 1, key: deps.masterKey, wrapped: '', now: clock() })

  return {
    wrapping: () => wrapping,
    // Every purpose has a generation from the opening on.
    current: (purpose) => inUse.get(purpose) as { generation: number; key: KeyObject },
    of(purpose, generation) {
      const keys = held.get(purpose)
      const known = keys?.get(generation)
      if (known || !wrappedKeys) return known
      const found = wrappedKeys()
      const row = found.find((one) => one.purpose === purpose && one.generation === generation)
      if (row && row.fingerprint !== null && row.fingerprint !== wrapping.fingerprint)
        throw new KeyUnavailableError(purpose, generation)
      if (row) take([row])
      return keys?.get(generation)
    },
    async refresh() {
      const now = await stored()
      const unknown = now.filter((row) => held.get(row.purpose as KeyPurpose)?.has(row.generation) === false)
      const masters = now.filter(({ purpose }) => purpose === 'master')
      const master = masters.find(({ state }) => state === 'current')
      if (master && master.fingerprint !== wrapping.fingerprint && masterKeyAgain) {
        const again = await masterKeyAgain()
        wrapping = wrappingBy(again, random)
        again.fill(0)
      }
      take(unknown.filter((row) => row.fingerprint === null || row.fingerprint === wrapping.fingerprint))
    },
    next(purpose) {
      const { generation } = inUse.get(purpose) ?? { generation: 0 }
      return made(wrapping, purpose, generation + 1, random)
    },
  }
}

function made(wrapping: Wrapping, purpose: KeyPurpose, generation: number, random: RandomBytes) {
  const bytes = Buffer.from(random(32))
  const wrapped = wrapping.wrap(purpose, generation, bytes)
  secretKey(bytes)
  return { purpose, generation, state: 'current' as const, wrapped, fingerprint: wrapping.fingerprint }
}
