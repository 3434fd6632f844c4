import type { Database } from 'better-sqlite3'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import {
  columns,
  combined,
  conditionOf,
  emptySeal,
  keyOf,
  openTableSeal,
  rowContent,
  type SealedTable,
  type TableSeal,
  tableSealPlace,
  termOf,
  type Value,
  valuesOf,
  wholeName,
} from '../store/index.ts'

/** A place where what is stored is not what was written; `row` for a whole row, `rows` for which rows a table has. */
export interface Finding {
  place: Place
  /** Of a value: what its row is known by, under which the same damage may stand in the list. */
  key?: string
  what:
    | 'changed'
    | 'added'
    | 'missing'
    | 'unreadable'
    | 'rows-missing'
    | 'rows-added'
    | 'rows-exchanged'
    | 'seal-lost'
    | 'rolled-back'
}

/** What one step of a check looked at. */
export interface Checked {
  values: number
  bytes: number
  findings: Finding[]
}

/** Under this name stands which tables have been sealed, and which columns they had. */
export const listName = '#tables'

/** Seals summed between two pauses. */
const slice = 1000
/** How long a step should take: rows are looked at as many at a time as fit. */
const stepMs = 5

type Row = Record<string, Value> & { seal_row: number; seal_key: string; seal_mac: string | null }

/** Which rows a table has, of which nothing more is known than that they are not those it had. */
export const rowsOf = (table: string): Place => ({ table, column: 'rows', row: '*' })

/** Holds every row of a table, and which rows there are, against their seals; a step at a time. */
export function* checkTable(
  snapshot: Database,
  protection: Protection,
  table: SealedTable,
): Generator<Checked, TableSeal> {
  let found = 0
  for (const step of checkRows(snapshot, protection, table)) {
    found += step.sealed
    yield step
  }
  const counted = { rows: 0, sum: Buffer.from(emptySeal.sum, 'hex') as Buffer }
  yield* sumSeals(snapshot, protection, table, counted)
  if (counted.rows !== found) yield* missingRows(snapshot, table)
  const sum = counted.sum.toString('hex')
  const seal = sealOf(snapshot, protection, table.name)
  const findings: Finding[] = []
  if (!seal) findings.push({ place: rowsOf(table.name), what: 'seal-lost' })
  else if (seal.rows > counted.rows) findings.push({ place: rowsOf(table.name), what: 'rows-missing' })
  else if (seal.rows < counted.rows) findings.push({ place: rowsOf(table.name), what: 'rows-added' })
  else if (seal.sum !== sum) findings.push({ place: rowsOf(table.name), what: 'rows-exchanged' })
  yield { values: 0, bytes: 0, findings }
  return seal ?? { version: 0, rows: counted.rows, sum }
}

/**
 * After all tables: what their seals hold together, and how far it is. Of a table that was put back with its seal this is what tells.
 * @param lastSeals what the newest audit record says, or null.
 */
export function checkWhole(
  snapshot: Database,
  protection: Protection,
  tables: readonly TableSeal[],
  lastSeals: number | null,
): Finding[] {
  const list = snapshot.prepare('select seal from table_seals where name = ?').pluck().get(listName)
  if (typeof list !== 'string' || !isList(protection, list))
    return [{ place: { ...tableSealPlace(listName) }, what: 'seal-lost' }]
  const seal = sealOf(snapshot, protection, wholeName)
  const place = rowsOf('table_seals')
  if (!seal) return [{ place, what: 'seal-lost' }]
  let sum: Buffer = Buffer.from(emptySeal.sum, 'hex')
  for (const table of tables) sum = combined(sum, Buffer.from(table.sum, 'hex'))
  if (sum.toString('hex') !== seal.sum) return [{ place, what: 'rows-exchanged' }]
  return lastSeals !== null && lastSeals > seal.version ? [{ place, what: 'rolled-back' }] : []
}

function isList(protection: Protection, sealed: string): boolean {
  try {
    protection.open(tableSealPlace(listName), sealed)
    return true
  } catch {
    return false
  }
}

/** What the seals of these tables say; those that are lost are told by `checkTable`. */
export function sealsOf(
  snapshot: Database,
  protection: Protection,
  tables: readonly SealedTable[],
): TableSeal[] | null {
  const seals = tables.map(({ name }) => sealOf(snapshot, protection, name))
  return seals.every((seal) => seal !== null) ? seals : null
}

function sealOf(snapshot: Database, protection: Protection, name: string): TableSeal | null {
  const sealed = snapshot.prepare('select seal from table_seals where name = ?').pluck().get(name)
  try {
    return typeof sealed === 'string' ? openTableSeal(protection, name, sealed) : null
  } catch {
    return null
  }
}

function* checkRows(
  snapshot: Database,
  protection: Protection,
  table: SealedTable,
): Generator<Checked & { sealed: number }> {
  const content = rowContent(table.name, table.columns)
  const read = snapshot.prepare(
    `select ${valuesOf(table, 'r')}, r.rowid as seal_row, ${keyOf(table, 'r')} as seal_key, s.mac as seal_mac
     from "${table.name}" r left join row_seals s on s.tbl = ? and s.key = ${keyOf(table, 'r')}
     where r.rowid > ? and ${conditionOf(table, 'r')} order by r.rowid limit ?`,
  )
  let many = 8
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const began = performance.now()
    const rows = read.all(table.name, after, many) as Row[]
    const step = { values: 0, bytes: 0, sealed: 0, findings: [] as Finding[] }
    for (const row of rows) {
      const text = content(table.columns.map((column) => row[column] ?? null))
      step.values += table.columns.length
      step.bytes += text.length
      if (row.seal_mac !== null) step.sealed += 1
      step.findings.push(...findingsOf(protection, table, row, text))
    }
    const tookMs = performance.now() - began
    yield step
    if (rows.length < many) return
    after = rows.at(-1)?.seal_row ?? after
    many = tookMs > stepMs ? Math.max(1, many >> 1) : Math.min(512, many << 1)
  }
}

function findingsOf(protection: Protection, table: SealedTable, row: Row, text: string): Finding[] {
  const place: Place = { table: table.name, column: 'row', row: row.seal_key }
  if (row.seal_mac === null) return [{ place, what: 'added' }]
  const isWhole = protection.rowMac(text, row.seal_mac) === row.seal_mac
  const unreadable = unreadableColumns(protection, table, row)
  if (unreadable.length > 0)
    return unreadable.map((at) => ({ place: at, key: row.seal_key, what: 'unreadable' }))
  return isWhole ? [] : [{ place, what: 'changed' }]
}

/** Encrypted values that do not open: one of those names the damage better than its row. */
function unreadableColumns(protection: Protection, table: SealedTable, row: Record<string, Value>): Place[] {
  const rowOf = (columns as Record<string, { row?: (row: Record<string, unknown>) => string }>)[table.name]
    ?.row
  const places: Place[] = []
  for (const column of table.columns) {
    const sealed = row[column]
    if (!column.startsWith('sealed_') || sealed === null || sealed === undefined) continue
    const place = { table: table.name, column, row: rowOf ? rowOf(row) : String(row.id) }
    try {
      protection.open(place, String(sealed))
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      places.push(place)
    }
  }
  return places
}

/** Whether every encrypted value of a row opens. */
export const opens = (protection: Protection, table: SealedTable, row: Record<string, Value>): boolean =>
  unreadableColumns(protection, table, row).length === 0

function* sumSeals(
  snapshot: Database,
  protection: Protection,
  { name }: SealedTable,
  counted: { rows: number; sum: Buffer },
): Generator<Checked> {
  const read = snapshot.prepare(
    `select key, mac from row_seals where tbl = ? and key > ? order by key limit ${slice}`,
  )
  for (let after = ''; ; ) {
    const seals = read.all(name, after) as { key: string; mac: string }[]
    for (const { mac } of seals) counted.sum = combined(counted.sum, termOf(protection, mac))
    counted.rows += seals.length
    yield { values: 0, bytes: 0, findings: [] }
    if (seals.length < slice) return
    after = seals.at(-1)?.key ?? after
  }
}

/** Seals whose rows are gone. Looked for only where there are too many seals: it reads the table once more. */
function* missingRows(snapshot: Database, table: SealedTable): Generator<Checked> {
  const keys = snapshot
    .prepare(
      `select s.key from row_seals s where s.tbl = ? and s.key not in
        (select ${keyOf(table, 'r')} from "${table.name}" r)`,
    )
    .pluck()
    .all(table.name) as string[]
  yield {
    values: 0,
    bytes: 0,
    findings: keys.map((row) => ({ place: { table: table.name, column: 'row', row }, what: 'missing' })),
  }
}
