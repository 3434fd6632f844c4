import { afterEach, describe, expect, it } from 'vitest'
import { encodeText } from '../../../../src/server/hl7/index.ts'
import { type Hl7Sender, senderSkipReason, startHl7Sender } from '../../../hl7-sender/index.ts'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { auditOf, eventsOf, minute, openWard, raise, stateOf } from './ward.ts'

if (senderSkipReason) console.log(`answers over HL7 not tested: ${senderSkipReason}`)

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function listening(more: object = {}, encoding: 'utf-8' | 'gb18030' = 'utf-8') {
  const feed = { name: 'his-hl7', port: 0, peers: ['127.0.0.1'], zone: '+08:00', ...more }
  const room = await openWard({ replies: { mllp: [feed] } })
  cleanups.push(() => room.close())
  const alert = await raise(room)
  room.time.now += minute
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
  const { port } = await feedOf(room)
  const sender = startHl7Sender({ port, encoding })
  cleanups.push(() => sender.stop())
  return { room, alert, port, sender }
}

async function feedOf(room: ReadingRoom) {
  const nothing = { params: undefined, query: undefined, body: undefined }
  const { feeds } = await room.incoming.handlers.incomingFeeds(room.request('li', nothing))
  return feeds[0]!
}

/** An answer as an ORU^R01; a fact that is null is left out. */
function answer(
  facts: Record<string, string | null>,
  { id = 'M-1', type = 'ORU^R01^ORU_R01', charset = 'UNICODE UTF-8' } = {},
): string {
  const all: Record<string, string | null> = {
    'CV-STEP': 'received',
    'CV-BY-ID': 'N017',
    'CV-BY-NAME': '王护士',
    'CV-BY-ROLE': 'nurse',
    'CV-READ-BACK': 'Y',
    'CV-AT': '20261122160130',
    ...facts,
  }
  const rows = Object.entries(all).filter(([, value]) => value !== null)
  return [
    `MSH|^~\\&|HIS|HOSP|VIGIL|RADIOLOGY|20261122160200+0800||${type}|${id}|P|2.5.1||||||${charset}`,
    'OBR|1',
    ...rows.map(([code, value], index) => `OBX|${index + 1}|ST|${code}||${value}||||||F`),
    '',
  ].join('\r')
}

const one = async (sender: Hl7Sender, message: string | Buffer) => (await sender.send(message))[0]!

describe.skipIf(senderSkipReason)('answers as ORU^R01 over MLLP', () => {
  it('are taken in and acknowledged; a repeat is acknowledged and counts once', async () => {
    const { room, alert, sender } = await listening()
    const received = answer({ 'CV-ALERT-ID': alert })
    expect(await one(sender, received)).toMatchObject({ code: 'AA', controlId: 'M-1' })
    expect(await one(sender, received)).toMatchObject({ code: 'AA' })
    const handled = {
      'CV-ALERT-ID': alert,
      'CV-STEP': 'handled',
      'CV-BY-ROLE': 'doctor',
      'CV-MEASURE': '胸腔闭式引流',
    }
    expect(await one(sender, answer(handled, { id: 'M-2' }))).toMatchObject({ code: 'AA' })
    const [first, second, ...more] = await eventsOf(room, alert, 'received', 'handled')
    expect(first!.event).toEqual({
      kind: 'received',
      by: { id: 'N017', name: '王护士', role: 'nurse' },
      readBack: true,
      source: 'mllp',
      at: Date.UTC(2026, 10, 22, 8, 1, 30),
    })
    expect(second!.event).toMatchObject({ kind: 'handled', measure: '胸腔闭式引流' })
    expect(more).toEqual([])
    const [row] = await auditOf(room, 'alert.received')
    expect(row).toMatchObject({ actor: 'interface:mllp:his-hl7', address: '127.0.0.1' })
    expect(await feedOf(room)).toMatchObject({
      kind: 'replies-mllp',
      received: 3,
      accepted: 3,
      quarantined: 0,
    })
  })

  it('in GB18030', async () => {
    const { room, alert, sender } = await listening({}, 'gb18030')
    const message = answer({ 'CV-ALERT-ID': alert, 'CV-BY-NAME': '欧阳䶮护士' }, { charset: 'GB 18030-2000' })
    expect(await one(sender, encodeText(message, 'gb18030'))).toMatchObject({ code: 'AA' })
    expect((await eventsOf(room, alert, 'received'))[0]!.event.by.name).toBe('欧阳䶮护士')
  })

  it('in the other side’s own codes, where configuration maps them', async () => {
    const { room, alert, sender } = await listening({
      observations: { alertId: 'WJZ_ID', step: 'STATUS' },
      values: { step: { '2': 'handled' }, role: { YS: 'doctor' }, readBack: { '1': true } },
    })
    const facts = { WJZ_ID: alert, STATUS: '2', 'CV-STEP': null, 'CV-BY-ROLE': 'YS', 'CV-READ-BACK': '1' }
    expect(await one(sender, answer(facts))).toMatchObject({ code: 'AA' })
    expect((await stateOf(room, alert)).status).toBe('handled')
  })

  it('without a time of their own are as old as their message', async () => {
    const { room, alert, sender } = await listening()
    await one(sender, answer({ 'CV-ALERT-ID': alert, 'CV-AT': null }))
    expect((await eventsOf(room, alert, 'received'))[0]!.event.at).toBe(Date.UTC(2026, 10, 22, 8, 2))
  })

  const unfit: [string, Record<string, string | null>, object, string, string][] = [
    ['an unknown alert', { 'CV-ALERT-ID': '7ZZZZZZZZZZZZZZZ' }, {}, 'AE', '204'],
    ['no alert', { 'CV-ALERT-ID': null }, {}, 'AE', '102'],
    ['an unmapped step', { 'CV-STEP': 'read' }, {}, 'AE', '103'],
    ['no step', { 'CV-STEP': null }, {}, 'AE', '101'],
    ['an unmapped role', { 'CV-BY-ROLE': 'porter' }, {}, 'AE', '103'],
    ['a read-back neither yes nor no', { 'CV-READ-BACK': 'constructor' }, {}, 'AE', '103'],
    ['a time that is none', { 'CV-AT': '20261399' }, {}, 'AE', '102'],
    ['a name that is too long', { 'CV-BY-NAME': '王'.repeat(61) }, {}, 'AE', '102'],
    ['another kind of message', {}, { type: 'ORM^O01^ORM_O01' }, 'AR', '200'],
  ]
  for (const [what, facts, header, code, error] of unfit)
    it(`with ${what}: ${code} ${error}, in quarantine, nothing of it in the answer`, async () => {
      const { room, alert, sender } = await listening()
      const said = await one(sender, answer({ 'CV-ALERT-ID': alert, ...facts }, header))
      expect(said).toMatchObject({
        code,
        error: [{ code: expect.stringMatching(new RegExp(`^${error}\\b`)) }],
      })
      expect(said.text).not.toMatch(/王|ZZZ|porter|N017/)
      expect((await stateOf(room, alert)).receivedAt).toBeNull()
      expect(await feedOf(room)).toMatchObject({ accepted: 0, quarantined: 1 })
    })

  it('from quarantine are never taken in corrected', async () => {
    const { room, alert, sender } = await listening()
    await one(sender, answer({ 'CV-ALERT-ID': '7ZZZZZZZZZZZZZZZ' }))
    const { id } = await room.store.db.selectFrom('quarantine').select('id').executeTakeFirstOrThrow()
    const corrected = room.incoming.handlers.replayQuarantined(
      room.request('zhao', {
        params: { id },
        query: undefined,
        body: { text: answer({ 'CV-ALERT-ID': alert }) },
      }),
    )
    await expect(corrected).rejects.toMatchObject({ code: 'permission-denied' })
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })

  it('a fact that stands twice is nobody’s to choose from', async () => {
    const { room, alert, sender } = await listening()
    const message = `${answer({ 'CV-ALERT-ID': alert })}OBX|9|ST|CV-STEP||handled||||||F\r`
    expect(await one(sender, message)).toMatchObject({
      code: 'AE',
      error: [{ code: expect.stringMatching(/^205\b/) }],
    })
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })

  it('from another address get no answer at all', async () => {
    const { room, alert, sender } = await listening({ peers: ['10.0.0.20'] })
    await sender.send(answer({ 'CV-ALERT-ID': alert })).catch(() => [])
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
    expect((await feedOf(room)).turnedAway).toBe(1)
  })
})
