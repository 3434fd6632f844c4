import type { TableTarget } from '../../../config/index.ts'
import { type FactName, factNames, type MessageFacts } from '../facts.ts'
import { defaultColumns } from './columns.ts'

/** What makes a row one message: a repeat finds it there. */
export const keyFacts = ['alert.id', 'message.kind', 'message.id'] as const satisfies readonly FactName[]

export interface Statement {
  text: string
  values: (string | null)[]
}

/** Fact to column, checked. @throws Error naming the target and the fact that does not exist, or the key column that is missing */
export function columnsOf(target: TableTarget): Map<FactName, string> {
  const at = `criticalTargets.${target.name}.columns`
  const configured = Object.entries(target.columns ?? defaultColumns)
  const columns = new Map<FactName, string>()
  for (const [fact, column] of configured) {
    const known = factNames.find((name) => name === fact)
    if (!known) throw new Error(`${at}.${fact}: no such fact`)
    if (column !== undefined) columns.set(known, column)
  }
  for (const fact of keyFacts) if (!columns.has(fact)) throw new Error(`${at}.${fact}: missing`)
  if (new Set(columns.values()).size < columns.size) throw new Error(`${at}: a column stands twice`)
  return columns
}

/** A name between quotes (SQL standard, delimited identifier). */
export function quoted(...names: string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
}

/** INSERT of one message; nothing where its row is there. PostgreSQL has no character U+0000. Empty is NULL. */
export function insertOf(
  target: TableTarget,
  columns: Map<FactName, string>,
  facts: MessageFacts,
): Statement {
  const names = [...columns.values()].map((column) => quoted(column))
  const places = names.map((_, index) => `$${index + 1}`)
  const key = keyFacts.map((fact) => quoted(columns.get(fact) ?? ''))
  return {
    text: `INSERT INTO ${quoted(target.schema, target.table)} (${names.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT (${key.join(', ')}) DO NOTHING`,
    values: [...columns.keys()].map((fact) => facts[fact].toWellFormed().replaceAll('\u0000', '') || null),
  }
}

/** SELECT of the status that the other side wrote into a message's row. */
export function statusOf(
  target: TableTarget,
  column: string,
  columns: Map<FactName, string>,
  facts: MessageFacts,
): Statement {
  const where = keyFacts.map((fact, index) => `${quoted(columns.get(fact) ?? '')} = $${index + 1}`)
  return {
    text: `SELECT ${quoted(column)}::text AS status FROM ${quoted(target.schema, target.table)} WHERE ${where.join(' AND ')}`,
    values: keyFacts.map((fact) => facts[fact]),
  }
}

/** SELECT of the answers to these alerts ($1: their ids). */
export function repliesOf({ schema, table, columns }: NonNullable<TableTarget['poll']>): string {
  const text = (['id', 'alertId', 'step', 'byId', 'byName', 'role', 'measure', 'opinion'] as const).map(
    (field) => `${quoted(columns[field])}::text AS ${quoted(field)}`,
  )
  return `SELECT ${text.join(', ')}, ${quoted(columns.readBack)} AS "readBack", ${quoted(columns.at)}::text AS "at" FROM ${quoted(schema, table)} WHERE ${quoted(columns.alertId)}::text = ANY($1) ORDER BY ${quoted(columns.at)} LIMIT 5000`
}
