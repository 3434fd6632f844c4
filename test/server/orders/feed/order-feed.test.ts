import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeText } from '../../../../src/server/hl7/index.ts'
import { senderSkipReason } from '../../../hl7-sender/index.ts'
import { openHospital } from './hospital.ts'
import { msh, obr, orc, orm, pid, pv1, text } from './messages.ts'

const skipped = senderSkipReason
let hospital: Awaited<ReturnType<typeof openHospital>>

describe.skipIf(skipped)(`an order feed, sent to by python3-hl7${skipped ? ` (${skipped})` : ''}`, () => {
  beforeEach(async () => {
    hospital = await openHospital()
  })
  afterEach(() => hospital.close())

  const send = async (...messages: string[]) => await hospital.sender().send(...messages)
  const codes = async (...messages: string[]) => (await send(...messages)).map(({ code }) => code)
  const order = async (accession: string) => (await hospital.orders.byAccession(accession))?.order

  it('takes orders in, and answers each under its control id', async () => {
    const [first, second] = await send(orm('A1', { id: 'ID-1' }), orm('A2', { id: 'ID-2' }))
    expect(first).toMatchObject({ code: 'AA', controlId: 'ID-1', type: 'ACK^O01^ACK', error: [] })
    expect(second).toMatchObject({ code: 'AA', controlId: 'ID-2' })
    expect(await order('A1')).toMatchObject({ patientName: '张伟', ward: '呼吸内科病区', modality: 'CT' })
    expect((await hospital.orders.list()).map(({ source }) => source)).toEqual(['feed', 'feed'])
    expect(hospital.events.at(-1)).toEqual({ kind: 'worklist-changed' })
    expect(await hospital.audited('order.')).toEqual(['order.added', 'order.added'])
    expect(await hospital.view()).toMatchObject({ received: 2, accepted: 2, quarantined: 0, turnedAway: 0 })
    const { faults } = await hospital.foundation.audit.verify()
    expect(faults).toEqual([])
    const stored = JSON.stringify(
      await hospital.foundation.store.db.selectFrom('orders').selectAll().execute(),
    )
    for (const secret of ['张伟', 'P1001', '13800000000']) expect(stored).not.toContain(secret)
  })

  it('reads GB 18030 and UTF-8 by MSH-18 on one connection, and answers in the same', async () => {
    const name = '䶮犇'
    const message = (accession: string, charset: string) =>
      text(msh('ORM^O01', { charset }), pid('P7', { name }), pv1(), orc('NW', accession), obr(accession))
    const sender = hospital.sender({ encoding: 'gb18030' })
    const answers = await sender.send(
      encodeText(message('A1', 'GB 18030-2000'), 'gb18030'),
      encodeText(message('A2', 'GBK'), 'gb18030'),
    )
    expect(answers.map(({ code }) => code)).toEqual(['AA', 'AA'])
    // The header's names come back, and are readable in the sender's own character set.
    expect(answers[0]?.text).toContain('医院')
    expect(await codes(message('A3', 'UNICODE UTF-8'))).toEqual(['AA'])
    for (const accession of ['A1', 'A2', 'A3']) expect((await order(accession))?.patientName).toBe(name)
  })

  it('takes all orders of a message or none', async () => {
    const two = (modality: string) =>
      text(msh('ORM^O01'), pid(), pv1(), orc('NW', 'A1'), obr('A1'), orc('NW', 'A2'), obr('A2', { modality }))
    const [answer] = await send(two('QQ'))
    expect(answer).toMatchObject({ code: 'AE', error: [{ place: 'OBR^2^24^1', code: '103^code^HL70357' }] })
    expect(await hospital.orders.list()).toEqual([])
    // The second order's number is another patient's: nothing of the first is left either.
    await send(orm('A2', { patient: 'P9' }))
    expect(await codes(two('CT'))).toEqual(['AE'])
    expect((await hospital.orders.list()).map(({ order }) => order.accessionNumber)).toEqual(['A2'])
    expect(await codes(two('MR').replaceAll('A2', 'A3'))).toEqual(['AA'])
  })

  it('takes labels from confidentiality and VIP indicator, the strictest; they fall by a message, not by silence', async () => {
    const labelled = (accession: string, confidentiality: string, vip: string, more: object = {}) =>
      text(
        msh('ORM^O01', more),
        pid(),
        `PV1|1|I|呼吸内科病区^^12|||||||呼吸内科||||||${vip}|||V77`,
        `${orc('NW', accession)}${'|'.repeat(28 - orc('NW', accession).split('|').length + 1)}${confidentiality}`,
        obr(accession),
      )
    const label = async (accession: string) => (await order(accession))?.sensitivity
    expect(
      await codes(
        labelled('A1', '', ''),
        labelled('A2', 'R', ''),
        labelled('A3', 'U', 'Y'),
        labelled('A4', 'V', 'VIP'),
        labelled('A5', '', '0'),
      ),
    ).toEqual(['AA', 'AA', 'AA', 'AA', 'AA'])
    // `Y` is in no table: rather hidden than shown.
    const labels = await Promise.all(['A1', 'A2', 'A3', 'A4', 'A5'].map(label))
    expect(labels).toEqual([undefined, 'sensitive', 'sensitive', 'highly-sensitive', 'general'])
    const later = { at: '20261122150100' }
    expect(await codes(labelled('A4', '', '', later), labelled('A2', 'N', '', later))).toEqual(['AA', 'AA'])
    expect([await label('A4'), await label('A2')]).toEqual(['highly-sensitive', 'general'])
    // The patient is nobody special: that says nothing of the order.
    const plain = { at: '20261122150110' }
    expect(await codes(labelled('A4', '', 'N', plain), labelled('A3', '', '0', plain))).toEqual(['AA', 'AA'])
    expect([await label('A4'), await label('A3')]).toEqual(['highly-sensitive', 'sensitive'])
    expect(await codes(labelled('A2', '', 'VIP', plain))).toEqual(['AA'])
    expect(await label('A2')).toBe('sensitive')
    const admitted = text(
      msh('ADT^A08', { at: '20261122150200' }),
      pid(),
      'PV1|1|I|呼吸内科病区^^12|||||||||||||VIP|||V77',
    )
    expect(await codes(admitted)).toEqual(['AA'])
    expect([await label('A1'), await label('A4')]).toEqual(['sensitive', 'highly-sensitive'])
    expect(await codes(admitted.replace('|VIP|', '|N|').replace('150200', '150300'))).toEqual(['AA'])
    expect(await label('A1')).toBe('sensitive')
  })

  it('changes what a change speaks of, and keeps the rest; a new order stands for itself', async () => {
    await send(orm('A1'))
    const change = text(
      msh('ORM^O01', { at: '20261122150100' }),
      'PID|1||P1001',
      orc('XO', 'A1').replace('^^R', '^^S'),
      'OBR|1|AP1|A1|CT002^胸部CT增强',
    )
    expect(await codes(change)).toEqual(['AA'])
    expect(await order('A1')).toMatchObject({
      itemName: '胸部CT增强',
      priority: 'stat',
      patientName: '张伟',
      sex: 'M',
      bodyPart: '胸部',
      clinicalInfo: '咳嗽伴胸痛三天',
    })
    // For an order that is not known, a change must say everything.
    const [answer] = await send(change.replaceAll('A1', 'A9'))
    expect(answer).toMatchObject({ code: 'AE', text: expect.stringContaining('PID-5 missing') })
  })

  describe('with several items under one accession number', () => {
    const chest = [orc('NW', 'A1', 'AP1'), obr('A1', { application: 'AP1' })]
    const abdomen = [
      orc('NW', 'A1', 'AP2').replace('20261122160000^^R', '20261122153000^^S'),
      obr('A1', { application: 'AP2', item: 'CT009^上腹部CT平扫' }).replace('&胸部', '&上腹部'),
    ]
    const both = [...chest, ...abdomen]
    const at = (minute: number, ...segments: string[]) =>
      text(msh('ORM^O01', { at: `202611221501${minute}` }), pid(), pv1(), ...segments)
    const ended = (application: string) => [orc('CA', 'A1', application)]
    const cancelled = async () => (await hospital.orders.byAccession('A1'))?.cancelledAt !== null

    it('takes them as one order, by one message or by one each', async () => {
      expect(await codes(at(10, ...both))).toEqual(['AA'])
      const joined = { itemName: '胸部CT平扫＋上腹部CT平扫', bodyPart: '胸部、上腹部', priority: 'stat' }
      expect(await order('A1')).toMatchObject(joined)
      const apart = [at(10, ...chest), at(11, ...abdomen)].map((message) => message.replaceAll('A1|', 'B1|'))
      expect(await codes(...apart)).toEqual(['AA', 'AA'])
      expect(await order('B1')).toMatchObject(joined)
      expect(await hospital.orders.list()).toHaveLength(2)
    })

    it('changes the one that is spoken of', async () => {
      await send(at(10, ...both))
      const change = obr('A1', { application: 'AP2', item: 'CT010^上腹部CT增强' }).replace('&胸部', '&肝')
      expect(await codes(at(11, orc('XO', 'A1', 'AP2'), change))).toEqual(['AA'])
      expect(await order('A1')).toMatchObject({
        itemName: '胸部CT平扫＋上腹部CT增强',
        itemCode: 'CT001+CT010',
        bodyPart: '胸部、肝',
        priority: 'routine',
      })
      // Ordered anew under its own number; the other stays.
      expect(await codes(at(12, orc('NW', 'A1', 'AP1'), obr('A1', { item: 'CT002^胸部CT增强' })))).toEqual([
        'AA',
      ])
      expect((await order('A1'))?.itemName).toBe('胸部CT增强＋上腹部CT增强')
      // What a patient message brings leaves the items as they are.
      await send(text(msh('ADT^A08', { at: '20261122152000' }), pid(), pv1('ICU^^3')))
      expect(await codes(at(14, orc('XO', 'A1', 'AP1'), obr('A1', { item: 'CT003^胸部CT薄层' })))).toEqual([
        'AA',
      ])
      expect(await order('A1')).toMatchObject({ itemName: '胸部CT薄层＋上腹部CT增强', ward: 'ICU' })
    })

    it('cancels the one that is named, and the order with the last', async () => {
      await send(at(10, ...both))
      expect(await codes(at(11, ...ended('AP9')))).toEqual(['AE'])
      expect(await codes(at(12, ...ended('AP2')))).toEqual(['AA'])
      expect([await order('A1'), await cancelled()]).toMatchObject([
        { itemName: '胸部CT平扫', bodyPart: '胸部', priority: 'routine' },
        false,
      ])
      // Said once more, it is not the other one's cancellation.
      expect(await codes(at(13, ...ended('AP2')))).toEqual(['AE'])
      expect(await cancelled()).toBe(false)
      expect(await codes(at(14, ...ended('AP1')))).toEqual(['AA'])
      expect(await cancelled()).toBe(true)
      // Ordered anew, it is what is ordered now.
      expect(await codes(at(15, ...abdomen))).toEqual(['AA'])
      expect([(await order('A1'))?.itemName, await cancelled()]).toEqual(['上腹部CT平扫', false])
    })

    it('is cancelled whole where no item is named, or all are', async () => {
      await send(at(10, ...both))
      expect(await codes(at(11, 'ORC|CA||A1'))).toEqual(['AA'])
      expect(await cancelled()).toBe(true)
      await send(at(12, ...both))
      expect(await cancelled()).toBe(false)
      expect(await codes(at(13, ...ended('AP1'), ...ended('AP2')))).toEqual(['AA'])
      expect(await cancelled()).toBe(true)
    })

    it('does not take an item of another modality to the others', async () => {
      await send(at(10, ...chest))
      const other = obr('A1', { application: 'AP3', item: 'MR1^头颅MR', modality: 'MR' })
      const [answer] = await send(at(11, orc('NW', 'A1', 'AP3'), other))
      expect(answer).toMatchObject({
        code: 'AE',
        error: [{ place: 'OBR^1^24^1', code: '205^conflict^HL70357' }],
      })
      expect((await order('A1'))?.itemName).toBe('胸部CT平扫')
    })
  })

  it('marks cancelled orders, and takes them up again when ordered anew', async () => {
    await send(orm('A1', { at: '20261122150000' }))
    const cancel = text(msh('ORM^O01', { at: '20261122150100' }), pid(), orc('CA', 'A1'))
    expect(await codes(cancel)).toEqual(['AA'])
    expect((await hospital.orders.byAccession('A1'))?.cancelledAt).toBe(hospital.foundation.time.now)
    expect(await codes(orm('A1', { at: '20261122150200', control: 'XO' }))).toEqual(['AA'])
    expect((await hospital.orders.byAccession('A1'))?.cancelledAt).not.toBeNull()
    expect(await codes(orm('A1', { at: '20261122150300' }))).toEqual(['AA'])
    expect((await hospital.orders.byAccession('A1'))?.cancelledAt).toBeNull()
    const [unknown] = await send(text(msh('ORM^O01'), pid(), orc('CA', 'A404')))
    expect(unknown).toMatchObject({
      code: 'AE',
      error: [{ place: 'ORC^1^3^1', code: '204^unknown^HL70357' }],
    })
    const [others] = await send(text(msh('ORM^O01'), pid('P2'), orc('CA', 'A1')))
    expect(others).toMatchObject({ code: 'AE' })
    expect((await hospital.orders.byAccession('A1'))?.cancelledAt).toBeNull()
  })

  it('answers the same message again without a second effect', async () => {
    const message = orm('A1', { id: 'SAME' })
    expect(await codes(message, message)).toEqual(['AA', 'AA'])
    // Changed since by a newer message: the repeat of the first must not bring the old facts back.
    await send(orm('A1', { at: '20261122150500' }).replace('^^12', '^^99'))
    expect(await codes(message)).toEqual(['AA'])
    expect((await order('A1'))?.bed).toBe('99')
    expect(await hospital.audited('order.')).toEqual(['order.replaced', 'order.added'])
    // The same id with another content is another message.
    expect(await codes(orm('A2', { id: 'SAME' }))).toEqual(['AA'])
    expect(await order('A2')).toBeDefined()
  })

  it('lets nothing older undo what is newer', async () => {
    await send(orm('A1', { at: '20261122150000' }))
    await send(orm('A1', { at: '20261122151000' }).replace('^^12', '^^15'))
    expect(await codes(orm('A1', { at: '20261122150500' }).replace('^^12', '^^13'))).toEqual(['AA'])
    expect((await order('A1'))?.bed).toBe('15')
    expect((await hospital.audited('order.'))[0]).toBe('order.outdated')
    // A patient message newer than the order's own: the order's next change does not bring the old ward back.
    await send(text(msh('ADT^A08', { at: '20261122152000' }), pid(), pv1('ICU^^3')))
    await send(orm('A1', { at: '20261122151500' }).replace('胸部CT平扫', '胸部CT三维'))
    expect(await order('A1')).toMatchObject({ ward: 'ICU', bed: '3', itemName: '胸部CT三维' })
    // A clock that is far ahead would outdate everything after it.
    const [future] = await send(orm('A1', { at: '20991231000000' }))
    expect(future).toMatchObject({ code: 'AE', error: [{ place: 'MSH^1^7^1' }] })
  })

  it('refuses to give one patient another one’s accession number', async () => {
    await send(orm('A1', { patient: 'P1' }))
    const [answer] = await send(orm('A1', { patient: 'P2', at: '20261122160000' }))
    expect(answer).toMatchObject({ code: 'AE', error: [{ code: '205^conflict^HL70357' }] })
    expect((await order('A1'))?.patientId).toBe('P1')
    expect((await hospital.waiting())[0]).toMatchObject({ reason: 'conflict', where: 'ORC-3' })
  })

  it('stands above what was typed in, and cannot be typed over', async () => {
    const typed = { ...(await sample()), accessionNumber: 'A5', patientName: '打错了', patientId: 'P1001' }
    const enter = (accession: string) =>
      hospital.orders.handlers.enterOrder(
        hospital.request({ body: { ...typed, accessionNumber: accession } }) as never,
      )
    expect(await enter('A5')).toEqual({ outcome: 'added' })
    expect(await enter('A5')).toEqual({ outcome: 'replaced' })
    expect((await hospital.orders.byAccession('A5'))?.source).toBe('typed')
    expect(await codes(orm('A5'))).toEqual(['AA'])
    expect(await order('A5')).toMatchObject({ patientName: '张伟' })
    await expect(enter('A5')).rejects.toMatchObject({ code: 'conflict', facts: { field: 'accessionNumber' } })
    expect(await hospital.audited('order.entered')).toHaveLength(2)
  })

  const sample = async () => {
    await send(orm('SAMPLE', { patient: 'P-SAMPLE' }))
    return (await order('SAMPLE'))!
  }

  it.each([
    ['what it has no use for', text(msh('SIU^S12'), pid()), 'AR', '200^message-type^HL70357'],
    ['an event it has no use for', text(msh('ADT^A99'), pid()), 'AR', '201^event^HL70357'],
    ['another version', orm('A1', { version: '3.0' }), 'AR', '203^version^HL70357'],
    ['no control id', orm('A1').replace(/\|MSG\d+\|/, '||'), 'AE', '101^missing^HL70357'],
    ['no text of HL7', 'hello', 'AR', '100^not-hl7^HL70357'],
    ['an empty block', '', 'AR', '100^not-hl7^HL70357'],
    ['separators that separate nothing', 'MSH||||||\r', 'AR', '100^not-hl7^HL70357'],
    ['a segment without a name', `${orm('A1')}x|y\r`, 'AE', '100^segment-name^HL70357'],
    ['a character set it does not read', orm('A1', { charset: '8859/1' }), 'AR', '103^charset^HL70357'],
  ])('refuses %s with a proper answer, and keeps it', async (_what, message, code, error) => {
    const [answer] = await send(message)
    expect(answer).toMatchObject({ code, error: [{ code: error }] })
    expect(answer?.text).not.toContain('张伟')
    const [kept] = await hospital.waiting()
    expect(kept).toMatchObject({ feed: 'his', peer: '127.0.0.1', state: 'waiting' })
    expect(`${kept?.reason}`).toBe(error.split('^')[1])
    expect(await hospital.view()).toMatchObject({ received: 1, accepted: 0, quarantined: 1 })
    expect(await hospital.orders.list()).toEqual([])
  })

  it('refuses bytes that are no text of the character set, whatever they are', async () => {
    const torn = [
      Buffer.concat([Buffer.from(orm('A1')), Buffer.from([0xd5])]),
      Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 37) % 256)).filter(
        (b) => b !== 0x1c && b !== 0x0b,
      ),
      encodeText(orm('A1'), 'gb18030'),
    ]
    const answers = await hospital.sender().send(...torn.map((bytes) => Buffer.from(bytes)))
    expect(answers.map(({ code }) => code)).toEqual(['AR', 'AR', 'AR'])
    expect(await hospital.waiting()).toHaveLength(3)
  })

  it('keeps what a sender repeats once, and settles it when the repeat is taken in', async () => {
    const cancel = text(msh('ORM^O01', { at: '20261122155000' }), pid(), orc('CA', 'A1'))
    expect(await codes(cancel, cancel, cancel)).toEqual(['AE', 'AE', 'AE'])
    expect(await hospital.waiting()).toHaveLength(1)
    expect(await codes(orm('A1'), cancel)).toEqual(['AA', 'AA'])
    expect(await hospital.waiting()).toEqual([])
    const all = await hospital.handlers.quarantine(hospital.request({ query: { state: 'all' as const } }))
    expect(all.messages).toMatchObject([{ state: 'replayed', settledBy: 'sender' }])
  })
})
