import type Database from 'better-sqlite3'
import type { Value } from './content.ts'
import { registerSealFunctions } from './functions.ts'
import type { SealKeys } from './keys.ts'
import { checkOf, type SealedTable, sealedTables, sumTriggers, triggersOf, wholeViewOf } from './tables.ts'

export { rowContent, type Value } from './content.ts'
export type { SealKeys } from './keys.ts'
export {
  combined,
  emptySeal,
  openTableSeal,
  sealsVersion,
  sealTable,
  type TableSeal,
  tableSealPlace,
  termOf,
  wholeName,
} from './table-seal.ts'
export { conditionOf, keyOf, type SealedTable, valuesOf } from './tables.ts'
export { whole } from './whole.ts'

/** The seals of one connection: functions before anything is read, triggers and views once the tables are those of this version. */
export function createSeals(database: Database.Database) {
  let keys: SealKeys | null = null
  let tables = new Map<string, SealedTable>()
  const checks = new Map<string, Database.Statement>()
  registerSealFunctions(database, {
    keys: () => {
      if (!keys) throw new Error('rows cannot be written, or read as sealed, before the keys are open')
      return keys
    },
    table: (name) => {
      const table = tables.get(name)
      if (!table) throw new Error(`table ${name} is not a sealed one`)
      return table
    },
  })
  return {
    /** To be called once migrated. Triggers that were taken away, or are of another version, are set anew. */
    prepare(): void {
      tables = new Map(sealedTables(database).map((table) => [table.name, table]))
      const wanted = new Map([
        ...sumTriggers(),
        ...[...tables.values()].flatMap((table) => [...triggersOf(table)]),
      ])
      const missing = () => {
        const rows = database
          .prepare(
            `select name, sql from main.sqlite_schema where type = 'trigger' and name like 'sealed\\_%' escape '\\'`,
          )
          .all() as { name: string; sql: string }[]
        const found = new Map(rows.map(({ name, sql }) => [name, sql]))
        return {
          extra: [...found].filter(([name, sql]) => wanted.get(name) !== sql),
          absent: [...wanted].filter(([name, sql]) => found.get(name) !== sql),
        }
      }
      const { extra, absent } = missing()
      if (extra.length + absent.length > 0)
        database
          .transaction(() => {
            const now = missing()
            for (const [name] of now.extra) database.exec(`drop trigger "${name}"`)
            for (const [, sql] of now.absent) database.exec(sql)
          })
          .immediate()
      for (const table of tables.values()) database.exec(wholeViewOf(table))
    },
    /** From now on rows can be written, and read as sealed. */
    open(with_: SealKeys): void {
      keys = with_
    },
    tables: (): readonly SealedTable[] => [...tables.values()],
    check(name: string, row: object): void {
      const table = tables.get(name)
      if (!table) throw new Error(`table ${name} is not a sealed one`)
      const values = row as Readonly<Record<string, Value | undefined>>
      const statement = checks.get(name) ?? database.prepare(checkOf(table))
      checks.set(name, statement)
      statement.get(...table.primary.map((column) => values[column] ?? null))
    },
  }
}
