import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBlockReader, frameBlock } from '../../src/server/hl7/mllp.ts'
import { reportIdOf } from '../../src/server/reports/index.ts'
import { decide, Role } from '../../src/shared/access/index.ts'
import { type Api, fillPath, type Route } from '../../src/shared/api/index.ts'
import type { Channel } from '../server/channel.ts'
import { readAndSign } from './clinical-flow.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { tested } from './dictionary.ts'
import { namesIn } from './names.ts'
import { params, patient, report, study } from './patient.ts'
import { bodyOf, mayCall, routes } from './routes.ts'

/**
 * Every route, asked by people of every role and of no clearance, about a patient whom they may see nothing of: none of the
 * patient's facts is in any answer.
 */
const identityCard = '110101196001021234'
const staffNumber = 'STAFF-90417'
const secrets = {
  name: patient.name,
  givenName: patient.name.slice(2),
  pinyin: 'Zhenzhu',
  id: patient.id,
  phone: patient.phone,
  clinicalInfo: patient.clinicalInfo.slice(0, 8),
  birthDate: '19600102',
  identityCard,
}
const words = `患者${patient.name}（${patient.id}），电话${patient.phone}，身份证${identityCard}。`
const text = { findings: `${report.findings}${words}`, impression: report.impression }

let gateway: ComposedGateway
const sessions = new Map<Role, Session>()
/** What the fixture's ids are in this gateway. */
let mine: Record<string, string | number>
let about: Record<string, string>

beforeAll(async () => {
  const peers = ['127.0.0.1']
  gateway = await composeGateway({
    config: { orderFeeds: [{ name: 'his', port: 0, peers, zone: '+08:00' }] },
  })
  for (const role of Role.options) sessions.set(role, await gateway.session(gateway.people[role]))
  const [alert] = await readAndSign(of('radiologist').channel, gateway.people.radiologist, text)
  await must('quality-manager', 'beginDictionaryDraft', { body: {} })
  await tested(of('quality-manager'), 1)
  const { feeds } = await must('system-administrator', 'incomingFeeds')
  await unusable(feeds[0].port)
  const { messages } = await must('system-administrator', 'quarantine', { query: '?state=waiting' })
  await must('system-administrator', 'createAccount', {
    body: { loginName: 'with.number', displayName: '有工号者', staffNumber },
  })
  about = await gateway.beside(async ({ protection }) => ({ report: reportIdOf(protection, study) }))
  mine = { ...params, alert: alert!.id, id: messages[0].id, report: about.report! }
}, 60_000)
afterAll(() => gateway?.remove())

const of = (role: Role): Session => sessions.get(role)!
async function must(role: Role, name: keyof Api, call: object = {}) {
  const answer = await of(role).channel.call(name, call)
  if (answer.status !== 200) throw new Error(`${name}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** An order with an unknown code of sex. */
async function unusable(port: number): Promise<void> {
  const message = [
    'MSH|^~\\&|HIS|H|VIGIL|RAD|20261122150000||ORM^O01|N1|P|2.5.1',
    `PID|1||${patient.id}^^^HIS^PI||${patient.name}^^^^^^L^I~Yuchi^Zhenzhu^^^^^L^A||19600102|X|||||${patient.phone}||||||${identityCard}`,
    'PV1|1|I|急诊病区^^3',
    'ORC|NW|AP1|QUAR-1||||^^^20261122160000^^R||20261122145500|||D7^李医生',
    `OBR|1|AP1|QUAR-1|CT001^胸部CT平扫^L|||||||||${patient.clinicalInfo}|||||||||||CT`,
  ]
  const socket = connect({ host: '127.0.0.1', port })
  const read = createBlockReader()
  socket.write(frameBlock(Buffer.from(message.map((segment) => `${segment}\r`).join(''))))
  for await (const chunk of socket) if (read(chunk as Buffer).length > 0) break
  socket.destroy()
}

const longest = `from=0&to=${Date.now() + 86_400_000}`
const queries: Partial<Record<keyof Api, string>> = {
  alerts: '?show=all',
  quarantine: '?state=all',
  anomalies: `?${longest}`,
  searchReports: `?${longest}&keyword=${encodeURIComponent('气胸')}`,
  missedFindings: `?${longest}`,
  alertStatistics: `?${longest}&by=type`,
}
const asking: Partial<Record<keyof Api, unknown>> = {
  searchAudit: { limit: 500 },
  // Refused: it would open what is closed.
  breakGlass: { reason: '' },
  // Not the whole name: what the auditor types stands in the audit as it was typed.
  auditCandidates: { text: patient.name.slice(0, 3) },
}

async function ask(channel: Channel, name: keyof Api, route: Route) {
  const path = `${fillPath(route.path, mine)}${queries[name] ?? ''}`
  const body = asking[name] === undefined ? bodyOf(name) : { body: asking[name] }
  for (;;) {
    const answer = await channel.send(route.method, path, body)
    if (answer.status !== 429) return answer
    await sleep(answer.body.facts.retryAfterMs)
  }
}

/** Whoever writes reports has their words as they were written; whose they are is masked all the same. */
const withoutWords = (answer: string): string => answer.replaceAll(JSON.stringify(words).slice(1, -1), '')

/** Of everybody who may ask each route: which secret stood in whose answer. */
async function found(): Promise<string[]> {
  const leaks: string[] = []
  for (const [name, route] of routes) {
    const kind = namesIn[name]
    // These end the session, or hold the line.
    if (typeof kind === 'object' || kind === 'begins' || ['lock', 'signOut', 'events'].includes(name))
      continue
    for (const [role, { channel }] of sessions) {
      if (!mayCall(role, route)) continue
      const { body } = await ask(channel, name, route)
      const whole = JSON.stringify(body ?? '')
      const asWritten = ['report', 'reportSteps'].includes(name) && decide({ roles: [role] }, 'report.write')
      const answer = asWritten ? withoutWords(whole) : whole
      for (const [what, secret] of Object.entries({ ...secrets, staffNumber }))
        if (answer.includes(secret)) leaks.push(`${name} to ${role}: ${what}`)
    }
  }
  return leaks
}
const status = async (role: Role, name: keyof Api) =>
  (await ask(of(role).channel, name, routes.find(([one]) => one === name)![1])).status

describe('the facts of a patient', () => {
  it('are in the answers of those routes that are said to have them', async () => {
    // Nothing is labelled yet: what follows finds nothing because it is masked, not because nothing was asked.
    const leaks = await found()
    for (const name of ['worklist', 'study', 'seriesMetadata', 'report', 'alerts', 'alert', 'searchReports'])
      expect(leaks.filter((leak) => leak.startsWith(`${name} to `)).length, name).toBeGreaterThan(0)
    expect(leaks).toContain('accounts to system-administrator: staffNumber')
    for (const [name, kind] of Object.entries(namesIn))
      if (kind === 'none') expect(leaks.filter((leak) => leak.startsWith(`${name} to `))).toEqual([])
  }, 60_000)

  it('are in no answer where their fields are labelled above the clearance', async () => {
    const label = 'highly-sensitive'
    const fields = {
      patientName: label,
      patientId: label,
      birthDate: label,
      phone: label,
      clinicalInfo: label,
    }
    await must('security-officer', 'changeLabelRules', {
      body: { rules: { rules: [], fields: { ...fields, staffNumber: label } }, baseVersion: 0 },
    })
    expect(await status('radiologist', 'study')).toBe(200)
    expect(await status('quality-manager', 'report')).toBe(200)
    expect(await status('quality-manager', 'alert')).toBe(200)
    expect(await found()).toEqual([])
  }, 60_000)

  it('are in no answer where the patient is labelled above the clearance', async () => {
    const fields = { phone: 'general' }
    await must('security-officer', 'changeLabelRules', {
      body: { rules: { rules: [], fields: { ...fields, staffNumber: 'sensitive' } }, baseVersion: 1 },
    })
    await must('radiologist', 'labelPatient', {
      params: { study },
      body: { sensitivity: 'highly-sensitive', reason: '院内职工' },
    })
    expect(await status('radiologist', 'study')).toBe(403)
    expect(await found()).toEqual([])
  }, 60_000)
})
