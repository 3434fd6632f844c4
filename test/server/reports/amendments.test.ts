import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needsDecision } from '../../../src/shared/critical/index.ts'
import type { StandingDecision } from '../../../src/shared/report/index.ts'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const text = (findings: string) => ({ findings, impression: '' })
const addendum = { kind: 'addendum' as const, reason: '补充骨窗所见' }
const correction = { kind: 'correction' as const, reason: '复阅后更正' }
const target = { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: 9 }

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom({ criticalTargets: [target] })
  room.studies.set(study, aStudy(study, { accessionNumber: 'A1' }))
  await room.orders.importOrders([anOrder('A1')], { kind: 'cli', id: 'test' })
})
afterEach(() => room.close())

const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const versions = async () =>
  (await room.store.db.selectFrom('report_versions').select(['version']).execute()).length
const outbox = () => room.store.db.selectFrom('outbox').selectAll().orderBy('id').execute()
const detail = (alert: string) =>
  room.handlers.alert(room.request('wang', { params: { alert }, query: undefined, body: undefined }))
const statusOf = async (alert: string) => (await detail(alert)).alert.state.status

/** Signs an amendment: each finding is raised (again, where there was one), each standing alert decided by `decide`. */
async function amend(
  who: string,
  findings: string,
  decide: (alertId: string) => StandingDecision[] = () => [],
  amendment: typeof addendum | typeof correction = correction,
) {
  const prepared = await room.prepare(who, study, text(findings), amendment)
  const decisions = prepared.findings.filter(needsDecision).map((f) => alertFor(f, prepared.earlier))
  const standing = prepared.standing.flatMap(({ id }) => decide(id))
  return room.submit(who, study, { ...prepared.document, decisions, standing })
}
const withdraw = (alertId: string): StandingDecision[] => [
  { alertId, action: 'withdraw', reason: '复阅无气胸' },
]
const keep = (alertId: string): StandingDecision[] => [{ alertId, action: 'keep', reason: '临床已知情' }]
async function firstVersion(findings = '右侧张力性气胸。') {
  const { alerts, report } = await room.signOff('li', study, text(findings))
  room.time.now += 60_000
  return { alert: alerts[0]!, report }
}

describe('a version after the first', () => {
  it('says what it is, follows the one before, and both are read back', async () => {
    const { report: first } = await firstVersion('双肺清晰。')
    await expect(room.prepare('wang', study, text('左肺结节。'))).rejects.toEqual(code('amendment-required'))
    const { report } = await amend('wang', '双肺清晰。肋骨骨折。', undefined, addendum)
    expect(report.document).toMatchObject({ version: 2, amendment: addendum, author: { accountId: 'wang' } })
    expect(report.document.previous).toMatch(/^[0-9a-f]{64}$/)
    const read = await room.handlers.report(
      room.request('li', { params: { study }, query: undefined, body: undefined }),
    )
    expect(read).toMatchObject({ status: 'signed', draft: null })
    expect(read.versions).toEqual([first, report])
    expect((await room.audit.tail()).find((row) => row.action === 'report.signed')).toMatchObject({
      detail: { version: 2, amendment: 'addendum' },
    })
  })

  it('is not one that changes nothing, nor an amendment of nothing', async () => {
    room.studies.set('9.9', aStudy('9.9'))
    await expect(room.prepare('li', '9.9', text('双肺清晰。'), addendum)).rejects.toEqual(
      code('bad-request', { field: 'amendment' }),
    )
    await firstVersion('双肺清晰。')
    await expect(room.prepare('li', study, text('双肺清晰。'))).rejects.toEqual(code('report-already-signed'))
    await expect(amend('li', '双肺清晰。', undefined, addendum)).rejects.toEqual(code('nothing-changed'))
    expect(await versions()).toBe(1)
    expect((await room.audit.tail())[0]).toMatchObject({
      action: 'report.sign-off',
      outcome: 'refused',
      detail: { code: 'nothing-changed' },
    })
  })

  it('is not signed over another person’s draft of one, nor where another was signed meanwhile', async () => {
    await firstVersion('双肺清晰。')
    const mine = await room.prepare('li', study, text('双肺清晰。无骨折。'), addendum)
    const body = { text: text('双肺清晰，补充。'), baseRevision: 0, amendment: addendum }
    await room.handlers.saveDraft(room.request('wang', { params: { study }, query: undefined, body }))
    await expect(room.submit('li', study, mine.document)).rejects.toEqual(
      code('report-locked-by-other', { name: '王医师' }),
    )
    await amend('wang', '双肺清晰，补充。')
    await expect(room.submit('li', study, mine.document)).rejects.toEqual(code('report-already-signed'))
    expect(await versions()).toBe(2)
  })

  it.each([
    ['amendment', { amendment: addendum }, 'report-changed'],
    ['amendment, or none,', { amendment: null }, 'amendment-required'],
    ['version', { version: 3 }, 'report-changed'],
    ['version before', { previous: 'ab' }, 'report-changed'],
  ])('is refused with another %s than was handed out', async (_, change, refusal) => {
    await firstVersion('双肺清晰。')
    const { document } = await room.prepare('li', study, text('左肺结节。'), correction)
    await expect(room.submit('li', study, { ...document, ...change })).rejects.toEqual(code(refusal))
    expect(await versions()).toBe(1)
  })

  it('whose answer was lost is answered again, with its own alerts only', async () => {
    await firstVersion()
    const prepared = await room.prepare('li', study, text('右侧张力性气胸。主动脉夹层。'), addendum)
    const { findings, earlier } = prepared
    const decisions = findings.filter(needsDecision).map((f) => alertFor(f, earlier))
    const body = await room.signers.get('li')!.sign({ ...prepared.document, decisions })
    const send = () =>
      room.handlers.signOff(room.request('li', { params: { study }, query: undefined, body }))
    const first = await send()
    const again = await send()
    expect(again.report).toEqual(first.report)
    expect(again.alerts.map(({ id }) => id).sort()).toEqual(first.alerts.map(({ id }) => id).sort())
    expect(again.alerts.length).toBe(2)
  })
})

describe('a forgotten alert', () => {
  const said = '右侧张力性气胸。双肺纹理增多。'
  const forgotten = { kind: 'addendum' as const, reason: '补报危急值' }
  const sent = async () => (await outbox()).filter(({ kind }) => kind === 'notice').map((row) => row.alert_id)

  it('is raised on a finding that was dismissed before, the text as it was', async () => {
    const first = await room.prepare('li', study, text(said))
    const decisions = first.findings.filter(needsDecision).map(({ section, start, end, type }) => ({
      action: 'dismiss' as const,
      ...{ section, start, end, type },
      reason: '临床已知',
    }))
    await room.submit('li', study, { ...first.document, decisions })
    expect([decisions.length, await sent()]).toEqual([1, []])
    room.time.now += 3_600_000
    // Dismissed once more: still nothing that is new.
    const { document } = await room.prepare('wang', study, text(said), forgotten)
    await expect(room.submit('wang', study, { ...document, decisions })).rejects.toEqual(
      code('nothing-changed'),
    )
    const { report, alerts } = await amend('wang', said, undefined, forgotten)
    expect(report.document).toMatchObject({ version: 2, amendment: forgotten, text: text(said) })
    expect(alerts).toMatchObject([{ keyword: '张力性气胸' }])
    expect(await sent()).toEqual([alerts[0]!.id])
  })

  it('is added by hand to what the text says already, without a draft', async () => {
    await firstVersion('双肺纹理增多。')
    const { document, findings } = await room.prepare('li', study, text('双肺纹理增多。'), forgotten)
    expect(findings).toEqual([])
    const added = alertFor({ section: 'findings', start: 0, end: 6, type: 'TENSION_PNEUMOTHORAX' })
    const { alerts } = await room.submit('li', study, { ...document, decisions: [added] })
    expect(await sent()).toEqual([alerts[0]!.id])
    expect(await versions()).toBe(2)
  })

  it('is still asked about where it was raised already: nothing goes out twice by accident', async () => {
    const { alert } = await firstVersion(said)
    const { document, findings } = await room.prepare('wang', study, text(said), forgotten)
    const decisions = findings.filter(needsDecision).map((finding) => alertFor(finding))
    await expect(room.submit('wang', study, { ...document, decisions })).rejects.toEqual(
      code('alert-already-raised', { alertId: alert.id }),
    )
    expect(await sent()).toEqual([alert.id])
  })
})

describe('an alert whose finding the new version no longer has', () => {
  it('needs a decision, and none of another alert', async () => {
    const { alert } = await firstVersion()
    const { standing } = await room.prepare('li', study, text('双肺清晰。'), correction)
    expect(standing).toMatchObject([{ id: alert.id, side: 'right', state: { status: 'sent' } }])
    await expect(amend('li', '双肺清晰。')).rejects.toEqual(code('alert-undecided', { count: 1 }))
    await expect(amend('li', '双肺清晰。', (id) => [...keep(id), ...withdraw(id)])).rejects.toEqual(
      code('bad-request', { field: 'standing[1]', reason: 'repeated' }),
    )
    // Of somebody else's report: forged.
    room.studies.set('5.6', aStudy('5.6', { patientId: 'P2' }))
    const { alerts } = await room.signOff('wang', '5.6', text('主动脉夹层。'))
    const foreign = alerts[0]!.id
    await expect(amend('li', '双肺清晰。', (id) => [...keep(id), ...withdraw(foreign)])).rejects.toEqual(
      code('bad-request', { field: 'standing[1]', reason: 'no-such-alert' }),
    )
    expect(await statusOf(foreign)).toBe('sent')
    expect(await versions()).toBe(2)
  })

  it('is withdrawn with the signature: what was not sent does not go out', async () => {
    const { alert } = await firstVersion()
    await amend('wang', '双肺清晰。', withdraw)
    const { events, deliveries } = await detail(alert.id)
    expect(events.at(-1)?.event).toMatchObject({
      kind: 'withdrawn',
      by: { accountId: 'wang' },
      reason: '复阅无气胸',
    })
    expect(await statusOf(alert.id)).toBe('withdrawn')
    expect(deliveries).toMatchObject([{ kind: 'notice', state: 'cancelled' }])
    expect(room.events).toContainEqual({ event: { kind: 'alert-changed', alertId: alert.id } })
    expect((await room.audit.verify()).faults).toEqual([])
  })

  it('is cancelled where it may have arrived', async () => {
    const { alert } = await firstVersion()
    await room.store.db.updateTable('outbox').set({ state: 'retrying', attempts: 1 }).execute()
    await amend('li', '双肺清晰。', withdraw)
    const rows = await outbox()
    expect(rows.map(({ kind, alert_id }) => [kind, alert_id])).toEqual([
      ['notice', alert.id],
      ['cancel', alert.id],
    ])
  })

  it('may be kept, with a reason, and asks again with the next version', async () => {
    const { alert } = await firstVersion()
    const { report } = await amend('li', '双肺清晰。', keep)
    expect(report.document.standing).toEqual(keep(alert.id))
    expect(await statusOf(alert.id)).toBe('sent')
    const { standing } = await room.prepare('li', study, text('双肺清晰。心影不大。'), addendum)
    expect(standing.map(({ id }) => id)).toEqual([alert.id])
  })

  it('is one on the other side, but not one that the text only words anew', async () => {
    await firstVersion()
    const standing = async (findings: string) =>
      (await room.prepare('li', study, text(findings), correction)).standing.length
    expect(await standing('左侧张力性气胸。')).toBe(1)
    expect(await standing('右肺见张力性气胸，纵隔左移。')).toBe(0)
    expect(await standing('双侧张力性气胸。')).toBe(0)
    expect(await standing('右侧张力性气胸较前明显吸收。')).toBe(1)
    expect(await standing('未见张力性气胸。')).toBe(1)
  })

  it('meets its finding by the finding’s own type, whatever type the alert was given', async () => {
    const { findings, document } = await room.prepare('li', study, text('右侧张力性气胸。'))
    const [finding] = findings.filter(needsDecision)
    const alertType = room.dictionary.entries.find(({ code }) => code !== finding!.type)!.code
    const decisions = [{ ...alertFor(finding!), alertType }]
    const { alerts } = await room.submit('li', study, { ...document, decisions })
    expect(alerts).toMatchObject([{ type: alertType }])
    const standing = async (findings: string) =>
      (await room.prepare('li', study, text(findings), addendum)).standing.length
    expect(await standing('右侧张力性气胸。补充：肋骨骨折。')).toBe(0)
    expect(await standing('双肺清晰。')).toBe(1)
  })

  it('may be withdrawn and raised anew under the type that it had been given', async () => {
    const first = await room.prepare('li', study, text('右侧张力性气胸。'))
    const [finding] = first.findings.filter(needsDecision)
    const aorta = (await room.prepare('li', study, text('主动脉夹层。'))).findings[0]!.type
    const { document } = await room.prepare('li', study, text('右侧张力性气胸。'))
    const decisions = [{ ...alertFor(finding!), alertType: aorta }]
    const { alerts } = await room.submit('li', study, { ...document, decisions })
    for (const repeats of [alerts[0]!.id, null]) {
      const again = await room.prepare('li', study, text('主动脉夹层。'), correction)
      const [found] = again.findings
      await expect(
        room.submit('li', study, { ...again.document, decisions: [{ ...alertFor(found!), repeats }] }),
      ).rejects.toEqual(code('alert-undecided'))
    }
    const { alerts: anew } = await amend('li', '主动脉夹层。', withdraw)
    expect(anew).toMatchObject([{ type: aorta }])
    expect(await statusOf(alerts[0]!.id)).toBe('withdrawn')
  })

  it('has its finding, added by hand, as long as its words stand in the text', async () => {
    const { type } = alertFor({
      section: 'findings',
      start: 0,
      end: 4,
      type: room.dictionary.entries[0]!.code,
    })
    await room.signOff('li', study, text('导管尖端位置异常。'), () => [
      alertFor({ section: 'findings', start: 0, end: 4, type }),
    ])
    const standing = async (findings: string) =>
      (await room.prepare('li', study, text(findings), addendum)).standing.length
    expect(await standing('复阅：导管尖端位于右心房。')).toBe(0)
    expect(await standing('未见置管。')).toBe(1)
  })

  it('that was handled can be kept, and not withdrawn', async () => {
    const { alert } = await firstVersion()
    const { document } = await room.prepare('li', study, text('双肺清晰。'), correction)
    await room.handlers.recordPhoneCall(
      room.request('wang', {
        params: { alert: alert.id },
        query: undefined,
        body: {
          called: { name: '周护士', role: 'nurse' as const, phone: '' },
          reached: true,
          readBack: true,
          remark: '',
          at: room.time.now,
          handling: '已行闭式引流',
        },
      }),
    )
    await expect(room.submit('li', study, { ...document, standing: withdraw(alert.id) })).rejects.toEqual(
      code('alert-handled'),
    )
    expect(await versions()).toBe(1)
    await room.submit('li', study, { ...document, standing: keep(alert.id) })
    expect(await statusOf(alert.id)).toBe('handled')
  })

  it('is raised anew on the other side, beside the withdrawal, in one signature', async () => {
    const { alert } = await firstVersion()
    const { alerts } = await amend('li', '左侧张力性气胸。', withdraw)
    expect(alerts).toMatchObject([{ side: 'left', state: { status: 'sent' } }])
    expect(await statusOf(alert.id)).toBe('withdrawn')
  })

  it('that stays critical is only repeated knowingly: the amendment asks as any other report', async () => {
    const { alert } = await firstVersion()
    const { document, findings } = await room.prepare('li', study, text('右侧张力性气胸。骨折。'), addendum)
    const decisions = findings.filter(needsDecision).map((f) => alertFor(f))
    await expect(room.submit('li', study, { ...document, decisions })).rejects.toEqual(
      code('alert-already-raised', { alertId: alert.id }),
    )
  })
})
