import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccounts, createCredentials } from '../../src/server/identity/index.ts'
import { openPki } from '../../src/server/pki/index.ts'
import { writeStep } from '../../src/server/reports/steps.ts'
import type { Role } from '../../src/shared/access/index.ts'
import type { Api, AuditRow, CertificateRow, FallbackGrantRow } from '../../src/shared/api/index.ts'
import { SecurityPolicy } from '../../src/shared/policy/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import type { Answer } from '../server/channel.ts'
import { aPng } from '../server/reports/pngs.ts'
import { readAndSign } from './clinical-flow.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { changer, flipped } from './damage.ts'
import { params, patient, report } from './patient.ts'

/** One byte of each sealed column changed on the disk, or the value put into another row; then read through the API. */
let gateway: ComposedGateway
const sessions = new Map<Role, Session>()
let raised = 0
let alertId = ''
let image = ''
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of ['radiologist', 'technologist', 'security-officer', 'auditor'] as const)
    sessions.set(role, await gateway.session(gateway.people[role]))
  const { channel } = sessions.get('radiologist')!
  const alerts = await readAndSign(channel, gateway.people.radiologist)
  raised = alerts.length
  alertId = alerts[0]?.id ?? ''
  await giveSecondFactors()
  await giveReportHistory()
})
afterAll(() => gateway.remove())

const call = (role: Role, name: keyof Api, body?: unknown) =>
  sessions
    .get(role)!
    .channel.call(name, { params: { ...params, alert: alertId, image }, ...(body ? { body } : {}) })
const wholeList = { filter: {} }
const by = { kind: 'cli', id: 'test' } as const
const password = 'mQ7#tLx2vB'

/** What the tables of issue 3 hold once people have passwords, codes, grants and staff numbers. */
async function giveSecondFactors(): Promise<void> {
  const { radiologist, technologist, 'system-administrator': administrator } = gateway.people
  await gateway.beside(async (foundation) => {
    const { holders, passwords, totps, fallback } = createCredentials(foundation, {
      endSession: async () => {},
    })
    const people = createAccounts(foundation)
    for (const [index, person] of [radiologist, technologist, administrator].entries()) {
      const staffNumber = `GH-${index}`
      await people.edit(person.accountId, { displayName: person.displayName, staffNumber }, by)
    }
    for (const { accountId } of [radiologist, technologist]) {
      const holder = await holders.byId(accountId)
      const change = await passwords.prepareChange(holder, password)
      await foundation.store.transaction(async (trx) => {
        await change(trx, by)
        await totps.issue(trx, holder)
      })
      await fallback.grant(
        holder,
        { hours: 1, reason: 'lost key', newTotp: false },
        { accountId: '', actor: by },
      )
    }
  })
}

/** What the tables of issue 5 hold once a report was on its way through review and people work their own way. */
async function giveReportHistory(): Promise<void> {
  const { radiologist } = gateway.people
  const { channel } = sessions.get('radiologist')!
  const { series, instance } = params
  const body = { series, instance, frame: 1, caption: '', png: aPng(4, 4).toString('base64') }
  const stored = await channel.call('storeKeyImage', { params, body })
  image = stored.body.keyImage.id
  const value = { phrases: [{ abbreviation: 'qx', text: '双肺纹理清晰' }] }
  expect((await channel.call('saveSettings', { params: { area: 'phrases' }, body: { value } })).status).toBe(
    200,
  )
  await gateway.beside(async ({ store, protection, clock }) => {
    const { id } = await store.db.selectFrom('reports').select('id').executeTakeFirstOrThrow()
    const by = { accountId: radiologist.accountId, name: radiologist.displayName }
    await store.db
      .transaction()
      .execute((trx) =>
        writeStep(trx, protection, id, { kind: 'submitted', by, at: clock(), text: report, comment: '' }),
      )
  })
}

/** Every sealed column: which row to change (SQL), who reads it by which route, and what they get. */
interface Reader {
  row: () => string
  role: Role
  route: keyof Api
  body?: unknown
  expected: (answer: Answer) => void
}
const refused = (table: string) => (answer: Answer) =>
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal', facts: { damaged: table } } })
const withoutOrder = (answer: Answer) =>
  expect(answer).toMatchObject({ status: 200, body: { order: null, orderDamaged: true } })
const withoutName =
  (field: 'loginName' | 'displayName' | 'staffNumber', others = 0) =>
  (answer: Answer) => {
    expect(answer.status).toBe(200)
    expect(answer.body.filter((row: Record<string, string>) => row[field] === '')).toHaveLength(others + 1)
    expect(answer.body.length).toBeGreaterThan(3)
  }
const ofRadiologist = () => `account_id = '${gateway.people.radiologist.accountId}'`
const absent = () => `id = '${gateway.people['system-administrator'].accountId}'`

const columns: Record<string, Reader> = {
  'accounts.sealed_login': {
    row: absent,
    role: 'security-officer',
    route: 'accounts',
    expected: withoutName('loginName'),
  },
  'accounts.sealed_name': {
    row: absent,
    role: 'security-officer',
    route: 'accounts',
    expected: withoutName('displayName'),
  },
  'accounts.sealed_staff_number': {
    row: absent,
    role: 'security-officer',
    route: 'accounts',
    // Five of the eight have none.
    expected: withoutName('staffNumber', 5),
  },
  'account_certificates.sealed_certificate': {
    row: () => `account_id = '${gateway.people['system-administrator'].accountId}'`,
    role: 'security-officer',
    route: 'certificates',
    // Listed by its fingerprint, as of unknown standing; the others as ever.
    expected: (answer) => {
      expect(answer.status).toBe(200)
      const people = answer.body.filter((row: CertificateRow) => row.kind === 'person')
      expect(people).toHaveLength(8)
      const unknown = people.filter((row: CertificateRow) => row.state === 'unknown')
      expect(unknown).toMatchObject([{ subject: '', notAfter: 0 }])
    },
  },
  'account_passwords.sealed_hash': {
    row: ofRadiologist,
    role: 'radiologist',
    route: 'changePassword',
    body: { password, newPassword: 'gT4!nWc8rD' },
    // Neither right nor wrong: it is not taken for a wrong entry.
    expected: refused('account_passwords'),
  },
  'account_totp.sealed_secret': {
    row: ofRadiologist,
    role: 'radiologist',
    route: 'confirmTotp',
    body: { code: '000000' },
    expected: refused('account_totp'),
  },
  'fallback_grants.sealed_reason': {
    row: ofRadiologist,
    role: 'auditor',
    route: 'fallbackGrants',
    expected: (answer) => {
      expect(answer.status).toBe(200)
      expect(answer.body.map((row: FallbackGrantRow) => row.reason).sort()).toEqual(['', 'lost key'])
    },
  },
  'security_policies.sealed_policy': {
    row: () => 'version = 1',
    role: 'auditor',
    route: 'policyHistory',
    // The version in force is in memory; a new one cannot be made out of one that is not to be trusted.
    expected: (answer) => expect(answer).toMatchObject({ status: 200, body: [] }),
  },
  'orders.sealed_order': {
    row: () => 'exam_done_at is null and study_index is not null order by rowid limit 1',
    role: 'technologist',
    route: 'study',
    // The images must not wait for it: who opens them is told.
    expected: withoutOrder,
  },
  'reports.sealed_study': {
    row: () => '1',
    role: 'radiologist',
    route: 'report',
    expected: refused('reports'),
  },
  'report_drafts.sealed_text': {
    row: () => '1',
    role: 'radiologist',
    route: 'report',
    expected: refused('report_drafts'),
  },
  'report_versions.sealed_document': {
    row: () => '1',
    role: 'radiologist',
    route: 'report',
    expected: refused('report_versions'),
  },
  'report_versions.sealed_certificate': {
    row: () => '1',
    role: 'radiologist',
    route: 'report',
    expected: refused('report_versions'),
  },
  'report_steps.sealed_step': {
    row: () => '1',
    role: 'radiologist',
    route: 'reportSteps',
    expected: refused('report_steps'),
  },
  'report_key_images.sealed_png': {
    row: () => '1',
    role: 'radiologist',
    route: 'keyImage',
    expected: refused('report_key_images'),
  },
  'user_settings.sealed_value': {
    row: () => '1',
    role: 'radiologist',
    route: 'settings',
    // As delivered: nobody is kept from their work by it.
    expected: (answer) => expect(answer).toMatchObject({ status: 200, body: { settings: {} } }),
  },
  'alerts.sealed_alert': {
    row: () => '1',
    role: 'radiologist',
    route: 'alerts',
    expected: (answer) => {
      expect(answer.status).toBe(200)
      expect(answer.body.alerts).toHaveLength(raised - 1)
    },
  },
  'alert_events.sealed_event': {
    row: () => `alert_id = '${alertId}'`,
    role: 'radiologist',
    route: 'alert',
    expected: refused('alert_events'),
  },
  'alert_standings.sealed_standing': {
    row: () => `alert_id = '${alertId}'`,
    role: 'radiologist',
    route: 'alert',
    expected: refused('alert_standings'),
  },
  'audit.sealed_detail': {
    row: () => `action = 'gateway.started'`,
    role: 'auditor',
    route: 'searchAudit',
    body: {},
    expected: (answer) => {
      expect(answer.status).toBe(200)
      const rows: AuditRow[] = answer.body.rows
      expect(rows.filter(({ detail }) => detail.unreadable === true).map(({ action }) => action)).toEqual([
        'gateway.started',
      ])
      expect(rows.length).toBeGreaterThan(5)
    },
  },
}

/** Read when a gateway starts, and when it was rotated; see the last test. */
const atStart = ['pki_generations.sealed_generations']
/** In damaged-critical.test.ts, after a day that has rows of them. */
const elsewhere = [
  'dictionary_versions.sealed_version',
  'outbox.sealed_message',
  'patient_merges.sealed_merge',
  'quarantine.sealed_message',
  // In damaged-access.test.ts.
  'study_claims.sealed_claim',
  'study_labels.sealed_label',
  'glass_breaks.sealed_break',
  // In test/server/sensitivity.
  'glass_reviews.sealed_review',
  'label_rule_versions.sealed_rules',
  'object_labels.sealed_label',
  // In test/server/audit-review.
  'anomaly_reviews.sealed_review',
  'audit_reports.sealed_report',
  'audit_report_reviews.sealed_review',
  // In test/server/alarms.
  'alarms.sealed_note',
]

const changed = (...what: Parameters<ReturnType<typeof changer>>) => changer(gateway)(...what)

const integrityRows = async (table: string) => {
  const rows = await auditRows(sessions.get('auditor')!.channel)
  return rows.filter(({ action, object }) => action === 'integrity.failed' && object.startsWith(`${table}:`))
}

async function expectTheRestToWork(but: string): Promise<void> {
  expect((await call('technologist', 'worklist', wholeList)).status).toBe(200)
  expect((await call('radiologist', 'dictionary')).status).toBe(200)
  expect((await call('radiologist', 'frame')).status).toBe(200)
  expect((await call('security-officer', 'sessions')).status).toBe(200)
  expect((await call('radiologist', 'worklist', wholeList)).status, but).toBe(200)
}

describe('a sealed value that was changed on the disk', () => {
  it('is one of these columns: a new one needs its reader here', () => {
    const sealed = gateway.tamper((database) =>
      database
        .prepare(
          `select m.name || '.' || c.name from sqlite_master m, pragma_table_info(m.name) c
           where m.type = 'table' and c.name like 'sealed\\_%' escape '\\'`,
        )
        .pluck()
        .all(),
    )
    expect(sealed.sort()).toEqual([...Object.keys(columns), ...atStart, ...elsewhere].sort())
  })

  it.each(Object.entries(columns))('%s is refused or left out, and told once', async (column, reader) => {
    const [table = ''] = column.split('.')
    if (table === 'report_drafts') await draftBesideTheVersion()
    const before = (await integrityRows(table)).length
    await changed(column, reader.row(), flipped, async () => {
      reader.expected(await call(reader.role, reader.route, reader.body))
      reader.expected(await call(reader.role, reader.route, reader.body))
      await expectTheRestToWork(column)
    })
    const told = (await integrityRows(table)).slice(0, -before || undefined)
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain(patient.name)
    expect((await call('radiologist', 'worklist', wholeList)).status).toBe(200)
  })

  it('that names a person signs nobody in under another name', async () => {
    const { technologist } = gateway.people
    await changed('accounts.sealed_name', `id = '${technologist.accountId}'`, flipped, async () => {
      for (const name of ['worklist', 'session', 'study'] as const)
        refused('accounts')(await call('technologist', name, name === 'worklist' ? wholeList : undefined))
      const { body } = await call('security-officer', 'sessions')
      expect(body.map((row: { displayName: string }) => row.displayName)).toContain('')
      expect((await call('radiologist', 'worklist', wholeList)).status).toBe(200)
    })
    expect((await call('technologist', 'worklist', wholeList)).status).toBe(200)
  })

  it('is refused as well where it is whole but another row’s', async () => {
    const other = gateway.tamper((database) =>
      database
        .prepare('select sealed_name from accounts where id = ?')
        .pluck()
        .get(gateway.people.auditor.accountId),
    )
    const mine = `id = '${gateway.people.radiologist.accountId}'`
    await changed(
      'accounts.sealed_name',
      mine,
      () => String(other),
      async () => {
        refused('accounts')(await call('radiologist', 'report'))
      },
    )
    const orders = gateway.tamper(
      (database) =>
        database.prepare('select sealed_order from orders order by rowid').pluck().all() as string[],
    )
    await changed(
      'orders.sealed_order',
      'study_index is not null order by rowid limit 1',
      () => orders[1]!,
      async () => {
        withoutOrder(await call('technologist', 'study'))
      },
    )
  })

  it('is refused as well where it is whole but another account’s', async () => {
    const { radiologist, technologist, 'system-administrator': administrator } = gateway.people
    const another = (table: string, column: string) =>
      gateway.tamper((database) =>
        database
          .prepare(`select ${column} from ${table} where account_id = ?`)
          .pluck()
          .get(technologist.accountId),
      ) as string
    const mine = `account_id = '${radiologist.accountId}'`
    for (const [table, column, name] of [
      ['account_passwords', 'sealed_hash', 'changePassword'],
      ['account_totp', 'sealed_secret', 'confirmTotp'],
    ] as const) {
      const stolen = another(table, column)
      await changed(
        `${table}.${column}`,
        mine,
        () => stolen,
        async () => {
          refused(table)(await call('radiologist', name, columns[`${table}.${column}`]?.body))
        },
      )
    }
    const reason = another('fallback_grants', 'sealed_reason')
    await changed(
      'fallback_grants.sealed_reason',
      mine,
      () => reason,
      async () => {
        columns['fallback_grants.sealed_reason']?.expected(await call('auditor', 'fallbackGrants'))
      },
    )
    const certificate = another('account_certificates', 'sealed_certificate')
    // Not who asks: their own certificate would no longer speak for them.
    const keyOfAbsent = `account_id = '${administrator.accountId}'`
    await changed(
      'account_certificates.sealed_certificate',
      keyOfAbsent,
      () => certificate,
      async () => {
        columns['account_certificates.sealed_certificate']?.expected(
          await call('security-officer', 'certificates'),
        )
      },
    )
    const staff = gateway.tamper((database) =>
      database
        .prepare('select sealed_staff_number from accounts where id = ?')
        .pluck()
        .get(technologist.accountId),
    ) as string
    await changed(
      'accounts.sealed_staff_number',
      absent(),
      () => staff,
      async () => {
        columns['accounts.sealed_staff_number']?.expected(await call('security-officer', 'accounts'))
      },
    )
  })

  it('of the policy in force changes nothing that runs, and takes no change upon it', async () => {
    const policy = SecurityPolicy.parse({ password: { minLength: 20 } })
    await changed('security_policies.sealed_policy', 'version = 1', flipped, async () => {
      const { body } = await call('security-officer', 'securityPolicy')
      expect(body.policy.session.caps.perWorkstation).toBe(20)
      const change = await call('security-officer', 'changePolicy', { policy, baseVersion: 1 })
      refused('security_policies')(change)
    })
    expect((await call('security-officer', 'securityPolicy')).body.version).toBe(1)
  })

  it('lets no gateway start on a policy, or on a record of its CAs, that was changed', async () => {
    await gateway.beside(async (foundation) => {
      const pki = await openPki(foundation, gateway.paths.pki)
      await pki.rotation.server(by)
    })
    const start = () =>
      gateway.restart().then(
        () => '',
        (error: Error) => error.message,
      )
    for (const column of ['security_policies.sealed_policy', 'pki_generations.sealed_generations'])
      await changed(column, 'version = 1', flipped, async () => {
        expect(await start()).toContain(column)
      })
    expect(await start()).toBe('')
  })
})

/** A draft beside a signed version is nothing the API makes; the row is what is wanted. */
async function draftBesideTheVersion(): Promise<void> {
  const { radiologist } = gateway.people
  await gateway.beside(async ({ store, protection, clock }) => {
    const { id } = await store.db.selectFrom('reports').select('id').executeTakeFirstOrThrow()
    const place = { table: 'report_drafts', column: 'sealed_text', row: id }
    const sealed = { accountId: radiologist.accountId, revision: 1, text: report }
    const row = {
      report_id: id,
      account_id: radiologist.accountId,
      revision: 1,
      updated_at: clock(),
      taken_at: clock(),
      stage: 'writing' as const,
      written_by: null,
      submitted_at: null,
      suspected: null,
    }
    await store.db
      .insertInto('report_drafts')
      .values({ ...row, sealed_text: protection.seal(place, JSON.stringify(sealed)) })
      .execute()
  })
}
