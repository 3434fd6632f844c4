import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { factsOf, subjectText } from '../../../src/renderer/administration/alarms/alarm-words.ts'
import {
  backupCodeText,
  checkFigureText,
  checkText,
  sourceText,
} from '../../../src/renderer/administration/backup/backup-words.ts'
import {
  damageText,
  placeText,
  purposeText,
  sourceText as restoredFromText,
  tableText,
} from '../../../src/renderer/administration/protection/protection-words.ts'
import { createI18n, type Language, type Translate } from '../../../src/renderer/i18n/index.ts'
import type { ShippingCode } from '../../../src/server/audit-shipping/failure.ts'
import type { PlaceCode } from '../../../src/server/backup/places/place.ts'
import type { Finding } from '../../../src/server/integrity/check-tables.ts'
import { keyPurposes } from '../../../src/server/protection/keyring.ts'
import { columns } from '../../../src/server/store/index.ts'
import { type Alarm, AlarmKind } from '../../../src/shared/alarm/index.ts'
import { AnomalyKind, AuditFault } from '../../../src/shared/audit/index.ts'

/** Each code of a closed list, written down again: the compiler refuses one that is missing here, the test one without a word. */
const all = <Code extends string>(codes: Record<Code, true>) => Object.keys(codes)

const placeCodes = all<PlaceCode>({
  absent: true,
  exists: true,
  unreachable: true,
  'host-key-wrong': true,
  refused: true,
  'cut-off': true,
  differs: true,
  'secret-unreadable': true,
})
const shippingCodes = all<ShippingCode>({
  unreachable: true,
  untrusted: true,
  'certificate-expired': true,
  'foreign-name': true,
  refused: true,
  'own-certificate-expired': true,
  'certificate-files': true,
  closed: true,
  silent: true,
  internal: true,
})
const findings = all<Finding['what']>({
  changed: true,
  added: true,
  missing: true,
  unreadable: true,
  'rows-exchanged': true,
  'rows-missing': true,
  'rows-added': true,
  'seal-lost': true,
  'rolled-back': true,
})
/** Of src/server/backup: `failureCode`, `BackupRefused`, the catalogue's upkeep and the alarm of lag. */
const backupCodes = [
  ...placeCodes,
  ...['damaged', 'disk-full', 'not-writable', 'failed', 'conflict', 'interrupted'],
  ...['missing', 'stands-on-damaged', 'slow', 'master-key-needed'],
]
const checks = [
  ...['files', 'database', 'foreign-keys', 'row-seals', 'audit-chain', 'checkpoint', 'known-lost'],
  ...['passed-over', 'restore'],
]
/** Kinds of file that a scrub looks at, as the gateway's sources name them; and what is neither a table nor a file. */
const server = join(import.meta.dirname, '../../../src/server')
const fileKinds = readdirSync(server, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(server, file), 'utf8'))
  .filter((source) => source.includes('ScrubSource'))
  .flatMap((source) => [...source.matchAll(/^ {4}name: '([a-z-]+)',$/gm)].map(([, name]) => name ?? ''))
const notFromTables = ['database', 'schema', ...fileKinds]

/** Worded: in Chinese by Chinese and without the code, in English without what was left in Chinese. Those that are not. */
const wordless = (language: Language, codes: readonly string[], say: (code: string) => string) =>
  codes.filter((code) => {
    const said = say(code)
    const chinese = /\p{Script=Han}/u.test(said)
    return language === 'en' ? chinese || said === '' : !chinese || said.includes(code)
  })

describe.each<Language>(['zh-CN', 'en'])('codes of data protection in %s', (language) => {
  let t: Translate
  beforeAll(async () => {
    t = (await createI18n(language)).t
  })
  const without = (codes: readonly string[], say: (code: string) => string) =>
    expect(wordless(language, codes, say)).toEqual([])
  const fact = (kind: AlarmKind, name: string) => (code: string) =>
    factsOf(t, { kind, facts: { [name]: code } })[0]?.[1] ?? ''

  it('say why a backup, a copy or a restore did not come about', () => {
    without(backupCodes, (code) => backupCodeText(t, code))
    for (const kind of ['backup-failed', 'backup-damaged', 'off-site-lag'] as const)
      without(backupCodes, fact(kind, 'code'))
    expect(backupCodeText(t, 'eio')).toContain('eio')
  })

  it('say what a drill checked and found', () => {
    without(checks, (name) => checkText(t, name))
    without(checks, fact('drill-failed', 'code'))
    without(backupCodes, (figure) => checkFigureText(t, { name: 'restore', passed: false, figure }))
    without(AuditFault.options, (fault) =>
      checkFigureText(t, { name: 'audit-chain', passed: false, figure: `42: ${fault}` }),
    )
    expect(checkFigureText(t, { name: 'files', passed: true, figure: '1200' })).toContain('1,200')
    expect(sourceText(t, 'second-site')).toBe('second-site')
  })

  it('say what is damaged, and how', () => {
    const whats = [...findings, ...AuditFault.options, 'corrupt', 'work-lost', 'not valid', 'damaged']
    without(whats, (what) => damageText(t, what))
    without(whats, fact('data-damaged', 'what'))
    without(AuditFault.options, fact('audit-broken', 'fault'))
    expect(damageText(t, 'SQLITE_NOTADB')).toContain('SQLITE_NOTADB')
    expect(fileKinds.length).toBeGreaterThan(3)
    const tables = [...Object.keys(columns), ...notFromTables]
    without(tables, (table) => tableText(t, table))
    without(tables, (table) => placeText(t, { place: `${table}.sealed_thing/1.2.3` }))
    without(tables, (subject) => subjectText(t, { kind: 'data-damaged', subject }))
    const sources = ['backup', 'off-site', 'derived', 'accepted']
    without(sources, (source) => restoredFromText(t, { source: `${source}:42` }))
    expect(restoredFromText(t, { source: '' })).toBe('')
  })

  it('say why copies of the audit, a rotation, the clock, an anomaly are an alarm', () => {
    without([...shippingCodes, 'not-configured'], fact('audit-shipping-stalled', 'code'))
    without([...keyPurposes, 'master'], (purpose) => purposeText(t, purpose))
    without([...keyPurposes, 'master'], (subject) =>
      subjectText(t, { kind: 'key-rotation-stalled', subject }),
    )
    without(AnomalyKind.options, fact('anomaly', 'kind'))
    without(['no-answer'], fact('clock-drift', 'code'))
    without(['servers', 'set'], (subject) => subjectText(t, { kind: 'clock-drift', subject }))
    without(['full', 'incremental'], (subject) => subjectText(t, { kind: 'backup-overdue', subject }))
    const offset = (facts: Alarm['facts']) => factsOf(t, { kind: 'clock-drift', facts })[0]?.[1]
    expect(offset({ offsetMs: 90_000, source: 'time.example' })).not.toBe(
      offset({ offsetMs: -90_000, source: 'time.example' }),
    )
  })

  it('say it of every kind of alarm by name, meaning and remedy', () => {
    for (const kind of AlarmKind.options)
      for (const part of ['name', 'means', 'todo'] as const)
        without([kind], () => t(`dataProtection.alarm.kind.${kind}.${part}`))
  })
})
