import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsDecision } from '../../../src/shared/critical/index.ts'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const text = {
  findings: '右侧气胸，肺压缩约60%。未见胸腔积液。主动脉夹层待排。',
  impression: '右侧大量气胸。',
}
const plain = { findings: '双肺纹理清晰。', impression: '未见异常。' }

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  room.studies.set(study, aStudy(study, { accessionNumber: 'A1' }))
  await room.orders.importOrders([anOrder('A1')], { kind: 'cli', id: 'test' })
})
afterEach(() => room.close())

const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const rows = async (table: 'report_versions' | 'alerts' | 'outbox' | 'reports' | 'report_drafts') =>
  (await room.store.db.selectFrom(table).selectAll().execute()).length
const nothingWritten = async () => {
  expect([await rows('report_versions'), await rows('alerts'), await rows('outbox')]).toEqual([0, 0, 0])
}
const actions = async () => (await room.audit.tail()).map((row) => row.action)

describe('prepare', () => {
  it('gives the gateway’s own findings and the document, from the order', async () => {
    const { findings, document } = await room.prepare('li', study, text)
    expect(findings.filter(needsDecision).length).toBeGreaterThanOrEqual(3)
    expect(findings.some((finding) => finding.grade === 'negated' || finding.grade === 'possible')).toBe(true)
    expect(document).toMatchObject({
      version: 1,
      previous: null,
      gatewayId: 'gateway-under-test',
      studyInstanceUid: study,
      accessionNumber: 'A1',
      patientId: 'P1',
      patientName: '张伟',
      author: { accountId: 'li', name: '李医师' },
      dictionaryVersion: room.dictionary.version,
      text,
      decisions: [],
    })
  })

  it('takes patient and exam from DICOM where there is no order', async () => {
    room.studies.set('9.9', aStudy('9.9', { patientId: 'P9', patientName: '李四' }))
    const { document } = await room.prepare('li', '9.9', text)
    expect(document).toMatchObject({ patientId: 'P9', patientName: '李四', accessionNumber: '' })
  })

  it('refuses an empty report, an unknown study and broken Unicode', async () => {
    await expect(room.prepare('li', study, { findings: ' \n', impression: '' })).rejects.toEqual(
      code('report-empty'),
    )
    await expect(room.prepare('li', '5.5', text)).rejects.toEqual(code('study-not-found'))
    await expect(room.prepare('li', study, { findings: 'x\ud800', impression: '' })).rejects.toEqual(
      code('bad-request'),
    )
  })
})

describe('sign-off', () => {
  it('commits version, alerts, outbox and audit, and ends the draft', async () => {
    await room.handlers.saveDraft(
      room.request('li', { params: { study }, query: undefined, body: { text, baseRevision: 0 } }),
    )
    const { report, alerts } = await room.signOff('li', study, text)
    expect(report.document.text).toEqual(text)
    expect(alerts.length).toBeGreaterThanOrEqual(3)
    expect(alerts[0]).toMatchObject({
      studyInstanceUid: study,
      patientName: '张伟',
      accessionNumber: 'A1',
      raisedBy: '李医师',
      delivery: { state: 'queued', target: '', attempts: 0 },
    })
    expect(await rows('report_drafts')).toBe(0)
    expect(await rows('alerts')).toBe(alerts.length)
    expect(await rows('outbox')).toBe(alerts.length)
    const seen = await room.handlers.report(
      room.request('wang', { params: { study }, query: undefined, body: undefined }),
    )
    expect(seen).toMatchObject({ status: 'signed', draft: null, lockedBy: null })
    expect(seen.versions).toEqual([report])
    expect(await actions()).toEqual(
      expect.arrayContaining(['report.signed', 'alert.raised', 'report.draft-taken']),
    )
    expect((await room.audit.verify()).faults).toEqual([])
  })

  it('signs a report without findings without alerts', async () => {
    const { alerts } = await room.signOff('li', study, plain)
    expect(alerts).toEqual([])
    expect(await rows('outbox')).toBe(0)
  })

  it('needs a decision for every positive and possible finding', async () => {
    const { findings, document } = await room.prepare('li', study, text)
    const decisions = findings.filter(needsDecision).map((finding) => alertFor(finding))
    await expect(room.submit('li', study, { ...document, decisions: decisions.slice(1) })).rejects.toEqual(
      code('finding-undecided', { count: 1 }),
    )
    await expect(room.submit('li', study, document)).rejects.toEqual(
      code('finding-undecided', { count: decisions.length }),
    )
    await nothingWritten()
    expect(await actions()).toContain('report.sign-off')
  })

  it('takes a reasoned dismissal in place of an alert', async () => {
    const { findings, document } = await room.prepare('li', study, text)
    const [first, ...rest] = findings.filter(needsDecision)
    const { section, start, end, type } = first!
    const dismissal = { action: 'dismiss' as const, section, start, end, type, reason: '已电话通知' }
    const { alerts } = await room.submit('li', study, {
      ...document,
      decisions: [dismissal, ...rest.map((finding) => alertFor(finding))],
    })
    expect(alerts.length).toBe(rest.length)
  })

  it.each([
    ['a decision twice', (d: ReturnType<typeof alertFor>[]) => [...d, d[0]!], { reason: 'repeated' }],
    [
      'a dismissal of nothing',
      (d: ReturnType<typeof alertFor>[]) => [
        ...d,
        {
          action: 'dismiss' as const,
          section: 'findings' as const,
          start: 0,
          end: 1,
          type: 'PNEUMOTHORAX',
          reason: '不是',
        },
      ],
      { reason: 'no-such-finding' },
    ],
    [
      'an alert beyond the text',
      (d: ReturnType<typeof alertFor>[], type: string) => [
        ...d,
        alertFor({ section: 'impression', start: 1, end: 999, type }),
      ],
      { reason: 'no-such-text' },
    ],
    [
      'an alert of an unknown type',
      (d: ReturnType<typeof alertFor>[]) => [
        ...d,
        alertFor({ section: 'findings', start: 0, end: 2, type: 'NOT_THERE' }),
      ],
      { reason: 'unknown-type' },
    ],
  ])('refuses %s', async (_, change, facts) => {
    const { findings, document } = await room.prepare('li', study, text)
    const decisions = change(
      findings.filter(needsDecision).map((finding) => alertFor(finding)),
      findings[0]!.type,
    )
    await expect(room.submit('li', study, { ...document, decisions })).rejects.toEqual(
      code('bad-request', facts),
    )
    await nothingWritten()
  })

  it('takes an alert that the radiologist adds by hand, with its type’s level', async () => {
    const entry = room.dictionary.entries.find((candidate) => candidate.level === 'orange')!
    const { alerts } = await room.signOff('li', study, plain, () => [
      alertFor({ section: 'findings', start: 0, end: 4, type: entry.code, level: 'orange' }),
    ])
    expect(alerts).toMatchObject([
      { type: entry.code, typeName: entry.nameZh, level: 'orange', keyword: '双肺纹理' },
    ])
  })

  it.each([
    ['text', { text: { findings: '双肺。', impression: '' } }],
    ['patient', { patientId: 'P2' }],
    ['author', { author: { accountId: 'wang', name: '王医师' } }],
    ['report', { reportId: 'another' }],
    ['version', { version: 2 }],
    ['previous', { previous: 'ab' }],
    ['gateway', { gatewayId: 'another' }],
    ['study', { studyInstanceUid: '9.9.9' }],
    ['dictionary version', { dictionaryVersion: 'old' }],
    ['time', { preparedAt: Date.UTC(2026, 10, 22, 7, 59) }],
  ])('refuses a document whose %s is not as issued', async (_, change) => {
    const { document } = await room.prepare('li', study, plain)
    await expect(room.submit('li', study, { ...document, ...change })).rejects.toEqual(code('report-changed'))
    await nothingWritten()
  })

  it('refuses a document that was never issued, or was issued too long ago', async () => {
    const { document } = await room.prepare('li', study, plain)
    room.time.now += 15 * 60_000
    const late = await room.prepare('wang', study, plain)
    expect(late.document.preparedAt).toBe(room.time.now)
    room.time.now += 1
    await expect(room.submit('li', study, document)).rejects.toEqual(code('report-changed'))
    await expect(room.submit('li', study, { ...late.document, author: document.author })).rejects.toEqual(
      code('report-changed'),
    )
    await nothingWritten()
  })

  it('refuses what another order has changed since it was prepared', async () => {
    const { document } = await room.prepare('li', study, plain)
    await room.orders.importOrders([anOrder('A1', { patientName: '章伟' })], { kind: 'cli', id: 'test' })
    await expect(room.submit('li', study, document)).rejects.toEqual(code('report-changed'))
  })

  it('refuses another person’s signature and a changed one', async () => {
    const { document } = await room.prepare('li', study, plain)
    await expect(room.submit('li', study, document, 'wang')).rejects.toEqual(code('other-account'))
    const signed = await room.signers.get('li')!.sign(document)
    const other = await room.signers.get('li')!.sign({ ...document, text })
    await expect(
      room.handlers.signOff(
        room.request('li', {
          params: { study },
          query: undefined,
          body: { ...signed, signature: other.signature },
        }),
      ),
    ).rejects.toEqual(code('signature-invalid'))
    await nothingWritten()
    expect(
      (await room.audit.tail())
        .filter((row) => row.action === 'report.sign-off')
        .map((row) => row.detail.code),
    ).toEqual(['signature-invalid', 'other-account'])
  })

  it('refuses to sign twice', async () => {
    const { document } = await room.prepare('li', study, plain)
    await room.submit('li', study, document)
    await expect(room.submit('li', study, document)).rejects.toEqual(code('report-already-signed'))
    await expect(room.prepare('wang', study, plain)).rejects.toEqual(code('report-already-signed'))
    expect(await rows('report_versions')).toBe(1)
  })

  it('answers a repeated sign-off as it answered the first', async () => {
    const { findings, document } = await room.prepare('li', study, text)
    const decisions = findings.filter(needsDecision).map((finding) => alertFor(finding))
    const body = await room.signers.get('li')!.sign({ ...document, decisions })
    const again = () =>
      room.handlers.signOff(room.request('li', { params: { study }, query: undefined, body }))
    const first = await again()
    const second = await again()
    expect(second.report).toEqual(first.report)
    expect(new Set(second.alerts.map((alert) => alert.id))).toEqual(
      new Set(first.alerts.map((alert) => alert.id)),
    )
    expect(await rows('alerts')).toBe(decisions.length)
    // Nobody else gets that answer, and no other document does.
    await expect(
      room.handlers.signOff(room.request('wang', { params: { study }, query: undefined, body })),
    ).rejects.toEqual(code('report-already-signed'))
  })

  it('lets one of two that sign at the same time win', async () => {
    const [mine, theirs] = [await room.prepare('li', study, plain), await room.prepare('wang', study, text)]
    const decisions = theirs.findings.filter(needsDecision).map((finding) => alertFor(finding))
    const results = await Promise.allSettled([
      room.submit('li', study, mine.document),
      room.submit('wang', study, { ...theirs.document, decisions }),
    ])
    expect(results.filter((result) => result.status === 'fulfilled').length).toBe(1)
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { code: 'report-already-signed' },
    })
    expect(await rows('report_versions')).toBe(1)
  })

  it('does not sign over another’s draft', async () => {
    await room.handlers.saveDraft(
      room.request('wang', { params: { study }, query: undefined, body: { text, baseRevision: 0 } }),
    )
    await expect(room.prepare('li', study, plain)).rejects.toEqual(
      code('report-locked-by-other', { name: '王医师', since: room.time.now }),
    )
  })

  it.each(['alerts', 'outbox', 'audit', 'report_drafts'] as const)(
    'leaves nothing behind when writing %s fails midway',
    async (table) => {
      await room.handlers.saveDraft(
        room.request('li', { params: { study }, query: undefined, body: { text, baseRevision: 0 } }),
      )
      const { findings, document } = await room.prepare('li', study, text)
      const decisions = findings.filter(needsDecision).map((finding) => alertFor(finding))
      const event = table === 'report_drafts' ? 'delete' : 'insert'
      // The last of several alerts fails, so that earlier ones are already written in the transaction.
      const when = table === 'alerts' ? 'when (select count(*) from alerts) > 0' : ''
      await sql`create trigger broken before ${sql.raw(event)} on ${sql.table(table)} ${sql.raw(when)} begin select raise(abort, 'disk full'); end`.execute(
        room.store.db,
      )
      await expect(room.submit('li', study, { ...document, decisions })).rejects.toThrow()
      await nothingWritten()
      expect(await rows('report_drafts')).toBe(1)
      expect(await room.store.db.selectFrom('reports').select('status').execute()).toEqual([
        { status: 'draft' },
      ])
      await sql`drop trigger broken`.execute(room.store.db)
      expect((await room.submit('li', study, { ...document, decisions })).alerts.length).toBe(
        decisions.length,
      )
      expect((await room.audit.verify()).faults).toEqual([])
    },
  )

  it('keeps signed versions and alerts immutable', async () => {
    await room.signOff('li', study, text)
    for (const table of ['report_versions', 'alerts'] as const) {
      await expect(room.store.db.deleteFrom(table).execute()).rejects.toThrow(/append-only/)
    }
    await expect(
      room.store.db.updateTable('report_versions').set({ signature: '' }).execute(),
    ).rejects.toThrow(/append-only/)
  })
})
