import { describe, expect, it } from 'vitest'
import { GatewayConfig } from '../../../../src/server/config/index.ts'
import { Hl7Error, parseMessage } from '../../../../src/server/hl7/index.ts'
import { feedMapping } from '../../../../src/server/orders/feed/mapping.ts'
import { completeOrder } from '../../../../src/server/orders/feed/order-facts.ts'
import { readFeedMessage } from '../../../../src/server/orders/feed/read-message.ts'
import { msh, obr, orc, orm, pid, pv1, text } from './messages.ts'

function mapping(config: object = {}) {
  const feed = { name: 'his', port: 0, peers: ['127.0.0.1'], zone: '+08:00', ...config }
  return feedMapping(GatewayConfig.parse({ orderFeeds: [feed] }).orderFeeds[0]!)
}

const read = (message: string, config: object = {}) => readFeedMessage(parseMessage(message), mapping(config))

/** The orders of a message, whole. */
function orders(message: string, config: object = {}) {
  const change = read(message, config)
  if (change.kind !== 'orders') throw new Error(change.kind)
  return change.orders.map((order) => completeOrder(order, null).order)
}

function problem(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof Hl7Error) return `${error.problem.where}: ${error.problem.reason}`
    throw error
  }
  return 'taken'
}

const order = (changes: { pid?: string; pv1?: string; orc?: string; obr?: string } = {}, ...more: string[]) =>
  text(
    msh('ORM^O01'),
    changes.pid ?? pid(),
    changes.pv1 ?? pv1(),
    changes.orc ?? orc('NW', 'A1'),
    changes.obr ?? obr('A1'),
    ...more,
  )

describe('an order message', () => {
  it('ORM^O01 becomes an order with all its facts', () => {
    expect(orders(orm('CT26112200001'))).toEqual([
      {
        accessionNumber: 'CT26112200001',
        applicationNumber: 'AP1',
        patientId: 'P1001',
        patientName: '张伟',
        patientNamePinyin: 'Zhang Wei',
        sex: 'M',
        birthDate: '19800213',
        patientClass: 'inpatient',
        visitNumber: 'V77',
        ward: '呼吸内科病区',
        bed: '12',
        phone: '13800000000',
        itemCode: 'CT001',
        itemName: '胸部CT平扫',
        bodyPart: '胸部',
        modality: 'CT',
        priority: 'routine',
        orderingDoctor: '李医生',
        orderingDepartment: '呼吸内科',
        clinicalInfo: '咳嗽伴胸痛三天',
        orderedAt: Date.UTC(2026, 10, 22, 6, 55),
        scheduledAt: Date.UTC(2026, 10, 22, 8),
      },
    ])
  })

  it('OMI^O23 brings accession number, study and modality in IPC, priority and time in TQ1', () => {
    const message = text(
      msh('OMI^O23^OMI_O23'),
      pid(),
      pv1(),
      'ORC|NW|AP9||||||||20261122145500|||D7^李医生',
      'TQ1|1||||||20261122170000+0800||S',
      'OBR|1|AP9||MR01^头颅MR^L',
      'IPC|MR0001|RP1|1.2.840.99.1|SPS1|MR',
    )
    expect(orders(message)).toMatchObject([
      {
        accessionNumber: 'MR0001',
        applicationNumber: 'AP9',
        studyInstanceUid: '1.2.840.99.1',
        modality: 'MR',
        priority: 'stat',
        scheduledAt: Date.UTC(2026, 10, 22, 9),
      },
    ])
  })

  it('holds several orders, each from its own ORC and OBR', () => {
    const message = order({}, orc('NW', 'A2', 'AP2'), obr('A2', { modality: 'MR', item: 'M1^头颅MR' }))
    expect(orders(message).map((one) => [one.accessionNumber, one.modality, one.applicationNumber])).toEqual([
      ['A1', 'CT', 'AP1'],
      ['A2', 'MR', 'AP2'],
    ])
    // One ORC with two OBR: OBR-3 has each one's own number.
    const shared = text(msh('ORM^O01'), pid(), pv1(), 'ORC|NW|AP1', obr('B1'), obr('B2'))
    expect(orders(shared).map((one) => one.accessionNumber)).toEqual(['B1', 'B2'])
  })

  it('joins the items of one accession number: in order, the earliest time, stat if one is', () => {
    const second = orc('NW', 'A1', 'AP2').replace('20261122160000^^R', '20261122153000^^S')
    const abdomen = obr('A1', { application: 'AP2', item: 'CT009^上腹部CT平扫' })
      .replace('咳嗽伴胸痛三天', '腹痛')
      .replace('&胸部', '&上腹部')
    expect(orders(order({}, second, abdomen))).toMatchObject([
      {
        accessionNumber: 'A1',
        applicationNumber: 'AP1',
        itemCode: 'CT001+CT009',
        itemName: '胸部CT平扫＋上腹部CT平扫',
        bodyPart: '胸部、上腹部',
        clinicalInfo: '咳嗽伴胸痛三天；腹痛',
        priority: 'stat',
        scheduledAt: Date.UTC(2026, 10, 22, 7, 30),
      },
    ])
    // One ORC with an OBR for each item; what all of them say is said once.
    const below = order({}, obr('A1', { item: 'CT009^上腹部CT平扫' }))
    expect(orders(below)).toMatchObject([
      {
        itemName: '胸部CT平扫＋上腹部CT平扫',
        bodyPart: '胸部',
        clinicalInfo: '咳嗽伴胸痛三天',
        priority: 'routine',
      },
    ])
    // An item that says no body part does not get another's.
    const bare = order({}, 'OBR|2|AP1|A1|CT009^上腹部CT平扫')
    const change = read(bare)
    if (change.kind !== 'orders') throw new Error(change.kind)
    expect(completeOrder(change.orders[0]!, null).items.map(({ bodyPart }) => bodyPart)).toEqual(['胸部', ''])
  })

  const many = (count: number, name: string) =>
    order({}, ...Array.from({ length: count }, (_, i) => obr('A1', { item: `C${i}^${name}${i}` })))

  it.each([
    ['two things at once', order({}, orc('CA', 'A1', 'AP2'), obr('A1')), 'ORC[2]-3: conflict'],
    ['two modalities', order({}, obr('A1', { modality: 'MR' })), 'OBR[2]-24: conflict'],
    ['more names than an order holds', many(9, '很长的检查项目名称'.repeat(3)), 'OBR[10]-4.2: too-long'],
    ['more codes than an order holds', many(50, '项'), 'OBR[51]-4: too-long'],
    ['an item without a name', order({}, 'OBR|2|AP1|A1'), 'OBR[2]-4: missing'],
  ])('of one accession number with %s is refused, naming the place', (_what, message, expected) => {
    expect(problem(() => orders(message))).toBe(expected)
  })

  it.each([
    ['张伟', '张伟', ''],
    ['张^伟', '张伟', ''],
    ['欧阳^修^永叔', '欧阳修永叔', ''],
    ['Zhang^Wei^^^^^L^A~张^伟^^^^^L^I', '张伟', 'Zhang Wei'],
    ['阿卜杜拉·买买提', '阿卜杜拉·买买提', ''],
    ['Smith^John', 'Smith John', 'Smith John'],
    ['绰号^^^^^^A~张伟^^^^^^L', '张伟', ''],
    ['\\X5A\\hang^W\\T\\ei', 'Zhang W&ei', 'Zhang W&ei'],
  ])('reads the name %s', (name, written, pinyin) => {
    const [one] = orders(order({ pid: pid('P1', { name }) }))
    expect(one?.patientName).toBe(written)
    expect(one?.patientNamePinyin).toBe(pinyin)
  })

  it.each([
    ['1', 'M'],
    ['2', 'F'],
    ['女', 'F'],
    ['9', 'O'],
    ['', 'O'],
    ['f', 'F'],
  ])('reads the sex code "%s" as %s', (sex, meant) => {
    expect(orders(order({ pid: pid('P1', { sex }) }))[0]?.sex).toBe(meant)
  })

  it('knows a birth date in part, by an age where the hospital says where, or not at all', () => {
    const of = (birth: string, config = {}) =>
      orders(order({ pid: `${pid('P1', { birth })}|||||||||||||||||` }), config)[0]?.birthDate
    expect(of('1980')).toBe('19800101')
    expect(of('198002')).toBe('19800201')
    expect(of('19800213083000')).toBe('19800213')
    expect(of('')).toBe('')
    const aged = (age: string) =>
      orders(
        text(
          msh('ORM^O01'),
          pid('P1', { birth: '' }),
          pv1(),
          'ZPI|1',
          orc('NW', 'A1'),
          `${obr('A1')}|||||||${age}`,
        ),
        {
          fields: { age: ['OBR-31'], clinicalInfo: ['OBR-13'] },
        },
      )[0]?.birthDate
    expect(aged('34岁')).toBe('19920101')
    expect(aged('034Y')).toBe('19920101')
    expect(aged('3月')).toBe('20260801')
    expect(aged('15天')).toBe('20261107')
    expect(problem(() => aged('成年'))).toBe('OBR-31: value')
  })

  it('follows the hospital where facts stand elsewhere and codes mean something else', () => {
    const config = {
      patientId: { type: 'MR' },
      fields: { accessionNumber: ['ORC-2'], ward: ['PV1-3.4'], modality: ['OBR-21'] },
      codes: {
        modality: { '01': 'CT', '*': 'OT' },
        ward: { W3: '三病区' },
        patientClass: { '': 'outpatient' },
        orderControl: { SN: 'new' },
      },
    }
    const message = text(
      msh('ORM^O01'),
      'PID|1||S5^^^ID^SS~P9^^^HIS^MR||李四||19700101|M',
      'PV1|1||A^^3^W3',
      'ORC|SN|X77',
      'OBR|1|||C1^头颅CT|||||||||||||||||01',
    )
    expect(orders(message, config)[0]).toMatchObject({
      accessionNumber: 'X77',
      patientId: 'P9',
      ward: '三病区',
      patientClass: 'outpatient',
      modality: 'CT',
    })
    expect(orders(message.replace('|01', '|77'), config)[0]?.modality).toBe('OT')
  })

  it('cuts texts for people, says so, and cuts no number or name', () => {
    const long = '很'.repeat(500)
    const [one] = orders(order({ obr: obr('A1').replace('咳嗽伴胸痛三天', long) }))
    expect(one?.clinicalInfo).toBe(`${'很'.repeat(399)}…`)
    const name = problem(() => orders(order({ pid: pid('P1', { name: '长'.repeat(65) }) })))
    expect(name).toBe('PID-5: too-long')
  })

  it('cancels with no more than the number, and passes over what only tells a status', () => {
    for (const control of ['CA', 'OC', 'DC']) {
      const change = read(text(msh('ORM^O01'), pid(), orc(control, 'A1')))
      expect(change).toMatchObject({
        orders: [{ action: 'cancel', accessionNumber: 'A1', patientId: 'P1001' }],
      })
    }
    expect(read(text(msh('ORM^O01'), pid(), orc('SC', 'A1')))).toMatchObject({ orders: [] })
  })

  it.each([
    ['no patient', text(msh('ORM^O01'), orc('NW', 'A1'), obr('A1')), 'PID: segment'],
    ['two patients', order({}, pid('P2')), 'PID[2]: segment'],
    ['no patient id', order({ pid: 'PID|1||^^^HIS^PI||张伟' }), 'PID-3: missing'],
    ['no name', order({ pid: 'PID|1||P1||||19800101|M' }), 'PID-5: missing'],
    ['no order', text(msh('ORM^O01'), pid(), pv1()), 'ORC: segment'],
    ['no ORC-1', order({ orc: 'ORC||AP1|A1' }), 'ORC-1: missing'],
    ['an ORC-1 of its own', order({ orc: 'ORC|QQ|AP1|A1' }), 'ORC-1: code'],
    ['no accession number', order({ orc: 'ORC|NW|AP1', obr: 'OBR|1|AP1||C1^CT' }), 'OBR-18: missing'],
    ['a long accession number', order({ orc: orc('NW', 'A'.repeat(17)) }), 'ORC-3: too-long'],
    ['no OBR', text(msh('ORM^O01'), pid(), pv1(), orc('NW', 'A1')), 'OBR: segment'],
    ['no item', order({ obr: 'OBR|1|AP1|A1||||||||||||||||||||CT' }), 'OBR-4: missing'],
    ['no modality', order({ obr: obr('A1', { modality: '' }) }), 'OBR-24: missing'],
    ['a modality unheard of', order({ obr: obr('A1', { modality: 'XYZ' }) }), 'OBR-24: code'],
    ['no patient class', order({ pv1: 'PV1|1||病区' }), 'PV1-2: missing'],
    ['a sex unheard of', order({ pid: pid('P1', { sex: '公' }) }), 'PID-8: code'],
    ['a birth date that is none', order({ pid: pid('P1', { birth: '19801332' }) }), 'PID-7: time'],
    ['a time that is none', order({ orc: orc('NW', 'A1').replace('20261122145500', '昨天') }), 'ORC-9: time'],
    ['the second order wrong', order({}, orc('NW', 'A2'), obr('A2', { modality: 'Q' })), 'OBR[2]-24: code'],
    ['codes that a table has by accident', order({ pid: pid('P1', { sex: 'constructor' }) }), 'PID-8: code'],
    ['a prototype for a modality', order({ obr: obr('A1', { modality: '__proto__' }) }), 'OBR-24: code'],
    ['another environment', order().replace('|P|2.5.1', '|T|2.5.1'), 'MSH-11: processing-id'],
    ['another kind', text(msh('SIU^S12'), pid()), 'MSH-9: message-type'],
    ['another event', text(msh('ADT^A99'), pid()), 'MSH-9.2: event'],
    ['another order event', text(msh('ORM^O99'), pid()), 'MSH-9.2: event'],
    ['a sending time that is none', order().replace('20261122150000', 'now'), 'MSH-7: time'],
  ])('with %s is refused, naming the place', (_what, message, expected) => {
    expect(problem(() => orders(message))).toBe(expected)
  })

  it('lets nothing in a field become a separator, a segment or a command', () => {
    const evil = "Robert'); DROP TABLE orders;--\\F\\PID\\X0D\\PID|\\.br\\{{7*7}}<script>"
    const [one] = orders(order({ obr: obr('A1').replace('咳嗽伴胸痛三天', evil.replace('|', '')) }))
    expect(one?.clinicalInfo).toBe("Robert'); DROP TABLE orders;--|PID\nPID\n{{7*7}}<script>")
    expect(one?.accessionNumber).toBe('A1')
  })
})

describe('a patient message', () => {
  it('A01, A02, A04, A08 and A31 say what holds for the patient now', () => {
    for (const event of ['A01', 'A02', 'A04', 'A08', 'A31']) {
      expect(read(text(msh(`ADT^${event}`), 'EVN||20261122', pid(), pv1('ICU^^3^重症')))).toEqual({
        kind: 'patient',
        sentAt: Date.UTC(2026, 10, 22, 7),
        patientId: 'P1001',
        facts: {
          patientName: '张伟',
          patientNamePinyin: 'Zhang Wei',
          sex: 'M',
          birthDate: '19800213',
          phone: '13800000000',
          patientClass: 'inpatient',
          visitNumber: 'V77',
          ward: 'ICU',
          bed: '3',
        },
        department: '重症',
        moved: event === 'A02',
      })
    }
  })

  it('says nothing of what it leaves empty, and takes away what it says is none', () => {
    const change = read(text(msh('ADT^A08'), 'PID|1||P1', 'PV1|1||""'))
    expect(change).toMatchObject({ facts: { ward: '', bed: '' } })
    expect(read(text(msh('ADT^A08'), 'PID|1||P1', 'PV1|1'))).toMatchObject({ facts: {} })
  })

  const merge = (...segments: string[]) => read(text(msh('ADT^A40^ADT_A39'), 'EVN||20261122', ...segments))

  it('A40 merges, several in one message', () => {
    expect(merge(pid('P1'), 'MRG|P0^^^HIS^PI', pid('P3'), 'MRG|P2')).toMatchObject({
      merges: [
        { surviving: 'P1', merged: 'P0', where: 'MRG-1' },
        { surviving: 'P3', merged: 'P2', where: 'MRG[2]-1' },
      ],
    })
  })

  it.each([
    ['no MRG', [pid('P1')], 'MRG: segment'],
    ['an empty MRG-1', [pid('P1'), 'MRG|'], 'MRG-1: missing'],
    ['HL7 null in MRG-1', [pid('P1'), 'MRG|""'], 'MRG-1: missing'],
    ['no PID', ['MRG|P0'], 'PID: segment'],
    ['an empty PID-3', ['PID|1||', 'MRG|P0'], 'PID-3: missing'],
    ['two PID before one MRG', [pid('P1'), pid('P2'), 'MRG|P0'], 'MRG: segment'],
    ['two MRG after one PID', [pid('P1'), 'MRG|P0', 'MRG|P9'], 'PID: segment'],
    ['one id on both sides', [pid('P1'), 'MRG|P1^^^HIS^PI'], 'MRG-1: conflict'],
    ['another kind of number', [pid('P1'), 'MRG|V1^^^HIS^VN'], 'MRG-1: conflict'],
    ['nothing', [], 'PID: segment'],
  ])('A40 with %s merges nobody', (_what, segments, expected) => {
    expect(problem(() => merge(...segments))).toBe(expected)
  })

  it('never takes another number where the hospital has said which kind is the patient id', () => {
    const config = { patientId: { type: 'PI' } }
    const of = (...segments: string[]) => problem(() => read(text(msh('ADT^A40'), ...segments), config))
    expect(of(pid('P1'), 'MRG|S9^^^X^SS')).toBe('MRG-1: missing')
    expect(of(pid('P1'), 'MRG|P0^^^HIS^PI~P9^^^HIS^PI')).toBe('MRG-1: conflict')
    expect(of('PID|1||S1^^^X^SS~P1^^^HIS^PI', 'MRG|P0^^^HIS^PI')).toBe('taken')
  })
})
