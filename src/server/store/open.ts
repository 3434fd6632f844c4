import Database from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import type { Store } from './index.ts'
import { journalState } from './journal.ts'
import { migrate } from './migrations/index.ts'
import { createActGuard } from './recorded/index.ts'
import type { Schema } from './schema.ts'
import { createSeals } from './seals/index.ts'

/** How long a statement waits for another process (the CLI beside a running gateway) to finish its transaction. */
const busyTimeoutMs = 5000

/**
 * Opens the gateway's SQLite database and brings it to the newest migration. The file is made where it does not exist.
 * `synchronous=FULL`: what was committed (a signed report, its alerts) survives a power cut.
 */
export async function openStore(file: string): Promise<Store> {
  const journal = journalState(file)
  const database = new Database(file, { timeout: busyTimeoutMs })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  // What was deleted or written over does not stay in the file.
  database.pragma('secure_delete = ON')
  const seals = createSeals(database)
  const acts = createActGuard(database)
  const db = new Kysely<Schema>({
    dialect: new ImmediateSqliteDialect({ database: keepingStatements(database) }),
  })
  try {
    await withoutWaiting(database, () => migrate(db))
    seals.prepare()
    acts.prepare()
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    db,
    seals: {
      tables: seals.tables,
      check: seals.check,
      open(keys) {
        seals.open(keys)
        // What was written before is what a record is made with.
        acts.arm()
      },
    },
    journal,
    mark: changeMark(database),
    wrappedKeys: () => database.prepare('select * from wrapped_keys').all() as WrappedKeys,
    snapshot: () => snapshotOf(file),
    transaction: (work, unrecorded) =>
      db.transaction().execute((trx) => acts.hold(() => work(trx), unrecorded)),
    recordedOnly: acts.beStrict,
    close: () => db.destroy(),
  }
}

type WrappedKeys = ReturnType<Store['wrappedKeys']>

/**
 * A new file is made without waiting for the disk at each of some hundred statements: nothing is lost with one that was not finished.
 * All of it is on the disk when this returns.
 */
async function withoutWaiting(database: Database.Database, work: () => Promise<void>): Promise<void> {
  const isNew = database.prepare('select count(*) from sqlite_schema').pluck().get() === 0
  if (isNew) database.pragma('synchronous = OFF')
  await work()
  if (!isNew) return
  database.pragma('synchronous = FULL')
  database.pragma('wal_checkpoint(TRUNCATE)')
}

/** A connection of its own: what it reads comes from the disk, not from what this one holds in memory. */
function snapshotOf(file: string): Database.Database {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  try {
    database.exec('begin')
    // The moment is that of the first read.
    database.prepare('select count(*) from sqlite_schema').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite counts rows written by this connection in the one, commits of all other connections in the other. */
function changeMark(database: Database.Database): () => string {
  const own = database.prepare('select total_changes()').pluck()
  const others = database.prepare('pragma data_version').pluck()
  return () => `${own.get()}/${others.get()}`
}

/** How many prepared statements are kept; the code has some hundred different ones. */
const mostStatements = 500

/** The database with its statements prepared once: preparing costs more than running the look-ups that each request makes. */
function keepingStatements(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, Database.Statement>()
  return {
    prepare(text) {
      const known = kept.get(text)
      if (known) return known
      if (kept.size >= mostStatements) kept.clear()
      const statement = database.prepare(text)
      kept.set(text, statement)
      return statement
    },
    close: () => database.close(),
  }
}

/**
 * Transactions start as writers. A deferred one that reads first and writes later fails at once when another process
 * wrote in between, and the audit chain always reads its last row first.
 */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: ConstructorParameters<typeof SqliteDialect>[0]

  constructor(config: ConstructorParameters<typeof SqliteDialect>[0]) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver(this.#config)
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}
