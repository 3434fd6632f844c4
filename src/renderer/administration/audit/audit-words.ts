import type { AuditRow } from '../../../shared/api/administration.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'

/** Audit records in the words of the auditor. What has no word here is shown as recorded: nothing is left out. */

type Look = (key: string, options?: { defaultValue: string }) => string

const word = (t: Translate, key: string, otherwise: string) =>
  (t as unknown as Look)(key, { defaultValue: otherwise })

/** `session.ended` → 会话结束 */
export function actionText(t: Translate, action: string): string {
  return word(t, `audit.action.${action}`, action)
}

/** `account:1b9d6bcd-…` → 账号 1b9d6bcd; what is not kind and id as it stands. */
export function whoText(t: Translate, who: string): string {
  const at = who.indexOf(':')
  if (at < 0) return who
  const kind = word(t, `audit.kind.${who.slice(0, at)}`, who.slice(0, at))
  return `${kind} ${shortId(who.slice(at + 1))}`.trim()
}

/** Enough of a UUID to tell it from the others; the whole stands in the record's details. */
export function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? id.slice(0, 8) : id
}

/** Digests and addresses are looked up, not read: they stand in the details alone. */
const notInLine = [
  'certificate',
  'fingerprint',
  'documentHash',
  'dictionaryVersion',
  'controlId',
  'replaced',
  'at',
]

/** The facts that say at a glance what happened. */
export function factsLine(t: Translate, row: AuditRow): string {
  return factsOf(t, { ...row, detail: omit(row.detail, notInLine) })
    .map(([name, value]) => `${name} ${value}`)
    .join('　')
}

/** Every fact of a record's detail, by name and value in words. */
export function factsOf(t: Translate, row: AuditRow): [name: string, value: string][] {
  return Object.entries(row.detail).map(([name, value]) => [
    word(t, `audit.fact.${name}`, name),
    valueText(t, name, value),
  ])
}

const instants = ['at', 'expiresAt']
/** Facts whose values are words of a table. */
const tables: Record<string, string> = {
  code: 'errors',
  reason: 'audit.reason',
  purpose: 'audit.purpose',
  level: 'level',
  roles: 'roles',
}

function valueText(t: Translate, name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => valueText(t, name, each)).join('、')
  if (typeof value === 'number' && instants.includes(name)) return dateTime(value)
  const table = tables[name]
  if (typeof value === 'string') return table ? word(t, `${table}.${value}`, value) : value
  return JSON.stringify(value)
}

function omit(detail: AuditRow['detail'], names: readonly string[]): AuditRow['detail'] {
  return Object.fromEntries(Object.entries(detail).filter(([name]) => !names.includes(name)))
}
