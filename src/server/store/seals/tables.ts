import type Database from 'better-sqlite3'
import { isSealed, sealedRowsOf } from './exceptions.ts'

/** A sealed table, as the database describes it. */
export interface SealedTable {
  name: string
  columns: readonly string[]
  /** Primary key, in its order. */
  primary: readonly string[]
}

export function sealedTables(database: Database.Database): SealedTable[] {
  const names = database
    .prepare(`select name, wr from pragma_table_list where schema = 'main' and type = 'table' order by name`)
    .all() as { name: string; wr: number }[]
  const columns = database.prepare('select name, pk from pragma_table_info(?) order by cid')
  return names
    .filter(({ name }) => isSealed(name))
    .map(({ name, wr }) => {
      const found = columns.all(name) as { name: string; pk: number }[]
      const primary = found.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      if (primary.length === 0 || wr !== 0)
        throw new Error(`table ${name} has no primary key, or no rowid: its rows cannot be sealed`)
      return {
        name,
        columns: found.map((column) => column.name),
        primary: primary.map((column) => column.name),
      }
    })
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** SQL of what a row is known by among the seals of its table. */
export function keyOf({ primary }: SealedTable, row: string): string {
  const parts = primary.map((column) => `${row}.${quoted(column)}`)
  return parts.length === 1 ? `cast(${parts[0]} as text)` : `json_array(${parts.join(', ')})`
}

/** SQL of a row's values, in the order that its MAC is made over. */
export function valuesOf({ columns }: SealedTable, row: string): string {
  return columns.map((column) => `${row}.${quoted(column)}`).join(', ')
}

/** SQL that is true of rows that are sealed. */
export function conditionOf({ name }: SealedTable, row: string): string {
  return sealedRowsOf[name]?.replaceAll('row.', `${row}.`) ?? '1'
}

/** The triggers that keep the seals of a table's rows, by name. */
export function triggersOf(table: SealedTable): Map<string, string> {
  const { name } = table
  const text = `'${name.replaceAll("'", "''")}'`
  const trigger = (on: 'insert' | 'update' | 'delete', body: string) => {
    const called = `sealed_${name}_${on}`
    const when = name in sealedRowsOf ? ` when ${conditionOf(table, on === 'delete' ? 'old' : 'new')}` : ''
    return [
      called,
      `CREATE TRIGGER ${quoted(called)} after ${on} on ${quoted(name)}${when} begin ${body}; end`,
    ] as const
  }
  return new Map([
    // Where a row of this key was taken away unnoticed its seal still stands, and goes on to say so.
    trigger(
      'insert',
      `insert into row_seals (tbl, key, mac)
        values (${text}, ${keyOf(table, 'new')}, vigil_row_mac(${text}, ${valuesOf(table, 'new')}))
        on conflict (tbl, key) do nothing`,
    ),
    trigger(
      'update',
      `update row_seals set key = ${keyOf(table, 'new')},
        mac = vigil_row_again(${text}, mac, ${valuesOf(table, 'old')}, ${valuesOf(table, 'new')})
        where tbl = ${text} and key = ${keyOf(table, 'old')}`,
    ),
    trigger('delete', `delete from row_seals where tbl = ${text} and key = ${keyOf(table, 'old')}`),
  ])
}

/** The triggers that keep the seals of whole tables, from those of the rows. */
export function sumTriggers(): Map<string, string> {
  const trigger = (on: string, tbl: string, before: string, after: string) =>
    [
      `sealed_rows_${on}`,
      `CREATE TRIGGER "sealed_rows_${on}" after ${on} on row_seals begin
        update table_seals set seal = vigil_adjusted(name, seal, ${before}, ${after})
        where name in (${tbl}, '*'); end`,
    ] as const
  return new Map([
    trigger('insert', 'new.tbl', 'null', 'new.mac'),
    trigger('update', 'new.tbl', 'old.mac', 'new.mac'),
    trigger('delete', 'old.tbl', 'old.mac', 'null'),
  ])
}

/** Reads one row, by its primary key, by the view that fails where it is not as it was sealed. */
export function checkOf({ name, primary }: SealedTable): string {
  const condition = primary.map((column) => `${quoted(column)} = ?`).join(' and ')
  return `select 1 from ${quoted(`whole_${name}`)} where ${condition}`
}

/** A view, of this connection alone, that gives a table's rows and fails at one that is not as it was sealed. */
export function wholeViewOf(table: SealedTable): string {
  const { name } = table
  const text = `'${name.replaceAll("'", "''")}'`
  const key = keyOf(table, 'r')
  const check = `vigil_whole(${text}, ${key},
    (select s.mac from main.row_seals s where s.tbl = ${text} and s.key = ${key}), ${valuesOf(table, 'r')})`
  const condition = name in sealedRowsOf ? `(not (${conditionOf(table, 'r')}) or ${check})` : check
  return `create temp view ${quoted(`whole_${name}`)} as select r.* from main.${quoted(name)} r where ${condition}`
}
