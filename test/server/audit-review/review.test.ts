import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../demo/places.ts'
import { dayOf } from '../../../src/server/audit-review/calendar.ts'
import { pdfSigner, xlsxSigner } from '../../../src/server/audit-review/index.ts'
import { patientIndex } from '../../../src/server/orders/index.ts'
import type {
  AuditCandidate,
  AuditedReport,
  AuditPage,
  AuditReportRow,
} from '../../../src/shared/api/index.ts'
import type { Anomaly } from '../../../src/shared/audit/index.ts'
import { type OfficersAtWork, officersAtWork } from '../administration/officers.ts'
import { anOrder } from '../reports/reading-room.ts'

/** The auditor's work over the gateway as the product composes it. */
let at: OfficersAtWork
const actor = { kind: 'account', id: 'somebody', workstationId: 'desk' } as const
const today = dayOf(Date.now())
const scratch = mkdtempSync(join(tmpdir(), 'vigil-audit-review-'))

beforeAll(async () => {
  at = await officersAtWork({ config: { hospital: '第一人民医院' } })
  const orders = [
    anOrder('ACC1', { patientId: 'P-100', patientName: '尉迟珍珠', studyInstanceUid: '1.2.100' }),
    anOrder('ACC2', { patientId: 'P-200', patientName: '王小明', studyInstanceUid: '1.2.200' }),
  ]
  await at.gateway.orders.importOrders(orders, { kind: 'cli', id: 'test' })
})
afterAll(async () => {
  await at.gateway.close()
  rmSync(scratch, { recursive: true })
})

const audit = () => at.gateway.foundation.audit
/** What a patient goes by to who may not see their number: it finds the same records. */
const indexOf = (id: string) => patientIndex(at.gateway.foundation.protection, id)
async function ask<T>(name: Parameters<typeof at.auditor.call>[0], call = {}): Promise<T> {
  const answer = await at.auditor.call(name, call)
  expect([name, answer.status, answer.status === 200 ? '' : answer.body]).toEqual([name, 200, ''])
  return answer.body
}
const search = (query: object) => ask<AuditPage>('searchAudit', { body: query })

describe('search', () => {
  it('shows names in the place of ids, and of a patient no more than the masked name', async () => {
    await audit().record({
      action: 'study.opened',
      outcome: 'success',
      actor: { kind: 'account', id: at.auditor.accountId, workstationId: at.desk.id },
      object: { kind: 'study', id: '1.2.100' },
      about: [{ kind: 'patient', id: 'P-100' }],
    })
    const { rows, next } = await search({ actions: ['study.opened'] })
    expect(next).toBeNull()
    expect(rows).toMatchObject([
      {
        actorName: '姓名 sun.jie',
        workstationName: 'officers desk',
        objectName: 'ACC1 · 尉迟** · 胸部CT平扫',
        about: [{ kind: 'patient', id: indexOf('P-100'), label: '尉迟** · ****00' }],
      },
    ])
    expect(JSON.stringify(rows)).not.toContain('珍珠')
  })

  it('of a patient finds what names only their exam, order, report or alert', async () => {
    const act = (action: string, object: { kind: string; id: string }) =>
      audit().record({ action, outcome: 'success', actor, object })
    const { studyIndex } = await import('../../../src/server/protection/index.ts')
    const { protection, store } = at.gateway.foundation
    await act('t.by-index', { kind: 'study', id: studyIndex(protection, '1.2.100') })
    await act('t.by-accession', { kind: 'order', id: 'ACC1' })
    await act('t.of-another', { kind: 'order', id: 'ACC2' })
    await store.db
      .insertInto('reports')
      .values({
        id: 'REPORT100',
        study_index: studyIndex(protection, '1.2.100'),
        sealed_study: protection.seal(
          { table: 'reports', column: 'sealed_study', row: 'REPORT100' },
          '1.2.100',
        ),
        status: 'draft',
        created_at: 1,
        updated_at: 1,
      })
      .execute()
    await act('t.by-report', { kind: 'report', id: 'REPORT100' })
    const { rows } = await search({ subjects: [{ kind: 'patient', id: 'P-100' }], order: 'oldest' })
    const byIndex = { subjects: [{ kind: 'patient', id: indexOf('P-100') }], order: 'oldest' }
    expect((await search(byIndex)).rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq))
    expect(rows.map(({ action }) => action)).toEqual([
      'order.added',
      'study.opened',
      't.by-index',
      't.by-accession',
      't.by-report',
    ])
    const ofStudy = await search({ subjects: [{ kind: 'study', id: '1.2.100' }], actions: ['t.'] })
    expect(ofStudy.rows.map(({ action }) => action)).toEqual(['t.by-report', 't.by-accession', 't.by-index'])
    const person = { kind: 'account', id: 'somebody' }
    const both = await search({ subjects: [{ kind: 'patient', id: 'P-200' }, person] })
    expect(both.rows.map(({ action }) => action)).toEqual(['t.of-another'])
  })

  it('is recorded with what was searched for, and so is every other look', async () => {
    const subjects = [{ kind: 'patient', id: 'P-200' }]
    await search({ subjects, outcomes: ['refused'] })
    await ask('auditCandidates', { body: { text: '王小' } })
    await ask('anomalies', { query: `?from=${Date.now() - 1000}&to=${Date.now()}` })
    await ask('auditReports')
    const { rows } = await search({ subjects: [{ kind: 'account', id: at.auditor.accountId }], limit: 4 })
    expect(rows).toMatchObject([
      { action: 'audit-report.listed' },
      { action: 'anomaly.listed' },
      { action: 'audit.looked-up', detail: { text: '王小', found: 1 } },
      { action: 'audit.searched', detail: { subjects, outcomes: ['refused'], records: 0 } },
    ])
  })

  it('knows people, workstations, patients and exams by what is typed', async () => {
    const look = async (text: string) =>
      (await ask<AuditCandidate[]>('auditCandidates', { body: { text } })).map(({ subject, label }) => [
        subject.kind,
        subject.id,
        label,
      ])
    expect(await look('SUN.J')).toEqual([['account', at.auditor.accountId, '姓名 sun.jie']])
    expect(await look('officers')).toEqual([['workstation', at.desk.id, 'officers desk']])
    expect(await look('P-100')).toEqual([['patient', indexOf('P-100'), '尉迟**']])
    expect(await look('珍珠')).toEqual([['patient', indexOf('P-100'), '尉迟**']])
    expect(await look('ACC2')).toEqual([['study', '1.2.200', 'ACC2 · 王** · 胸部CT平扫']])
    expect(await look('nobody knows')).toEqual([])
  })

  it('says that there is no such report', async () => {
    expect((await at.auditor.call('auditedReport', { params: { report: 'NONE' } })).body.code).toBe(
      'not-found',
    )
    const report = await ask<AuditedReport>('auditedReport', { params: { report: 'REPORT100' } })
    expect(report).toMatchObject({ accessionNumber: 'ACC1', patient: '尉迟**', versions: [], steps: [] })
  })
})

describe('anomalies', () => {
  const list = () =>
    ask<Anomaly[]>('anomalies', { query: `?from=${Date.now() - 86_400_000}&to=${Date.now() + 60_000}` })
  const denials = async () => (await list()).find(({ kind }) => kind === 'repeated-denials')

  it('are found in what was recorded, keep their id as they grow, and want another review then', async () => {
    // More than enough to be urgent.
    for (let count = 0; count < 21; count += 1) await at.security.call('searchAudit', { body: {} })
    const one = await denials()
    expect(one).toMatchObject({
      account: at.security.accountId,
      accountName: '姓名 zhou.hai',
      count: 21,
      facts: { refusals: 21 },
      review: null,
    })
    const id = one?.id ?? ''
    const body = { verdict: 'harmless', note: '培训中的误操作' }
    await ask('reviewAnomaly', { params: { id }, body })
    expect(await denials()).toMatchObject({ id, review: { by: '姓名 sun.jie', ...body } })
    await at.security.call('searchAudit', { body: {} })
    expect(await denials()).toMatchObject({ id, count: 22, review: null })
    const { rows } = await search({ actions: ['anomaly.reviewed'] })
    expect(rows).toMatchObject([{ object: `anomaly:${id}`, detail: { note: '培训中的误操作' } }])
  })

  it('are refused for a period that is none, and reviewed only where they are', async () => {
    expect((await at.auditor.call('anomalies', { query: '?from=5&to=5' })).body.code).toBe('bad-request')
    const long = `?from=0&to=${Date.now()}`
    expect((await at.auditor.call('anomalies', { query: long })).body.code).toBe('bad-request')
    const none = { params: { id: 'none' }, body: { verdict: 'harmless', note: 'no such' } }
    expect((await at.auditor.call('reviewAnomaly', none)).body.code).toBe('not-found')
  })
})

describe('an audit report', () => {
  let row: AuditReportRow
  const file = async (format: 'pdf' | 'xlsx') => {
    const { name, base64 } = await ask<{ name: string; base64: string }>('auditReportFile', {
      params: { id: row.id, format },
    })
    return { name, bytes: Buffer.from(base64, 'base64') }
  }

  it('is made of a day, listed, and reviewed with a note', async () => {
    row = await ask<AuditReportRow>('makeAuditReport', { body: { kind: 'daily', period: today } })
    expect(row).toMatchObject({ kind: 'daily', period: today, madeBy: '姓名 sun.jie', review: null })
    expect(row.records).toBeGreaterThan(30)
    await ask('reviewAuditReport', { params: { id: row.id }, body: { note: '已阅，无异常' } })
    expect(await ask<AuditReportRow[]>('auditReports')).toMatchObject([
      { ...row, review: { by: '姓名 sun.jie', note: '已阅，无异常' } },
    ])
    for (const body of [
      { kind: 'daily', period: '2026-02-30' },
      { kind: 'daily', period: '2026-01' },
      { kind: 'monthly', period: today },
      { kind: 'daily', period: '2999-01-01' },
    ])
      expect((await at.auditor.call('makeAuditReport', { body })).body.code).toBe('bad-request')
  })

  it('is a PDF whose Chinese can be searched for, with its fonts in it, signed as another program sees it', async () => {
    const { name, bytes } = await file('pdf')
    expect(name).toBe(`审计日报-${today}.pdf`)
    const path = join(scratch, 'report.pdf')
    writeFileSync(path, bytes)
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    for (const said of [
      '审计日报',
      today,
      '第一人民医院',
      '审计链校验通过',
      '各类别记录数',
      '拒绝次数',
      '连续被拒',
      '姓名 zhou.hai',
    ])
      expect(text).toContain(said)
    for (const hidden of ['珍珠', '王小明', 'undefined', 'NaN', '[object']) expect(text).not.toContain(hidden)
    const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
    expect(fonts.length).toBeGreaterThan(0)
    for (const font of fonts) expect(font).toMatch(/\byes\s+\w+\s+yes\b/)
    const signature = execFileSync('pdfsig', ['-nocert', path], { encoding: 'utf8' })
    expect(signature).toContain('Signature is Valid')
    expect(signature).toContain('Total document signed')
    expect(pdfSigner(bytes)?.certificate.subject).toContain(at.gateway.foundation.gatewayId)
  })

  it('is a workbook of sound XML, with native charts, that another program reads', async () => {
    const { bytes } = await file('xlsx')
    const parts = unzipSync(bytes)
    for (const [name, content] of Object.entries(parts))
      expect([name, XMLValidator.validate(strFromU8(content))]).toEqual([name, true])
    const xml = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' })
    const types = xml.parse(strFromU8(parts['[Content_Types].xml'] ?? new Uint8Array())).Types.Override
    for (const { PartName } of types) expect(parts[PartName.slice(1)]).toBeDefined()
    const relations = Object.keys(parts).filter((name) => name.endsWith('.rels'))
    for (const name of relations) {
      const base = join('/', name, '..', '..')
      const list = [
        xml.parse(strFromU8(parts[name] ?? new Uint8Array())).Relationships.Relationship ?? [],
      ].flat()
      for (const { Target } of list) expect(parts[join(base, Target).slice(1)]).toBeDefined()
    }
    expect(Object.keys(parts).filter((name) => /^xl\/charts\/chart\d+\.xml$/.test(name))).toHaveLength(3)
    const sheets = await readXlsxFile(bytes)
    expect(JSON.stringify(sheets)).toContain('审计日报')
    expect(xlsxSigner(bytes)?.certificate.subject).toContain(at.gateway.foundation.gatewayId)
  })

  it('that was changed in any place is seen to be', async () => {
    for (const [format, signer] of [
      ['pdf', pdfSigner],
      ['xlsx', xlsxSigner],
    ] as const) {
      const { bytes } = await file(format)
      const step = Math.floor(bytes.length / 150)
      for (let place = 3; place < bytes.length; place += step) {
        const changed = Buffer.from(bytes)
        changed[place] = (changed[place] ?? 0) ^ 0x01
        expect([format, place, signer(changed)]).toEqual([format, place, null])
      }
      expect(signer(Buffer.concat([bytes, Buffer.from('\n')]))).toBeNull()
      expect(signer(bytes.subarray(0, -1))).toBeNull()
      expect(signer(Buffer.alloc(0))).toBeNull()
    }
  })

  it('is verified by the command line, whose it is with it', async () => {
    const vigil = async (...args: string[]) => {
      const command = ['src/server/cli/vigil.ts', 'audit', 'report', ...args]
      return new Promise<{ status: number; said: string }>((resolve) =>
        execFile(process.execPath, command, { cwd: projectRoot }, (error, stdout, stderr) =>
          resolve({ status: error ? Number(error.code) : 0, said: stdout + stderr }),
        ),
      )
    }
    const { bytes } = await file('xlsx')
    const [good, bad] = [join(scratch, 'good.xlsx'), join(scratch, 'bad.xlsx')]
    writeFileSync(good, bytes)
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(9000) ^ 1, 9000)
    writeFileSync(bad, changed)
    const { dir } = at.gateway
    const [own, another, made] = await Promise.all([
      vigil('verify', good, bad, join(scratch, 'report.pdf'), '--dir', dir),
      vigil('verify', good, '--fingerprint', 'a'.repeat(64)),
      vigil('make', today.slice(0, 7), '--dir', dir, '--out', scratch),
    ])
    expect(own.status).toBe(1)
    expect(own.said.match(/it is the one expected/g)).toHaveLength(2)
    expect(own.said).toContain(`${bad}: NOT as it was signed`)
    expect(another).toMatchObject({ status: 1, said: expect.stringContaining('NOT the one expected') })
    expect(made).toMatchObject({
      status: 0,
      said: expect.stringContaining(`审计月报-${today.slice(0, 7)}.pdf`),
    })
  })

  it('lies sealed on the disk, and one that was changed there is not given out', async () => {
    const directory = join(at.gateway.dir, 'audit-reports')
    const files = readdirSync(directory)
    // Of the day, and of the month.
    expect(files).toHaveLength(4)
    expect(files).toEqual(expect.arrayContaining([`${row.id}.pdf.sealed`, `${row.id}.xlsx.sealed`]))
    const path = join(directory, `${row.id}.pdf.sealed`)
    const sealed = readFileSync(path)
    expect(sealed.includes('%PDF')).toBe(false)
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    writeFileSync(path, sealed)
    const answer = await at.auditor.call('auditReportFile', { params: { id: row.id, format: 'pdf' } })
    expect(answer.body).toMatchObject({ code: 'internal', facts: { damaged: 'file' } })
    const { rows } = await search({ actions: ['integrity.failed'] })
    expect(rows).toHaveLength(1)
  })
})

describe('what is kept of audit reports', () => {
  it('cannot be changed or removed, and where it was all the same it counts no more and is told', async () => {
    const { db } = at.gateway.foundation.store
    for (const table of ['audit_reports', 'audit_report_reviews'] as const) {
      await expect(db.deleteFrom(table).execute()).rejects.toThrow('append-only')
      await expect(db.updateTable(table).set({ id: 'x' }).execute()).rejects.toThrow('append-only')
      await sql`drop trigger ${sql.ref(`${table}_no_update`)}`.execute(db)
    }
    const before = await ask<AuditReportRow[]>('auditReports')
    const [first, second] = await db.selectFrom('audit_reports').select(['id', 'sealed_report']).execute()
    await db.updateTable('audit_report_reviews').set({ sealed_review: 'v2.1.AAAA' }).execute()
    // Whole, but another's.
    await db
      .updateTable('audit_reports')
      .set({ sealed_report: second?.sealed_report ?? '' })
      .where('id', '=', first?.id ?? '')
      .execute()
    const after = await ask<AuditReportRow[]>('auditReports')
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id).filter((id) => id !== first?.id))
    expect(after.every(({ review }) => review === null)).toBe(true)
    const params = { id: first?.id ?? '', format: 'xlsx' }
    expect((await at.auditor.call('auditReportFile', { params })).body).toMatchObject({
      code: 'internal',
      facts: { damaged: 'audit_reports' },
    })
    const { rows } = await search({ actions: ['integrity.failed'] })
    const told = rows.map(({ object }) => object.split(':')[0])
    expect(told.filter((table) => table === 'audit_reports')).toHaveLength(1)
    expect(told.filter((table) => table === 'audit_report_reviews')).toHaveLength(1)
  })
})

describe('nobody else', () => {
  it('sees the audit, and no officer’s policy and no configuration key ends it', async () => {
    const { GatewayConfig } = await import('../../../src/server/config/index.ts')
    const { SecurityPolicy } = await import('../../../src/shared/policy/index.ts')
    for (const audit of [false, null, 'off', { enabled: false }, { off: true }, { checkpointRecords: 0 }])
      expect(GatewayConfig.safeParse({ audit }).success).toBe(false)
    expect(SecurityPolicy.safeParse({ audit: { enabled: false } }).success).toBe(false)
    for (const officer of [at.administrator, at.security])
      for (const [name, body] of [
        ['searchAudit', {}],
        ['auditCandidates', { text: 'P-100' }],
        ['auditReports', undefined],
        ['makeAuditReport', { kind: 'daily', period: today }],
      ] as const)
        expect((await officer.call(name, body ? { body } : {})).body.code).toBe('permission-denied')
  })
})
