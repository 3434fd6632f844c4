import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { createBlockReader, frameBlock } from '../../src/server/hl7/mllp.ts'
import type { Api, IncomingFeed } from '../../src/shared/api/index.ts'
import type { Call } from '../server/channel.ts'
import { anOrder } from '../server/reports/reading-room.ts'
import { readAndSign } from './clinical-flow.ts'
import type { ComposedGateway, Session } from './composed-gateway.ts'
import { publish } from './dictionary.ts'
import { patient } from './patient.ts'

const replySecret = 'k'.repeat(48)

/** Of a gateway that orders and answers come in to, beside `listeningFiles`. */
export function listeningConfig() {
  const peers = ['127.0.0.1']
  return {
    orderFeeds: [{ name: 'his-orders', port: 0, peers, zone: '+08:00' }],
    replies: { http: [{ name: 'his-replies', port: 0, peers, secretFile: 'replies.secret' }] },
  }
}
export const listeningFiles = { 'replies.secret': replySecret }

/** What people and systems said on the day below; none of it may lie or pass anywhere in the clear. */
const said = {
  nurse: '慕容清霜护士长',
  nurseId: 'NURSE-88431',
  measure: '立即行胸腔闭式引流术',
  opinion: '已通知家属并谈话',
  called: '宇文长风医师',
  calledPhone: '13711118222',
  remark: '电话无人接听改拨手机',
  withdrawn: '复阅为皮褶伪影误报',
  contact: '诸葛平安总值班',
  contactPhone: '13655557444',
  quarantinedName: '皇甫隔离者',
  quarantinedId: 'QUAR-88917',
  quarantinedBirth: '19310704X',
  discarded: '对方测试数据请忽略',
  orderName: '独孤求医',
  orderId: 'FEED-55613',
  mergedId: 'FEED-55999',
  orderPhone: '13811116333',
  clinical: '突发撕裂样胸背痛一小时',
  typedName: '令狐手录',
  typedId: 'TYPED-77120',
  keyword: '纵隔左移',
  replyNobody: '完颜无名护士',
}

/**
 * A day on which everything of critical values that is secret comes up: orders, merges and rubbish by HL7, a typed-in order,
 * alerts that are answered, telephoned about and withdrawn, a dictionary with people in it, a search, a test alert, and
 * messages looked at and discarded. Needs `listeningConfig`. @returns the secrets by what they are.
 */
export async function dayOfCriticalValues(gateway: ComposedGateway): Promise<Record<string, string>> {
  const { people } = gateway
  const radiologist = await gateway.session(people.radiologist)
  const manager = await gateway.session(people['quality-manager'])
  const second = await gateway.session(
    await gateway.addPerson('second.manager', '第五质控员', ['quality-manager']),
  )
  const administrator = await gateway.session(people['system-administrator'])
  const technologist = await gateway.session(people.technologist)
  const must = async (session: Session, name: keyof Api, call: Call = {}) => {
    const answer = await session.channel.call(name, call)
    if (answer.status !== 200) throw new Error(`${name}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const feeds: IncomingFeed[] = (await must(administrator, 'incomingFeeds')).feeds
  const portOf = (kind: IncomingFeed['kind']) => feeds.find((feed) => feed.kind === kind)!.port

  await orders(portOf('orders-mllp'))
  const typed = anOrder('TYPED-ACC', {
    patientId: said.typedId,
    patientName: said.typedName,
    clinicalInfo: said.clinical,
  })
  const { orderedAt: _, ...body } = typed
  await must(technologist, 'enterOrder', { body })

  const [first, last] = await readAndSign(radiologist.channel, people.radiologist)
  if (!first || !last || first === last) throw new Error('two alerts were expected')
  const replies = portOf('replies-http')
  const by = { id: said.nurseId, name: said.nurse, role: 'nurse' }
  const answer = { id: 'R-1', alertId: first.id, by, at: Date.now() }
  await reply(replies, { ...answer, step: 'received', readBack: true })
  await reply(replies, { ...answer, step: 'handled', measure: said.measure, opinion: said.opinion })
  // Refused, and kept: an alert that nobody knows, a step that there is not, what is no JSON, and what nobody signed.
  const nobody = { ...answer, by: { ...by, name: said.replyNobody } }
  await reply(replies, { ...nobody, id: 'R-2', step: 'received', alertId: '0'.repeat(16) })
  await reply(replies, { ...nobody, id: 'R-3', step: said.measure })
  await reply(replies, `{"by":"${said.replyNobody}`)
  await reply(replies, { ...nobody, id: 'R-4', step: 'received' }, 'another key that nobody gave out')

  const called = { name: said.called, role: 'doctor', phone: said.calledPhone }
  await must(radiologist, 'recordPhoneCall', {
    params: { alert: last.id },
    body: { called, reached: false, readBack: false, remark: said.remark, at: Date.now() },
  })
  const withdrawal = { params: { alert: last.id }, body: { reason: said.withdrawn } }
  await must(radiologist, 'withdrawAlert', withdrawal)
  await radiologist.channel.call('withdrawAlert', { ...withdrawal, body: { reason: said.remark } })
  await must(radiologist, 'alert', { params: { alert: first.id } })

  const contacts = [{ kind: 'duty-office', name: said.contact, phone: said.contactPhone }]
  await publish(manager, second, { contacts }, said.remark)
  const query = (keyword: string) =>
    `?from=0&to=${Date.now() + 60_000}&keyword=${encodeURIComponent(keyword)}`
  const found = await must(radiologist, 'searchReports', { query: query(said.keyword) })
  if (found.reports.length === 0) throw new Error('the keyword is in no report')
  await must(radiologist, 'searchReports', { query: query(patient.name) })
  await radiologist.channel.call('searchReports', { query: `?from=${encodeURIComponent(said.keyword)}&to=0` })
  await technologist.channel.call('searchReports', { query: query(said.keyword) })
  await must(manager, 'missedFindings', { query: `?from=0&to=${Date.now()}` })

  const { messages } = await must(administrator, 'quarantine')
  if (messages.length < 4) throw new Error('messages in quarantine were expected')
  for (const { id } of messages) {
    const params = { id }
    await must(administrator, 'quarantinedMessage', { params })
    await administrator.channel.call('replayQuarantined', { params, body: {} })
    await administrator.channel.call('replayQuarantined', { params, body: { text: said.replyNobody } })
  }
  await must(administrator, 'discardQuarantined', {
    params: { id: messages[0].id },
    body: { reason: said.discarded },
  })
  await must(administrator, 'sendTestAlert', { params: { target: 'his' } })
  return said
}

/** A patient's order, the patient under another number, and messages that are wrong in ways of their own. */
async function orders(port: number): Promise<void> {
  const msh = (type: string, id: string, rest = '') =>
    `MSH|^~\\&|HIS|H|VIGIL|RAD|20261122150000||${type}|${id}|P|2.5.1${rest}`
  const pid = (id: string, name: string, birth = '19800213') =>
    `PID|1||${id}^^^HIS^PI||${name}||${birth}|M|||||${said.orderPhone}`
  const order = (accession: string) => [
    'PV1|1|I|急诊病区^^3|||||||急诊科|||||||||V77',
    `ORC|NW|AP1|${accession}||||^^^20261122160000^^R||20261122145500|||D7^李医生|||||^急诊科`,
    `OBR|1|AP1|${accession}|CT001^胸部CT平扫^L|||||||||${said.clinical}||^^^&胸部|D7^李医生||||||||CT`,
  ]
  const text = (...segments: string[]) => segments.map((segment) => `${segment}\r`).join('')
  const wrong = pid(said.quarantinedId, said.quarantinedName, said.quarantinedBirth)
  await exchange(port, [
    text(msh('ORM^O01', 'D1'), pid(said.orderId, said.orderName), ...order('FEED-ACC')),
    text(
      msh('ADT^A40', 'D2'),
      'EVN|A40|20261122151000',
      pid(said.mergedId, said.orderName),
      `MRG|${said.orderId}^^^HIS^PI`,
    ),
    text(msh('ORM^O01', 'D3'), wrong, ...order('QUAR-ACC')),
    text(msh('ORU^R01', 'D4'), pid(said.quarantinedId, said.quarantinedName)),
    `${said.quarantinedName}|${said.quarantinedId}`,
  ])
}

/** Each message on a connection of its own, until it was answered. */
async function exchange(port: number, messages: readonly string[]): Promise<void> {
  for (const message of messages)
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port })
      const read = createBlockReader()
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        if (read(chunk).length > 0) socket.end()
      })
      socket.on('close', () => resolve())
      socket.write(frameBlock(Buffer.from(message)))
    })
}

async function reply(port: number, answer: object | string, key = replySecret): Promise<number> {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const seconds = Math.floor(Date.now() / 1000)
  const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-vigil-signature': `t=${seconds},v1=${mac}` }
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/replies', method: 'POST', headers, agent: false }
    const call = request(options, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    call.on('error', reject)
    call.end(body)
  })
}
