import { type Alarm, AlarmKind } from '../../../shared/alarm/index.ts'
import { type AuditRow, auditRefusalWords } from '../../../shared/audit/index.ts'
import { ErrorFacts } from '../../../shared/errors/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import { factsOf as alarmFacts, subjectText } from '../alarms/alarm-words.ts'
import { backupCodeText } from '../backup/backup-words.ts'
import type { Value } from '../policy/changes.ts'
import { valueText as changedText, parameterName } from '../policy/parameter-words.ts'
import { parameters } from '../policy/parameters.ts'
import { purposeText } from '../protection/protection-words.ts'

/** Audit records in the words of the auditor. What has no word here is shown as recorded: nothing is left out. */

type Look = (key: string, options?: { defaultValue: string }) => string

const word = (t: Translate, key: string, otherwise: string) =>
  (t as unknown as Look)(key, { defaultValue: otherwise })

/** `session.ended` → 会话结束 */
export function actionText(t: Translate, action: string): string {
  return word(t, `audit.action.${action}`, action)
}

/** Every action that has a word, by capability, as the auditor chooses among them. */
export function actionGroups(
  t: Translate,
): { capability: string; name: string; actions: { action: string; name: string }[] }[] {
  const all = t('audit.action', { returnObjects: true }) as Record<string, Record<string, string>>
  return Object.entries(all).map(([capability, actions]) => ({
    capability,
    name: capabilityText(t, capability),
    actions: Object.entries(actions).map(([action, name]) => ({ action: `${capability}.${action}`, name })),
  }))
}

/** `session` → 会话 */
export function capabilityText(t: Translate, capability: string): string {
  return word(t, `audit.capability.${capability}`, capability)
}

/** `account:1b9d6bcd-…` → 账号 1b9d6bcd; what is not kind and id as it stands. */
export function whoText(t: Translate, who: string, known?: string): string {
  const at = who.indexOf(':')
  if (at < 0) return who
  const [name, id] = [who.slice(0, at), who.slice(at + 1)]
  const kind = word(t, `audit.kind.${name}`, name)
  if (name === 'route' && known !== undefined) return `${kind} ${actionText(t, known)}`
  if (name === 'alarm') return `${kind} ${alarmText(t, id)}`
  if (name === 'key') return `${kind} ${keyText(t, id)}`
  // There is but one here; which it is stands in the details.
  if (name === 'gateway') return kind
  return `${kind} ${known ?? (name === 'table' ? word(t, `areas.${id}`, id) : shortId(id))}`.trim()
}

/** `off-site-lag:second-site` → 异地副本滞后 second-site */
function alarmText(t: Translate, id: string): string {
  const alarm = alarmOf(id)
  if (!alarm) return id
  return `${t(`dataProtection.alarm.kind.${alarm.kind}.name`)} ${subjectText(t, alarm)}`.trim()
}

/** `field/2` → 字段加密 2 */
function keyText(t: Translate, id: string): string {
  const [purpose = '', ...generation] = id.split('/')
  return [purposeText(t, purpose), ...generation].join(' ')
}

function alarmOf(id: string): Pick<Alarm, 'kind' | 'subject'> | null {
  const [name, ...subject] = id.split(':')
  const kind = AlarmKind.safeParse(name)
  return kind.success ? { kind: kind.data, subject: subject.join(':') } : null
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
  'pdfHash',
  'xlsxHash',
  'dictionaryVersion',
  'controlId',
  'config',
  'replaced',
  'grant',
  'grants',
  'at',
]

/** The facts that say at a glance what happened. */
export function factsLine(t: Translate, row: AuditRow): string {
  return factsOf(t, { ...row, detail: omit(row.detail, notInLine) })
    .map(([name, value]) => `${name} ${shortId(value)}`)
    .join('　')
}

/** Every fact of a record's detail, by name and value in words. */
export function factsOf(t: Translate, row: AuditRow): [name: string, value: string][] {
  const alarm = row.action === 'alarm.raised' ? alarmOf(row.object.slice('alarm:'.length)) : null
  const facts = alarm ? ErrorFacts.safeParse(row.detail) : null
  if (alarm && facts?.success) return alarmFacts(t, { kind: alarm.kind, facts: facts.data })
  return Object.entries(row.detail).map(([name, value]) => [
    factNameText(t, name, value),
    factValueText(t, name, value),
  ])
}

function factNameText(t: Translate, name: string, value: unknown): string {
  // How a statistic was grouped, and who an event of an alert is of, have one name; so have a change and a period.
  if (name === 'by' && typeof value === 'object') return t('audit.person')
  const isPeriod = typeof value === 'number' && value > instant
  if (isPeriod && name === 'from') return t('audit.fact.since')
  if (isPeriod && name === 'to') return t('audit.fact.until')
  return word(t, `audit.fact.${name}`, name)
}

/** A number this large is an instant (epoch ms after 2001-09-09), anything smaller a count. */
const instant = 1e12

const instants = [
  ...['at', 'expiresAt', 'endsAt', 'lockedUntil', 'retryAt', 'since', 'until'],
  ...['coversUntil', 'startedAt', 'finishedAt', 'from', 'to'],
]
/** Facts whose values are words of a table. */
const tables: Record<string, string> = {
  code: 'audit.refusal',
  reason: 'audit.reason',
  purpose: 'audit.purpose',
  level: 'level',
  roles: 'roles',
  clearance: 'administration.account.clearance',
  factor: 'administration.session.factor',
  sensitivity: 'administration.account.clearance',
  purposes: 'dataProtection.protection.purposes',
}
/** Facts whose values are one of a few, worded together; what else they hold stands as it is. */
const ofAFew = [
  ...[
    'kind',
    'message',
    'verdict',
    'outcome',
    'outcomes',
    'order',
    'was',
    'source',
    'place',
    'status',
    'severity',
  ],
]

/** A fact’s value in words. */
export function factValueText(t: Translate, name: string, value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return t('administration.none')
  if (Array.isArray(value)) return value.map((each) => factValueText(t, name, each)).join('、')
  if (typeof value === 'number' && value > instant && instants.includes(name)) return dateTime(value)
  if (typeof value === 'boolean') return t(value ? 'administration.yes' : 'administration.no')
  if (value === null) return t('administration.none')
  if (typeof value === 'string') return codeText(t, name, value)
  if (typeof value !== 'object') return JSON.stringify(value)
  if (name === 'changes') return policyChangesText(t, value)
  if (name === 'before' || name === 'after') return nestedText(t, value)
  // A clinician, or one of our people: who they are stands beside, in the record's own words.
  return 'name' in value && typeof value.name === 'string' ? value.name : JSON.stringify(value)
}

function codeText(t: Translate, name: string, code: string): string {
  const table = tables[name]
  if (name === 'code' && !(code in auditRefusalWords)) return backupCodeText(t, code)
  // What a signature is for, and what a key is for.
  if (name === 'purpose') return word(t, `audit.purpose.${code}`, purposeText(t, code))
  if (table) return word(t, `${table}.${code}`, code)
  if (name === 'what' || name === 'fault')
    return word(t, `dataProtection.protection.damage.whats.${code}`, code)
  return ofAFew.includes(name) ? word(t, `audit.value.${code}`, code) : code
}

/** 角色 放射医师，访问等级 敏感 */
function nestedText(t: Translate, value: object): string {
  return Object.entries(value)
    .map(([name, inner]) => `${word(t, `audit.fact.${name}`, name)} ${factValueText(t, name, inner)}`)
    .join('，')
}

/** 最小长度 10 位 → 12 位；what is no parameter that the editor knows stands as recorded. */
function policyChangesText(t: Translate, changes: object): string {
  return Object.entries(changes)
    .map(([path, change]: [string, { from?: Value | null; to?: Value | null }]) => {
      const parameter = parameters.find((each) => each.path === path) ?? { path }
      const known = parameters.includes(parameter)
      const text = (value: Value | null | undefined) =>
        known ? changedText(t, parameter, value ?? undefined) : JSON.stringify(value)
      return `${known ? parameterName(t, parameter) : path} ${text(change?.from)} → ${text(change?.to)}`
    })
    .join('；')
}

function omit(detail: AuditRow['detail'], names: readonly string[]): AuditRow['detail'] {
  return Object.fromEntries(Object.entries(detail).filter(([name]) => !names.includes(name)))
}
