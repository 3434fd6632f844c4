import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { patientIndex } from '../../../src/server/orders/index.ts'
import { needsDecision } from '../../../src/shared/critical/index.ts'
import { alertFor, anOrder, aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const text = (findings: string) => ({ findings, impression: '' })
const hour = 3_600_000
let room: ReadingRoom
beforeEach(() => open())
afterEach(() => room.close())

async function open(rules: object = {}) {
  await room?.close()
  room = await openReadingRoom({}, { dictionary: { ...defaultDictionary, rules } })
  for (const [uid, patientId] of [
    ['1.1', 'P1'],
    ['1.2', 'P1'],
    ['2.1', 'P2'],
    ['3.1', ''],
    ['3.2', ''],
  ] as const) {
    room.studies.set(uid, aStudy(uid, { patientId, accessionNumber: patientId && `A${uid}` }))
    if (patientId)
      await room.orders.importOrders([anOrder(`A${uid}`, { patientId })], { kind: 'cli', id: 'test' })
  }
}

/** Signs with an alert on each finding that repeats `repeats`. */
async function sign(who: string, uid: string, findings: string, repeats: string | null = null) {
  const { document, findings: found } = await room.prepare(who, uid, text(findings))
  const decisions = found.filter(needsDecision).map((finding) => ({ ...alertFor(finding), repeats }))
  return room.submit(who, uid, { ...document, decisions })
}
const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const alertRows = async () => (await room.store.db.selectFrom('alerts').selectAll().execute()).length

describe('the same critical value for the same patient', () => {
  it('is told before it is reported again, and reported again only where somebody says so', async () => {
    const { alerts } = await sign('li', '1.1', '右侧张力性气胸。')
    const [first] = alerts
    room.time.now += hour
    const prepared = await room.prepare('wang', '1.2', text('右侧张力性气胸。'))
    expect(prepared.earlier).toMatchObject([
      { id: first!.id, type: first!.type, side: 'right', raisedBy: '李医师', raisedAt: first!.raisedAt },
    ])
    await expect(sign('wang', '1.2', '右侧张力性气胸。')).rejects.toEqual(
      code('alert-already-raised', { at: first!.raisedAt, alertId: first!.id }),
    )
    expect(await alertRows()).toBe(1)
    const again = await sign('wang', '1.2', '右侧张力性气胸。', first!.id)
    expect(again.alerts).toMatchObject([{ raisedBy: '王医师' }])
    const tail = await room.audit.tail()
    expect(tail.filter((row) => row.action === 'report.sign-off')).toMatchObject([
      { outcome: 'refused', detail: { code: 'alert-already-raised' } },
    ])
  })

  it('is another finding on the other side, and may be the same where no side is said', async () => {
    const { alerts } = await sign('li', '1.1', '右侧张力性气胸。')
    await expect(sign('li', '1.2', '张力性气胸。')).rejects.toEqual(
      code('alert-already-raised', { alertId: alerts[0]!.id }),
    )
    expect((await sign('li', '1.2', '左侧张力性气胸。')).alerts.length).toBe(1)
  })

  it('may be dismissed instead, with a reason', async () => {
    await sign('li', '1.1', '张力性气胸。')
    const { document, findings } = await room.prepare('wang', '1.2', text('张力性气胸。'))
    const decisions = findings.filter(needsDecision).map(({ section, start, end, type }) => ({
      action: 'dismiss' as const,
      section,
      start,
      end,
      type,
      reason: '一小时前已上报',
    }))
    expect((await room.submit('wang', '1.2', { ...document, decisions })).alerts).toEqual([])
  })

  it('is asked about only within the hours of the rules, counted from when the sign-off was prepared', async () => {
    await sign('li', '1.1', '张力性气胸。')
    room.time.now += 24 * hour
    expect((await room.prepare('li', '1.2', text('张力性气胸。'))).earlier.length).toBe(1)
    room.time.now += 1
    expect((await room.prepare('li', '1.2', text('张力性气胸。'))).earlier).toEqual([])
    expect((await sign('li', '1.2', '张力性气胸。')).alerts.length).toBe(1)
  })

  it('is never asked about where the rules say so', async () => {
    await open({ repeatHours: 0 })
    await sign('li', '1.1', '张力性气胸。')
    expect((await room.prepare('li', '1.2', text('张力性气胸。'))).earlier).toEqual([])
    expect((await sign('li', '1.2', '张力性气胸。')).alerts.length).toBe(1)
  })

  it('is not asked about once it was withdrawn', async () => {
    const { alerts } = await sign('li', '1.1', '张力性气胸。')
    await room.handlers.withdrawAlert(
      room.request('li', { params: { alert: alerts[0]!.id }, query: undefined, body: { reason: '误报' } }),
    )
    expect((await sign('li', '1.2', '张力性气胸。')).alerts.length).toBe(1)
  })

  it('is not another patient’s, nor that of people whose id nobody knows', async () => {
    await sign('li', '1.1', '张力性气胸。')
    expect((await sign('li', '2.1', '张力性气胸。')).alerts.length).toBe(1)
    await sign('li', '3.1', '张力性气胸。')
    expect((await room.prepare('li', '3.2', text('张力性气胸。'))).earlier).toEqual([])
  })

  it('is found under an id that the hospital has merged into the patient’s', async () => {
    const index = (id: string) => patientIndex(room.protection, id)
    const theirs = (await sign('li', '2.1', '张力性气胸。')).alerts[0]!
    expect((await room.prepare('li', '1.1', text('张力性气胸。'))).earlier).toEqual([])
    await room.store.db
      .insertInto('patient_merges')
      .values({
        merged_index: index('P2'),
        surviving_index: index('P1'),
        sealed_merge: room.protection.seal(
          { table: 'patient_merges', column: 'sealed_merge', row: index('P2') },
          JSON.stringify({ merged: 'P2', surviving: 'P1' }),
        ),
        merged_at: room.time.now,
      })
      .execute()
    await expect(sign('li', '1.1', '张力性气胸。')).rejects.toEqual(
      code('alert-already-raised', { alertId: theirs.id }),
    )
  })

  it('cannot be waved through with an alert of another patient, another type, or none at all', async () => {
    const theirs = (await sign('li', '2.1', '张力性气胸。')).alerts[0]!
    await sign('li', '1.1', '张力性气胸。')
    const other = (await sign('wang', '3.1', '主动脉夹层。')).alerts[0]!
    for (const forged of [theirs.id, other.id, 'NO-SUCH-ALERT'])
      await expect(sign('li', '1.2', '张力性气胸。', forged)).rejects.toEqual(code('report-changed'))
    expect(await alertRows()).toBe(3)
  })

  it('is found when two who did not know of each other sign at once', async () => {
    const prepared = await Promise.all(
      (['1.1', '1.2'] as const).map(async (uid, index) => {
        const who = ['li', 'wang'][index]!
        const { document, findings } = await room.prepare(who, uid, text('张力性气胸。'))
        return { who, uid, document: { ...document, decisions: findings.map((f) => alertFor(f)) } }
      }),
    )
    const results = await Promise.allSettled(
      prepared.map(({ who, uid, document }) => room.submit(who, uid, document)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'alert-already-raised' },
    })
    expect(await alertRows()).toBe(1)
  })

  it('counts for nothing where its record was changed: that is reported, and nobody is kept from signing', async () => {
    await sign('li', '1.1', '张力性气胸。')
    await sql`drop trigger alerts_no_update`.execute(room.store.db)
    await room.store.db.updateTable('alerts').set({ sealed_alert: 'v1.AAAA' }).execute()
    expect((await room.prepare('li', '1.2', text('张力性气胸。'))).earlier).toEqual([])
    expect((await sign('li', '1.2', '张力性气胸。')).alerts.length).toBe(1)
    const found = (await room.audit.tail()).filter(({ action }) => action === 'integrity.failed')
    expect(found).toMatchObject([{ object: expect.stringMatching(/^alerts:/) }])
  })

  it('is one decision for each finding of one report: two in one text do not repeat each other', async () => {
    expect((await sign('li', '1.1', '右侧张力性气胸。张力性气胸较前增大。')).alerts.length).toBe(2)
  })
})
