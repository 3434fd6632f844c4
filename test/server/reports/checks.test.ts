import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { patientIndex } from '../../../src/server/orders/index.ts'
import { canonicalAlertContent } from '../../../src/shared/alert/canonical.ts'
import type { Alert } from '../../../src/shared/alert/index.ts'
import type { CheckSignature } from '../../../src/shared/api/index.ts'
import { needsDecision } from '../../../src/shared/critical/index.ts'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { ReportDocument } from '../../../src/shared/report/index.ts'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const text = { findings: '右侧张力性气胸。', impression: '' }
const minute = 60_000

let room: ReadingRoom
afterEach(() => room.close())
async function open(secondCheck: object, order: object = {}) {
  room = await openReadingRoom(
    {},
    { dictionary: { ...defaultDictionary, rules: { secondCheck: { mode: 'required', ...secondCheck } } } },
  )
  room.studies.set(study, aStudy(study, { accessionNumber: 'A1' }))
  await room.orders.importOrders([anOrder('A1', order)], { kind: 'cli', id: 'test' })
}
const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const count = async (table: 'report_versions' | 'alerts' | 'outbox') =>
  (await room.store.db.selectFrom(table).selectAll().execute()).length
const detail = (alert: string) =>
  room.handlers.alert(room.request('wang', { params: { alert }, query: undefined, body: undefined }))
const events = async (alert: string) => (await detail(alert)).events.map(({ event }) => event)
async function decided(who = 'li'): Promise<ReportDocument> {
  const { document, findings } = await room.prepare(who, study, text)
  return { ...document, decisions: findings.filter(needsDecision).map((f) => alertFor(f)) }
}

describe('one person twice', () => {
  const day = { onePersonTwice: { night: null, emergencies: true } }
  const emergency = { patientClass: 'emergency' as const }
  const looked = (document: ReportDocument, by = 'li', subject = document.reportId) =>
    room.signers.get(by)!.check(document.gatewayId, subject, canonicalReport(document))

  it('goes out at once, with the second look signed, recorded and audited', async () => {
    await open(day, emergency)
    expect((await room.prepare('li', study, text)).check).toBe('twice')
    const document = await decided()
    const second = await looked(document)
    const { alerts } = await room.submit('li', study, document, 'li', second)
    expect(alerts).toMatchObject([{ state: { status: 'sent' } }])
    expect((await events(alerts[0]!.id)).map(({ kind }) => kind)).toEqual(['raised', 'checked', 'released'])
    expect(await events(alerts[0]!.id)).toContainEqual({
      kind: 'checked',
      by: { accountId: 'li', name: '李医师' },
      twice: true,
    })
    const kept = (await room.audit.tail()).find(({ action }) => action === 'alert.check-signature')
    expect(kept?.detail).toMatchObject({ signature: second.signature, certificate: second.certificate })
    expect(await count('outbox')).toBe(1)
  })

  it('is also for an order that cannot wait, and not for one that can', async () => {
    await open(day, { priority: 'stat' })
    expect((await room.prepare('li', study, text)).check).toBe('twice')
    await room.close()
    await open(day)
    expect((await room.prepare('li', study, text)).check).toBe('second-person')
  })

  it('is not signed without the second look, nor with one that is not theirs, not of this, or of before', async () => {
    await open(day, emergency)
    const other = await decided()
    const document = await decided()
    const replayed = await looked(other)
    room.time.now += 1
    const newer = await decided()
    const report = await room.signers.get('li')!.sign(newer)
    const forgeries: [string, CheckSignature | undefined][] = [
      ['alert-check-required', undefined],
      ['other-account', await looked(newer, 'wang')],
      ['signature-invalid', replayed],
      ['signature-invalid', await looked({ ...newer, decisions: [] })],
      ['signature-invalid', await looked(newer, 'li', 'another-report')],
      // The report's own signature once more: it is for another purpose.
      ['signature-invalid', { ...(await looked(document)), signature: report.signature }],
    ]
    for (const [refusal, second] of forgeries)
      await expect(room.submit('li', study, newer, 'li', second)).rejects.toEqual(code(refusal))
    expect([await count('report_versions'), await count('alerts')]).toEqual([0, 0])
    await room.submit('li', study, newer, 'li', await looked(newer))
  })

  it('is not asked for where no alert is raised', async () => {
    await open(day, emergency)
    const { document } = await room.prepare('li', study, { findings: '双肺清晰。', impression: '' })
    expect((await room.submit('li', study, document)).alerts).toEqual([])
  })
})

describe('a second person', () => {
  beforeEach(() => open({ onePersonTwice: { night: null, emergencies: false }, releaseAfterMinutes: 3 }))

  const check = (who: string, alert: string, body: CheckSignature) =>
    room.handlers.checkAlert(room.request(who, { params: { alert }, query: undefined, body }))
  const signed = (who: string, alert: Alert, subject = alert.id) =>
    room.signers.get(who)!.check('gateway-under-test', subject, canonicalAlertContent(alert))
  const object = (who: string, alert: string, remark = '层面不足') =>
    room.handlers.objectToAlert(room.request(who, { params: { alert }, query: undefined, body: { remark } }))
  const raised = async () => (await room.submit('li', study, await decided())).alerts[0]!

  it('is waited for: nothing goes out, everybody is called, and a time is set', async () => {
    expect((await room.prepare('li', study, text)).check).toBe('second-person')
    const alert = await raised()
    expect(alert).toMatchObject({
      delivery: null,
      state: { status: 'awaiting-check', due: { awaited: 'check', at: room.time.now + 3 * minute } },
    })
    expect(await count('outbox')).toBe(0)
    expect(room.events).toContainEqual({
      event: { kind: 'alert-attention', alertId: alert.id, level: 'red', why: 'check-requested' },
      to: {},
    })
    const waiting = await room.handlers.alerts(
      room.request('wang', { query: { show: 'check' as const, limit: 10 } }),
    )
    expect(waiting.alerts.map(({ id }) => id)).toEqual([alert.id])
  })

  it('confirms it with their key: it goes out, and says who looked', async () => {
    const alert = await raised()
    const body = await signed('wang', alert)
    await check('wang', alert.id, body)
    expect((await events(alert.id)).slice(2)).toEqual([
      { kind: 'checked', by: { accountId: 'wang', name: '王医师' }, twice: false },
      { kind: 'released', unchecked: false },
    ])
    expect((await detail(alert.id)).deliveries).toMatchObject([{ kind: 'notice', state: 'queued' }])
    expect((await room.audit.tail()).map(({ action }) => action)).toContain('alert.check-signature')
    // Its answer was lost: the same again changes nothing.
    await check('wang', alert.id, body)
    expect([(await events(alert.id)).length, await count('outbox')]).toEqual([4, 1])
  })

  it('is never the reporter, nor who signed another version of the report', async () => {
    const alert = await raised()
    const own = await signed('li', alert)
    await expect(check('li', alert.id, own)).rejects.toEqual(code('second-person-required'))
    await expect(object('li', alert.id)).rejects.toEqual(code('second-person-required'))
    const amended = { findings: '右侧张力性气胸。肋骨骨折。', impression: '' }
    const amendment = { kind: 'addendum' as const, reason: '补充' }
    const { document, findings, earlier } = await room.prepare('wang', study, amended, amendment)
    const decisions = findings.filter(needsDecision).map((f) => alertFor(f, earlier))
    await room.submit('wang', study, { ...document, decisions })
    await expect(check('wang', alert.id, await signed('wang', alert))).rejects.toEqual(
      code('second-person-required'),
    )
    expect(await count('outbox')).toBe(0)
    expect((await room.audit.tail()).find(({ action }) => action === 'alert.check')).toMatchObject({
      outcome: 'refused',
      detail: { code: 'second-person-required' },
    })
  })

  it('signs this very alert, with their own key', async () => {
    const alert = await raised()
    const refused: [string, CheckSignature][] = [
      ['other-account', await signed('li', alert)],
      ['signature-invalid', await signed('wang', { ...alert, content: '另一内容' })],
      ['signature-invalid', await signed('wang', { ...alert, level: 'yellow' })],
      ['signature-invalid', await signed('wang', alert, 'ANOTHER-ALERT')],
    ]
    for (const [refusal, body] of refused)
      await expect(check('wang', alert.id, body)).rejects.toEqual(code(refusal))
    expect(await count('outbox')).toBe(0)
    await expect(check('wang', 'NO-SUCH', await signed('wang', alert))).rejects.toEqual(code('not-found'))
  })

  it('signs where it goes now: a patient who was moved meanwhile is looked at again', async () => {
    const alert = await raised()
    const before = await signed('wang', alert)
    const place = { ward: 'ICU', bed: '3', department: '重症医学科' }
    await room.critical.rerouteFor([patientIndex(room.protection, 'P1')], place)
    expect(await count('outbox')).toBe(0)
    await expect(check('wang', alert.id, before)).rejects.toEqual(code('signature-invalid'))
    const { alert: now } = await detail(alert.id)
    await check('wang', alert.id, await signed('wang', now))
    expect((await detail(alert.id)).alert).toMatchObject({ ward: 'ICU', recipient: { name: 'ICU' } })
    expect((await detail(alert.id)).deliveries.map(({ kind }) => kind)).toEqual(['notice'])
  })

  it('may object: the reporter is called, and the alert waits on', async () => {
    const alert = await raised()
    await object('wang', alert.id)
    await object('wang', alert.id)
    expect((await events(alert.id)).filter(({ kind }) => kind === 'check-objected').length).toBe(1)
    expect((await detail(alert.id)).alert.state.status).toBe('awaiting-check')
    expect(room.events).toContainEqual({
      event: { kind: 'alert-attention', alertId: alert.id, level: 'red', why: 'check-objected' },
      to: { accountId: 'li' },
    })
  })

  it('comes too late once it was withdrawn: nothing goes out', async () => {
    const alert = await raised()
    await room.handlers.withdrawAlert(
      room.request('li', { params: { alert: alert.id }, query: undefined, body: { reason: '误报' } }),
    )
    await expect(check('wang', alert.id, await signed('wang', alert))).rejects.toEqual(code('alert-not-open'))
    await expect(object('wang', alert.id)).rejects.toEqual(code('alert-not-open'))
    expect(await count('outbox')).toBe(0)
  })
})
