import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { anAnswer, attentionOf, auditOf, eventsOf, minute, openWard, raise, stateOf } from './ward.ts'

let room: ReadingRoom
let alert: string
beforeEach(async () => {
  room = await openWard()
  alert = await raise(room)
  room.time.now += minute
})
afterEach(() => room.close())

const http = { source: 'http', system: 'his', address: '10.0.0.20' } as const
const handled = (more: object = {}) =>
  anAnswer(alert, {
    id: 'R-2',
    step: 'handled',
    by: { id: 'D9', name: '陈医生', role: 'doctor' },
    measure: '胸腔闭式引流',
    opinion: '已处理',
    at: Date.UTC(2026, 10, 22, 8, 5),
    ...more,
  })

describe('an answer', () => {
  it('acknowledges, then handles; each step is on record with who, when and by what way', async () => {
    expect(await room.critical.takeReply(anAnswer(alert), http)).toEqual({ outcome: 'taken' })
    expect(await stateOf(room, alert)).toMatchObject({ status: 'received', receivedAt: room.time.now })
    expect(await room.critical.takeReply(handled(), http)).toEqual({ outcome: 'taken' })
    expect(await stateOf(room, alert)).toMatchObject({ status: 'handled', handledAt: room.time.now })
    const [received, done] = await eventsOf(room, alert, 'received', 'handled')
    expect(received!.event).toEqual({
      kind: 'received',
      by: { id: 'N017', name: '王护士', role: 'nurse' },
      readBack: true,
      source: 'http',
      at: Date.UTC(2026, 10, 22, 8, 1),
    })
    expect(done!.event).toMatchObject({ measure: '胸腔闭式引流', opinion: '已处理' })
    const [row] = await auditOf(room, 'alert.received')
    expect(row).toMatchObject({ actor: 'interface:http:his', address: '10.0.0.20' })
  })

  it('counts once, however often and by however many ways it comes', async () => {
    const answer = anAnswer(alert)
    expect(await room.critical.takeReply(answer, http)).toEqual({ outcome: 'taken' })
    const again = [
      [answer, http],
      // The same id, filled in anew.
      [{ ...answer, at: answer.at + 5000 }, http],
      // Another way, another id, the same content to the second.
      [
        { ...answer, id: 'poll-77', at: answer.at + 400 },
        { source: 'poll', system: 'his' },
      ],
      [
        { ...answer, id: 'M1' },
        { source: 'mllp', system: 'his-hl7' },
      ],
      // And the ids of those, again.
      [
        { ...answer, id: 'M1', at: answer.at + 60_000 },
        { source: 'mllp', system: 'his-hl7' },
      ],
    ] as const
    for (const [reply, origin] of again)
      expect(await room.critical.takeReply(reply, origin)).toEqual({ outcome: 'duplicate' })
    expect(await eventsOf(room, alert, 'received')).toHaveLength(1)
    expect(await auditOf(room, 'alert.received')).toHaveLength(1)
  })

  it('counts once when the same comes many times at the same moment', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => room.critical.takeReply(anAnswer(alert), http)),
    )
    expect(outcomes.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1)
    expect(await eventsOf(room, alert, 'received')).toHaveLength(1)
  })

  it('of a second person is on record as well; the time of the first stands', async () => {
    await room.critical.takeReply(anAnswer(alert), http)
    const first = await stateOf(room, alert)
    room.time.now += minute
    const doctor = { id: 'D9', name: '陈医生', role: 'doctor' }
    expect(await room.critical.takeReply(anAnswer(alert, { id: 'R-3', by: doctor }), http)).toEqual({
      outcome: 'taken',
    })
    expect(await eventsOf(room, alert, 'received')).toHaveLength(2)
    expect((await stateOf(room, alert)).receivedAt).toBe(first.receivedAt)
  })

  it('may say handled first: it is received by that, and the acknowledgement that comes later is only on record', async () => {
    await room.critical.takeReply(handled(), http)
    const state = await stateOf(room, alert)
    expect(state).toMatchObject({ status: 'handled', receivedAt: room.time.now, handledAt: room.time.now })
    room.time.now += minute
    expect(await room.critical.takeReply(anAnswer(alert), http)).toEqual({ outcome: 'taken' })
    expect(await stateOf(room, alert)).toEqual(state)
    expect(await eventsOf(room, alert, 'received')).toHaveLength(1)
  })

  it('may carry both steps under one id, as systems do that keep one record of an alert', async () => {
    await room.critical.takeReply(anAnswer(alert, { id: 'REC-1' }), http)
    expect(await room.critical.takeReply(handled({ id: 'REC-1' }), http)).toEqual({ outcome: 'taken' })
    expect((await stateOf(room, alert)).status).toBe('handled')
  })

  it('to an alert that was withdrawn is on record, changes nothing, and calls on the reporter', async () => {
    await room.handlers.withdrawAlert(
      room.request('li', { params: { alert }, query: undefined, body: { reason: '部位有误' } }),
    )
    const state = await stateOf(room, alert)
    room.events.length = 0
    expect(await room.critical.takeReply(handled(), http)).toEqual({ outcome: 'late' })
    expect(await stateOf(room, alert)).toEqual(state)
    expect(await eventsOf(room, alert, 'handled')).toHaveLength(1)
    expect(attentionOf(room)).toEqual([{ why: 'answered-late', alert, to: 'li' }])
    expect(await room.critical.takeReply(handled(), http)).toEqual({ outcome: 'duplicate' })
    expect(attentionOf(room)).toHaveLength(1)
  })

  it('tells everybody that something changed', async () => {
    room.events.length = 0
    await room.critical.takeReply(anAnswer(alert), http)
    expect(room.events.map(({ event }) => event)).toEqual([
      { kind: 'alert-changed', alertId: alert },
      { kind: 'worklist-changed' },
    ])
  })

  it('leaves no name, measure or opinion of a clinician in clear', async () => {
    await room.critical.takeReply(anAnswer(alert), http)
    await room.critical.takeReply(handled(), http)
    for (const table of ['alert_events', 'alert_standings', 'alert_replies', 'audit'] as const) {
      const rows = JSON.stringify(await room.store.db.selectFrom(table).selectAll().execute())
      for (const word of ['王护士', '陈医生', '胸腔闭式引流', '已处理', 'N017'])
        expect(rows).not.toContain(word)
    }
  })

  it('with markup in a name is kept as it was written', async () => {
    const name = '<img src=x onerror=alert(1)>'
    await room.critical.takeReply(anAnswer(alert, { by: { id: '"><script>', name, role: 'nurse' } }), http)
    const [received] = await eventsOf(room, alert, 'received')
    expect(received!.event.by).toEqual({ id: '"><script>', name, role: 'nurse' })
  })
})

describe('an answer that is refused', () => {
  const unfit: [string, object, string][] = [
    ['no id', { id: '' }, 'id'],
    ['an alert id that is too long', { alertId: 'A'.repeat(17) }, 'alertId'],
    ['an unknown step', { step: 'read' }, 'step'],
    ['an unknown role', { by: { id: '', name: '', role: 'porter' } }, 'by.role'],
    ['a name that is too long', { by: { id: '', name: '王'.repeat(61), role: 'nurse' } }, 'by.name'],
    ['no clinician', { by: undefined }, 'by'],
    ['no time', { at: undefined }, 'at'],
    ['a time that is no number', { at: 'yesterday' }, 'at'],
    ['a measure that is too long', { measure: 'x'.repeat(501) }, 'measure'],
    ['a read-back that is neither yes nor no', { readBack: 'perhaps' }, 'readBack'],
  ]
  for (const [what, change, field] of unfit)
    it(`${what}: names the field, is audited, changes nothing`, async () => {
      const before = await stateOf(room, alert)
      const taken = await room.critical.takeReply({ ...anAnswer(alert), ...change }, http)
      expect(taken).toEqual({ outcome: 'refused', code: 'bad-request', field })
      expect(await stateOf(room, alert)).toEqual(before)
      expect(await auditOf(room, 'reply.refused')).toHaveLength(1)
    })

  for (const nothing of [null, undefined, 7, 'text', []])
    it(`${JSON.stringify(nothing)} is no answer`, async () => {
      expect(await room.critical.takeReply(nothing, http)).toMatchObject({ outcome: 'refused' })
    })

  it('to an alert that there is not', async () => {
    const taken = await room.critical.takeReply(anAnswer('0000000000000000'), http)
    expect(taken).toEqual({ outcome: 'refused', code: 'not-found', field: 'alertId' })
    const [row] = await auditOf(room, 'reply.refused')
    expect(row).toMatchObject({ outcome: 'refused', actor: 'interface:http:his' })
    expect(await room.store.db.selectFrom('alert_replies').selectAll().execute()).toEqual([])
  })

  it('to two alerts under one id', async () => {
    const other = await raise(room, { patientId: 'P2' })
    await room.critical.takeReply(anAnswer(alert), http)
    expect(await room.critical.takeReply(anAnswer(other), http)).toEqual({
      outcome: 'refused',
      code: 'conflict',
      field: 'id',
    })
    expect(['sent', 'delivered']).toContain((await stateOf(room, other)).status)
    // The ids of another system are its own.
    expect(await room.critical.takeReply(anAnswer(other), { ...http, system: 'emr' })).toEqual({
      outcome: 'taken',
    })
  })
})

describe('an alert that waits for its second check', () => {
  it('is nobody’s to answer: its id is as unknown as any', async () => {
    const strict = await openWard({}, { secondCheck: { mode: 'required' } })
    try {
      const waiting = await raise(strict)
      expect((await stateOf(strict, waiting)).status).toBe('awaiting-check')
      const taken = await strict.critical.takeReply(anAnswer(waiting), http)
      expect(taken).toEqual({ outcome: 'refused', code: 'not-found', field: 'alertId' })
      expect(await eventsOf(strict, waiting, 'received')).toEqual([])
    } finally {
      await strict.close()
    }
  })
})

describe('an answer to an alert whose standing was tampered with', () => {
  for (const [what, change] of [
    ['closed by a clear column', { status: 'closed', due_at: null }],
    ['overwritten', { sealed_standing: 'v1.AAAA' }],
  ] as const)
    it(`${what}: the standing is made good from the events, then the answer is taken`, async () => {
      await room.store.db.updateTable('alert_standings').set(change).execute()
      expect(await room.critical.takeReply(anAnswer(alert), http)).toEqual({ outcome: 'taken' })
      expect((await stateOf(room, alert)).status).toBe('received')
      expect(await auditOf(room, 'integrity.failed')).not.toEqual([])
      expect(await auditOf(room, 'alert.standing-restored')).toHaveLength(1)
    })
})
