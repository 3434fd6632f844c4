import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LabelRules } from '../../../src/shared/access/index.ts'
import type { WorklistRow } from '../../../src/shared/worklist/index.ts'
import { type Hl7Sender, senderSkipReason, startHl7Sender } from '../../hl7-sender/index.ts'
import { startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { msh, orc, pid, text } from '../orders/feed/messages.ts'

const skipped = senderSkipReason
const now = () => new Date().toISOString().replace(/\D/g, '').slice(0, 14)

/** What the hospital system says of one order, at the places where it says it (PV1-16, ORC-28, ORC-17, OBR-4). */
function order(
  accession: string,
  said: { vip?: string; confidential?: string; from?: string; item?: string },
) {
  const { vip = '', confidential = '', from = '呼吸内科', item = 'CT001^胸部CT平扫^L' } = said
  return text(
    msh('ORM^O01^ORM_O01', { at: now() }),
    pid(`P-${accession}`, { name: '独孤求医^^^^^^L^I' }),
    `PV1|1|I|某病区^^12|||||||某科||||||${vip}|||V77`,
    `${orc('NW', accession).replace('呼吸内科', from)}${'|'.repeat(11)}${confidential}`,
    `OBR|1|AP1|${accession}|${item}|||||||||咳嗽三天||^^^&胸部|D7^李医生||||||||CT`,
  )
}

describe.skipIf(skipped)(`a label that an order brings${skipped ? ` (${skipped})` : ''}`, () => {
  let gateway: TestGateway
  let reader: TestSession
  let sender: Hl7Sender
  beforeAll(async () => {
    gateway = await startGateway({
      config: { orderFeeds: [{ name: 'his', port: 0, peers: ['127.0.0.1'], zone: '+00:00' }] },
    })
    const desk = await gateway.workstation('desk')
    reader = await gateway.session(desk, await gateway.person('reader', { roles: ['radiologist'] }))
    const officer = await gateway.session(
      desk,
      await gateway.person('officer', { roles: ['security-officer'] }),
    )
    const admin = await gateway.session(
      desk,
      await gateway.person('admin', { roles: ['system-administrator'] }),
    )
    const rule = { name: '规则', label: 'highly-sensitive', active: true }
    const rules = LabelRules.parse({
      rules: [
        { ...rule, id: 'department', kind: 'department', values: ['感染科'] },
        { ...rule, id: 'code', kind: 'item-code', values: ['MR900'] },
        { ...rule, id: 'list', kind: 'patient', ids: ['P-LIST'], names: [] },
      ],
    })
    expect(await officer.channel.call('changeLabelRules', { body: { rules, baseVersion: 0 } })).toMatchObject(
      {
        status: 200,
      },
    )
    const { body } = await admin.channel.call('incomingFeeds')
    sender = startHl7Sender({ port: body.feeds[0].port })
  })
  afterAll(async () => {
    await sender?.stop()
    await gateway?.close()
  })

  const rowOf = async (accession: string): Promise<WorklistRow> => {
    const { body } = await reader.channel.call('worklist', { body: { filter: {} } })
    return body.rows.find((row: WorklistRow) => row.accessionNumber === accession)
  }

  it.each([
    ['the VIP indicator', 'VIP', { vip: 'VIP' }, 'sensitive'],
    ['a confidentiality code', 'CONF', { confidential: 'V' }, 'highly-sensitive'],
    ['a code that no table names', 'ODD', { vip: 'XYZ' }, 'sensitive'],
    ['the ordering department', 'DEP', { from: '感染科' }, 'highly-sensitive'],
    ['the item', 'ITEM', { item: 'MR900^专项检查^L' }, 'highly-sensitive'],
    ['the patient’s place on the list', 'LIST', {}, 'highly-sensitive'],
  ] as const)('%s: masks the row of who is not cleared, at once', async (_, accession, said, sensitivity) => {
    const [answer] = await sender.send(order(accession, said))
    expect(answer?.code).toBe('AA')
    // Asked by the next request after the acknowledgement, without waiting.
    const row = await rowOf(accession)
    expect(row).toMatchObject({
      masked: true,
      sensitivity,
      patientName: '独孤**',
      patientId: '',
      itemName: '',
    })
    expect(JSON.stringify(row)).not.toMatch(/求医|P-|专项|感染/)
    const search = { filter: { search: '独孤求' } }
    expect((await reader.channel.call('worklist', { body: search })).body.rows).toEqual([])
  })

  it('is lifted by the system that gave it, and by no other exam', async () => {
    await sender.send(order('PLAIN', {}), order('WAS', { vip: 'VIP' }))
    expect(await rowOf('PLAIN')).toMatchObject({ masked: false, patientName: '独孤求医' })
    expect((await rowOf('WAS')).masked).toBe(true)
    const change = order('WAS', { confidential: 'N', vip: 'N' }).replace('ORC|NW', 'ORC|XO')
    expect((await sender.send(change))[0]?.code).toBe('AA')
    expect(await rowOf('WAS')).toMatchObject({ masked: false, sensitivity: 'general' })
  })
})
