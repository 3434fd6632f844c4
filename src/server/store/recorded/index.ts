import type Database from 'better-sqlite3'
import { type UnrecordedAct, unrecordedColumns, unrecordedTables } from './exceptions.ts'

export { type UnrecordedAct, unrecordedActs, unrecordedColumns, unrecordedTables } from './exceptions.ts'

/** A change that no audit record was written with; nothing of it is kept. */
export class UnrecordedChange extends Error {
  readonly tables: readonly string[]

  constructor(tables: readonly string[]) {
    super(`a change of ${tables.join(', ')} without an audit record`)
    this.name = 'UnrecordedChange'
    this.tables = tables
  }
}

interface OpenAct {
  readonly changed: Set<string>
  recorded: boolean
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Holds every change of one connection to its audit record: triggers of this connection alone note which tables a transaction
 * changed and whether it wrote a record, and one that changed something and recorded nothing does not commit. For whoever
 * forgets to record; a program that writes the file without it is what the seals are for.
 */
export function createActGuard(database: Database.Database) {
  let act: OpenAct | null = null
  let armed = false
  let strict = false
  const define = (name: string, work: (table: string) => void) =>
    database.function(name, { directOnly: false }, (table) => {
      work(String(table))
      return null
    })
  define('vigil_changed', (table) => {
    if (act) act.changed.add(table)
    else if (strict) throw new UnrecordedChange([table])
  })
  define('vigil_recorded', () => {
    if (act) act.recorded = true
  })

  return {
    /** To be called once migrated: which tables there are decides what is watched. */
    prepare(): void {
      const tables = database
        .prepare(`select name from pragma_table_list where schema = 'main' and type = 'table'`)
        .pluck()
        .all() as string[]
      const triggers = tables.flatMap((table) => watchOf(database, table))
      database.exec(`${triggers.join(';')};
        create temp trigger "recorded_audit" after insert on main.audit begin select vigil_recorded('audit'); end`)
    },
    /** From now on: a record can be written. */
    arm(): void {
      armed = true
    },
    /** From now on a change outside of a transaction fails as well, which nothing could be recorded with. */
    beStrict(): void {
      strict = true
    },
    /** Runs `work`, what a transaction does. @throws UnrecordedChange where it changed something and recorded nothing. */
    async hold<T>(work: () => Promise<T>, unrecorded?: UnrecordedAct): Promise<T> {
      const own: OpenAct = { changed: new Set(), recorded: false }
      act = own
      try {
        const result = await work()
        if (armed && unrecorded === undefined && !own.recorded && own.changed.size > 0)
          throw new UnrecordedChange([...own.changed].sort())
        return result
      } finally {
        act = null
      }
    },
  }
}

/** The triggers that note changes of a table. */
function watchOf(database: Database.Database, table: string): string[] {
  if (Object.hasOwn(unrecordedTables, table) || table.startsWith('sqlite_')) return []
  const free = unrecordedColumns[table]?.columns ?? []
  const columns = database.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[]
  const watched = columns.filter((column) => !free.includes(column)).map(quoted)
  const text = `'${table.replaceAll("'", "''")}'`
  const events = ['insert', free.length === 0 ? 'update' : `update of ${watched.join(', ')}`, 'delete']
  return events.map(
    (event) => `create temp trigger ${quoted(`recorded_${table}_${event.slice(0, 6)}`)}
      after ${event} on main.${quoted(table)} begin select vigil_changed(${text}); end`,
  )
}
