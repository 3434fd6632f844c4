import Database from 'better-sqlite3'
import type { Protection } from '../protection/index.ts'
import {
  combined,
  conditionOf,
  emptySeal,
  keyOf,
  openTableSeal,
  rowContent,
  type SealedTable,
  type TableSeal,
  termOf,
  type Value,
  valuesOf,
  wholeName,
} from '../store/index.ts'

export type Row = Record<string, Value>
export interface KeyedRow {
  key: string
  row: Row
}

/** The seals of a table's rows, held against the table's own. */
export interface TableSums {
  /** The table's seal as it is stored: another text whenever the table was written to. */
  seal: string
  /** What the rows lack of the table's sum, or have too much: zero where it is right. */
  lacking: Buffer
  /** How many rows are too few; negative: too many. */
  missing: number
  macs: Map<string, string>
}

/** The sealed tables of a database as of one moment: of the gateway's own, or of one that a backup holds. */
export interface StoredTables {
  /** `good`: it is what this MAC is of; `older`: it is whole, and of another version, or was not there yet; else `damaged`. */
  row(table: SealedTable, key: string, mac: string): { is: 'good'; row: Row } | { is: 'older' | 'damaged' }
  /** Nothing else can be asked while they are gone through. */
  all(table: SealedTable): Iterable<KeyedRow>
  /** The MAC that stands beside a row, or in the place of one that is gone. */
  sealOf(table: SealedTable, key: string): string | null
  /** Rows that nobody sealed. */
  unsealed(table: SealedTable): KeyedRow[]
  /** Null where the table's seal is gone, or damaged. */
  sums(table: SealedTable): Promise<TableSums | null>
  /** The seals of these tables are what the seal of all says, and it is no older than `lastSeals`. */
  hold(tables: readonly SealedTable[], lastSeals: number | null): boolean
  close(): void
}

/** @throws what SQLite throws of a file that is none. */
export const openCopiedTables = (
  file: string,
  protection: Protection,
  pause: () => Promise<void>,
): StoredTables => tablesOf(new Database(file, { readonly: true, fileMustExist: true }), protection, pause)

/** Closes the database with it. `pause`: lets others go first; called between small steps. */
export function tablesOf(
  database: Database.Database,
  protection: Protection,
  pause: () => Promise<void>,
): StoredTables {
  const select = (table: SealedTable) =>
    `select ${valuesOf(table, 'r')}, ${keyOf(table, 'r')} as seal_key from "${table.name}" r where ${conditionOf(table, 'r')}`

  const keyed = (row: unknown): KeyedRow => ({ key: String((row as Row).seal_key), row: row as Row })

  function ownSeal(name: string): { text: string; seal: TableSeal } | null {
    const text = database.prepare('select seal from table_seals where name = ?').pluck().get(name)
    if (typeof text !== 'string') return null
    try {
      return { text, seal: openTableSeal(protection, name, text) }
    } catch {
      return null
    }
  }

  const sealOf = (table: SealedTable, key: string): string | null => {
    const mac = database
      .prepare('select mac from row_seals where tbl = ? and key = ?')
      .pluck()
      .get(table.name, key)
    return typeof mac === 'string' ? mac : null
  }

  return {
    sealOf,
    row(table, key, mac) {
      const row = database.prepare(`${select(table)} and ${keyOf(table, 'r')} = ?`).get(key) as
        | Row
        | undefined
      const seal = sealOf(table, key)
      if (!row) return { is: seal === null ? 'older' : 'damaged' }
      const isOf = (one: string) => macOf(protection, table, row, one) === one
      if (isOf(mac)) return { is: 'good', row }
      return { is: seal !== null && isOf(seal) ? 'older' : 'damaged' }
    },
    *all(table) {
      for (const row of database.prepare(select(table)).iterate()) yield keyed(row)
    },
    unsealed: (table) =>
      database
        .prepare(
          `${select(table)} and not exists (select 1 from row_seals s where s.tbl = ? and s.key = ${keyOf(table, 'r')})`,
        )
        .all(table.name)
        .map(keyed),
    async sums(table) {
      const own = ownSeal(table.name)
      if (!own) return null
      const seals = database.prepare('select key, mac from row_seals where tbl = ?').all(table.name) as {
        key: string
        mac: string
      }[]
      let lacking: Buffer = Buffer.from(own.seal.sum, 'hex')
      for (const { mac } of seals) {
        lacking = combined(lacking, termOf(protection, mac))
        await pause()
      }
      return {
        seal: own.text,
        lacking,
        missing: own.seal.rows - seals.length,
        macs: new Map(seals.map(({ key, mac }) => [key, mac])),
      }
    },
    hold(tables, lastSeals) {
      const all = ownSeal(wholeName)?.seal
      if (!all || all.version < (lastSeals ?? 0)) return false
      let sum: Buffer = Buffer.from(emptySeal.sum, 'hex')
      for (const { name } of tables) {
        const own = ownSeal(name)?.seal
        if (!own) return false
        sum = combined(sum, Buffer.from(own.sum, 'hex'))
      }
      return sum.toString('hex') === all.sum
    },
    close: () => database.close(),
  }
}

/** The MAC of a row as it stands, of the key's generation of `like` where given. */
export function macOf(protection: Protection, table: SealedTable, row: Row, like?: string): string {
  return protection.rowMac(
    rowContent(table.name, table.columns)(table.columns.map((column) => row[column] ?? null)),
    like,
  )
}
