import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQuarantine } from '../../../src/server/incoming/quarantine.ts'
import { senderSkipReason } from '../../hl7-sender/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { openHospital } from '../orders/feed/hospital.ts'
import { msh, obr, orc, orm, pid, pv1, text } from '../orders/feed/messages.ts'

const skipped = senderSkipReason
let hospital: Awaited<ReturnType<typeof openHospital>>

describe.skipIf(skipped)(`quarantine${skipped ? ` (${skipped})` : ''}`, () => {
  beforeEach(async () => {
    hospital = await openHospital()
  })
  afterEach(() => hospital.close())

  const wrong = text(msh('ORM^O01'), pid(), pv1(), orc('NW', 'A1'), obr('A1', { modality: 'XYZ' }))
  async function refused() {
    await hospital.sender().send(wrong)
    const [message] = await hospital.waiting()
    return message!.id
  }
  const replay = (id: string, corrected?: string) =>
    hospital.handlers.replayQuarantined(
      hospital.request({ params: { id }, body: corrected === undefined ? {} : { text: corrected } }),
    )

  it('shows one message at a time, and that it was looked at is audited', async () => {
    const id = await refused()
    const shown = await hospital.handlers.quarantinedMessage(hospital.request({ params: { id } }))
    expect(shown).toMatchObject({
      veiled: true,
      message: { reason: 'code', where: 'OBR-24', messageType: 'ORM^O01' },
    })
    expect(shown.text).not.toMatch(/张伟|Zhang|P1001|19800213|13800000000|咳嗽/)
    expect(shown.text).toContain('|XYZ')
    // Nobody can say whose it is: only the fully cleared have it whole at once.
    const asked: Parameters<typeof hospital.handlers.quarantinedMessage>[0] = hospital.request({
      params: { id },
    })
    const cleared = { ...asked.principal, clearance: 'highly-sensitive' as const }
    expect(await hospital.handlers.quarantinedMessage({ ...asked, principal: cleared })).toMatchObject({
      veiled: false,
      text: wrong,
    })
    expect(new Set(await hospital.audited('quarantine.'))).toEqual(
      new Set(['quarantine.kept', 'quarantine.opened']),
    )
    const revealed = await hospital.handlers.revealQuarantined(
      hospital.request({ params: { id }, body: { reason: '核对患者号' } }),
    )
    expect(revealed).toEqual({ text: wrong })
    const told = (await hospital.foundation.audit.tail())[0]
    expect(told).toMatchObject({ action: 'quarantine.revealed', detail: { reason: '核对患者号' } })
    const rows = JSON.stringify(
      await hospital.foundation.store.db.selectFrom('quarantine').selectAll().execute(),
    )
    for (const secret of ['张伟', 'P1001', Buffer.from(wrong).toString('base64').slice(0, 40)])
      expect(rows).not.toContain(secret)
  })

  it('takes a corrected text in on the same path, and keeps what was corrected', async () => {
    const id = await refused()
    await expect(replay(id)).rejects.toMatchObject({
      code: 'message-unusable',
      facts: { reason: 'code', where: 'OBR-24' },
    })
    await expect(replay(id, 'nonsense')).rejects.toMatchObject({ code: 'message-unusable' })
    expect(await hospital.waiting()).toHaveLength(1)
    // As a text box gives it: line feeds for the segments' ends.
    expect(await replay(id, wrong.replace('XYZ', 'MR').replaceAll('\r', '\n'))).toEqual({})
    expect((await hospital.orders.byAccession('A1'))?.order.modality).toBe('MR')
    expect(await hospital.waiting()).toEqual([])
    const all = await hospital.handlers.quarantine(hospital.request({ query: { state: 'all' as const } }))
    expect(all).toMatchObject({ waiting: 0, messages: [{ id, state: 'replayed', settledBy: '赵静' }] })
    await expect(replay(id)).rejects.toMatchObject({ code: 'conflict' })
    const added = (await hospital.foundation.audit.tail()).find(({ action }) => action === 'order.added')
    expect(added?.actor).toBe('account:zhao.jing')
  })

  it('is corrected by who never saw whose it is, and by nobody into a mask', async () => {
    const id = await refused()
    const shown = await hospital.handlers.quarantinedMessage(hospital.request({ params: { id } }))
    await expect(replay(id, shown.text.replace('XYZ', '***'))).rejects.toMatchObject({
      code: 'bad-request',
      facts: { field: 'text' },
    })
    expect(await replay(id, shown.text.replace('XYZ', 'MR'))).toEqual({})
    expect((await hospital.orders.byAccession('A1'))?.order).toMatchObject({
      modality: 'MR',
      patientName: '张伟',
      patientId: 'P1001',
      phone: '13800000000',
      clinicalInfo: '咳嗽伴胸痛三天',
    })
  })

  it('takes a message in as it came, once what it needs is there', async () => {
    const cancel = text(msh('ORM^O01', { at: '20261122155000' }), pid(), orc('CA', 'A1'))
    await hospital.sender().send(cancel, orm('A1'))
    const [message] = await hospital.waiting()
    await replay(message!.id)
    expect((await hospital.orders.byAccession('A1'))?.cancelledAt).not.toBeNull()
  })

  it('discards with a reason, once', async () => {
    const id = await refused()
    const discard = () =>
      hospital.handlers.discardQuarantined(
        hospital.request({ params: { id }, body: { reason: '对方已更正重发' } }),
      )
    await discard()
    await expect(discard()).rejects.toMatchObject({ code: 'conflict' })
    await expect(replay(id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await hospital.orders.list()).toEqual([])
    const row = (await hospital.foundation.audit.tail()).find(
      ({ action }) => action === 'quarantine.discarded',
    )
    expect(row?.detail).toMatchObject({ reason: '对方已更正重发' })
  })

  it('knows no message that is not there, and shows none that was changed', async () => {
    const id = await refused()
    await expect(replay('nobody')).rejects.toMatchObject({ code: 'not-found' })
    await hospital.foundation.store.db.updateTable('quarantine').set({ state: 'discarded' }).execute()
    await expect(replay(id)).rejects.toMatchObject({ code: 'internal' })
    const all = await hospital.handlers.quarantine(hospital.request({ query: { state: 'all' as const } }))
    expect(all.messages).toEqual([])
    expect(await hospital.audited('integrity.')).toEqual(['integrity.failed'])
  })
})

describe('a feed that cannot listen', () => {
  it('says which, and where', async () => {
    const first = await openHospital()
    try {
      await expect(openHospital({ port: first.port })).rejects.toThrow(
        `feed his cannot listen on 127.0.0.1 port ${first.port}: EADDRINUSE`,
      )
      await expect(
        openHospital({ tls: { certificateFile: '/nowhere/feed.pem', keyFile: '/nowhere/feed.key' } }),
      ).rejects.toThrow('/nowhere/feed')
    } finally {
      await first.close()
    }
  })
})

describe('what quarantine holds', () => {
  it('is no reason to refuse a message that was taken in, though it was changed meanwhile', async () => {
    const foundation = await openTestFoundation()
    try {
      const quarantine = createQuarantine(foundation)
      const bytes = randomBytes(50)
      const problem = { reason: 'unknown', where: 'alertId' } as const
      const known = {
        feed: 'his',
        peer: '10.0.0.1',
        charset: 'utf-8',
        messageType: '',
        controlId: '',
      } as const
      await quarantine.put({ ...known, bytes, problem })
      await foundation.store.db.updateTable('quarantine').set({ received_at: 1 }).execute()
      for (let time = 0; time < 2; time++) await quarantine.accepted('his', bytes)
      const told = (await foundation.audit.tail()).filter(({ action }) => action === 'integrity.failed')
      expect(told).toHaveLength(1)
    } finally {
      await foundation.close()
    }
  })

  it('is bounded: settled ones make room, oldest first; waiting ones are never dropped', async () => {
    const foundation = await openTestFoundation()
    try {
      const quarantine = createQuarantine(foundation, { messages: 5, bytes: 10_000 })
      const put = (bytes: Buffer) =>
        quarantine.put({
          feed: 'his',
          peer: '10.0.0.1',
          bytes,
          charset: 'utf-8',
          messageType: '',
          controlId: '',
          problem: { reason: 'not-hl7', where: '' },
        })
      for (let i = 0; i < 7; i++) await put(randomBytes(100))
      expect(await quarantine.waiting()).toBe(5)
      expect(
        (await foundation.audit.tail()).filter(({ action }) => action === 'quarantine.full'),
      ).toHaveLength(1)
      const [newest] = await quarantine.list('waiting', 1)
      const actor = { kind: 'account', id: 'zhao' } as const
      expect(await quarantine.settle(newest!.id, { state: 'discarded', by: '赵静', actor })).toBe(true)
      await put(randomBytes(100))
      expect(await quarantine.waiting()).toBe(5)
      expect(await quarantine.find(newest!.id)).toBeNull()
      await put(randomBytes(9600))
      expect(await quarantine.waiting()).toBe(5)
    } finally {
      await foundation.close()
    }
  })
})
