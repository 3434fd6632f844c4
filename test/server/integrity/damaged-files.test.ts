import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditTrail } from '../../../src/server/audit/index.ts'
import { sealRows } from '../../../src/server/integrity/index.ts'
import { openStore } from '../../../src/server/store/index.ts'
import { journalState } from '../../../src/server/store/journal.ts'
import { openTestFoundation } from '../foundation.ts'
import { lookedAt } from './looked-at.ts'

/** Bytes of the files that the database lies in, changed one at a time at random (a seed is printed), as a failing disk would. */
/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

let gateway: Awaited<ReturnType<typeof openTestFoundation>>
let whole: Buffer
let journal: Buffer
const seed = Number(process.env.VIGIL_SEED ?? Date.now() % 1_000_000)
const random = seeded(seed)
const at = (name: string) => `${gateway.dir}/${name}`

beforeAll(async () => {
  gateway = await openTestFoundation()
  const { store, protection, audit } = gateway
  for (let n = 0; n < 120; n += 1)
    await store.transaction(async (trx) => {
      await trx
        .insertInto('orders')
        .values({
          id: `o${n}`,
          accession_index: `a${n}`,
          study_index: `s${n}`,
          patient_index: `p${n % 20}`,
          sealed_order: protection.seal(
            { table: 'orders', column: 'sealed_order', row: `o${n}` },
            '胸部'.repeat(150),
          ),
          modality: 'CT',
          scheduled_at: n,
          exam_done_at: null,
          updated_at: n,
          source: 'feed',
          cancelled_at: null,
          sent_at: null,
          patient_sent_at: null,
        })
        .execute()
      await trx
        .insertInto('lockouts')
        .values({ subject: `account:${n}`, failures: n, last_failure_at: n, locked_until: null })
        .execute()
      await audit.append(trx, {
        action: 'order.imported',
        outcome: 'success',
        actor: { kind: 'cli', id: 't' },
      })
    })
  new Database(at('vigil.db')).exec(`vacuum into '${at('kept.db')}'`).close()
  whole = readFileSync(at('kept.db'))
  new Database(at('vigil.db')).exec('pragma wal_checkpoint(truncate)').close()
  await store.db.updateTable('lockouts').set({ failures: 1 }).execute()
  journal = readFileSync(at('vigil.db-wal'))
})
afterAll(() => gateway.close())

/** Says only what is to be read again, or when something was migrated: nothing that anybody is shown or goes by. */
const technical = ['worklist_changes', 'kysely_migration', 'kysely_migration_lock', 'sqlite_sequence']

/** All rows of all other tables, read in order; null where they cannot be. */
function content(file: string): string | null {
  const database = new Database(file, { readonly: true })
  try {
    const tables = database
      .prepare(`select name from sqlite_schema where type = 'table' order by name`)
      .pluck()
      .all() as string[]
    const rows = tables
      .filter((name) => !technical.includes(name))
      .map((name) => database.prepare(`select * from "${name}"`).raw().all())
    const schema = database.prepare('select type, name, sql from sqlite_schema order by name').all()
    return JSON.stringify([schema, rows])
  } catch {
    return null
  } finally {
    database.close()
  }
}

/** What the product says of a file: SQLite's own check, every seal, the audit chain. */
async function detected(file: string): Promise<boolean> {
  try {
    const database = new Database(file)
    try {
      const structure = database.pragma('integrity_check(1)', { simple: true })
      if (structure !== 'ok') return true
    } finally {
      database.close()
    }
    const store = await openStore(file)
    try {
      await sealRows({ store, protection: gateway.protection })
      if ((await lookedAt({ store, protection: gateway.protection })).length > 0) return true
      const audit = createAuditTrail({ store, protection: gateway.protection, clock: gateway.clock })
      return (await audit.verify()).faults.length > 0
    } finally {
      await store.close()
    }
  } catch {
    return true
  }
}

describe(`a database of which one byte was changed (seed ${seed})`, () => {
  it('is told, or says what it said before: never anything else', async () => {
    const before = content(at('kept.db'))
    let told = 0
    for (let time = 0; time < 40; time += 1) {
      // Its own name each time: a log that another left behind would be read with it.
      const file = at(`flipped-${time}.db`)
      const place = Math.floor(random() * whole.length)
      const bytes = Buffer.from(whole)
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
      writeFileSync(file, bytes)
      const same = () => content(file) === before
      const unharmed = same()
      const found = await detected(file)
      if (found) told += 1
      // A byte that nothing is written in may be anything; triggers that keep the seals are set anew when the file is opened.
      expect(found || unharmed || same(), `byte ${place}`).toBe(true)
    }
    expect(told).toBeGreaterThan(4)
  })
})

describe('a write-ahead log', () => {
  it('is whole while it is written, and after it was begun anew over an older one', async () => {
    expect(journalState(at('vigil.db'))).toBe('whole')
    expect(journalState(at('kept.db'))).toBe('none')
    const database = new Database(at('again.db'))
    database.pragma('journal_mode = WAL')
    database.exec('create table t (x); insert into t values (zeroblob(90000))')
    database.pragma('wal_checkpoint(RESTART)')
    database.exec('insert into t values (1)')
    expect(statSync(at('again.db-wal')).size).toBeGreaterThan(90_000)
    expect(journalState(at('again.db'))).toBe('whole')
    database.close()
  })

  it('of which one byte was changed, or the end cut off within a page, is told: SQLite says nothing of what it leaves out', async () => {
    const file = at('torn.db')
    copyFileSync(at('kept.db'), file)
    for (let time = 0; time < 200; time += 1) {
      const place = Math.floor(random() * journal.length)
      const bytes = Buffer.from(journal)
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
      writeFileSync(`${file}-wal`, bytes)
      expect(journalState(file), `byte ${place}`).toBe('damaged')
    }
    writeFileSync(`${file}-wal`, journal.subarray(0, journal.length - 100))
    expect(journalState(file)).toBe('damaged')
    writeFileSync(`${file}-wal`, journal)
    expect(journalState(file)).toBe('whole')
  })
})
