import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverage } from '../../src/server/audit/index.ts'
import { createBlockReader, frameBlock } from '../../src/server/hl7/mllp.ts'
import type { Role } from '../../src/shared/access/index.ts'
import type { Api, IncomingFeed } from '../../src/shared/api/index.ts'
import type { Order } from '../../src/shared/order/index.ts'
import { SecurityPolicy } from '../../src/shared/policy/index.ts'
import type { Call } from '../server/channel.ts'
import { everyKind } from '../server/measurements/every-kind.ts'
import { aPng } from '../server/reports/pngs.ts'
import { keyAndRequest, sha256, signInBody, unlockBody } from '../server/sign-in-client.ts'
import { signedReport } from './clinical-flow.ts'
import { type ComposedGateway, composeGateway, type Person, type Session } from './composed-gateway.ts'
import { listeningConfig, listeningFiles } from './critical-day.ts'
import { tested } from './dictionary.ts'
import { ordersOf, params, patient, report } from './patient.ts'
import { stuckAudit } from './stuck-audit.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/**
 * The audit of a running gateway that cannot be written. Each change is asked for as somebody who may make it would, where it
 * could be made: it is refused, in so many words, and nothing is another than before, neither in the database nor among the files.
 * Asked for again, once the audit can be written, it is made.
 */

/** Proven where their flow is built; the store is the same, and commits no change without a record (recorded.test.ts). */
const elsewhere: Partial<Record<keyof Api, string>> = {
  renewWorkstation: 'test/server/identity/workstations/renewal.test.ts',
  signInFallback: 'test/server/identity/credentials/fallback.test.ts',
  unlockFallback: 'test/server/identity/credentials/fallback.test.ts',
  beginTotp: 'test/server/identity/credentials/routes.test.ts',
  confirmTotp: 'test/server/identity/credentials/routes.test.ts',
  changePassword: 'test/server/identity/credentials/routes.test.ts',
  checkAlert: 'test/server/critical/alerts/actions.test.ts',
  objectToAlert: 'test/server/critical/alerts/actions.test.ts',
  closeAlert: 'test/server/critical/alerts/actions.test.ts',
  createOfficer: 'test/server/identity/accounts/bootstrap.test.ts',
  acknowledgeAlarm: 'test/server/alarms/alarms.test.ts',
  reviewAnomaly: 'test/server/audit-review/review.test.ts',
}

let gateway: ComposedGateway
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
let audit: ReturnType<typeof stuckAudit>
let people: Record<Role, Session>
let second: { radiologist: Session; manager: Session }
/** The alert that was withdrawn. */
let withdrawn = ''
let spare: { account: string; other: string; workstation: string }
const is: Partial<Record<string, Person>> = {}

beforeAll(async () => {
  receiver = await startUnfriendlyReceiver('no', { takes: false })
  gateway = await composeGateway({
    files: listeningFiles,
    config: { ...listeningConfig(), criticalTargets: [receiver.target] },
  })
  const radiologist = await gateway.addPerson('second.radiologist', '第二医师', ['radiologist'])
  const manager = await gateway.addPerson('second.manager', '第二质控', ['quality-manager'])
  const account = await gateway.addPerson('spare.person', '备用', ['technologist'])
  const other = await gateway.addPerson('other.person', '又一', ['technologist'])
  const workstation = await gateway.addWorkstation('spare')
  spare = { account: account.accountId, other: other.accountId, workstation: workstation.id }
  is.radiologist = radiologist
  second = { radiologist: await gateway.session(radiologist), manager: await gateway.session(manager) }
  people = {} as typeof people
  for (const role of Object.keys(gateway.people) as Role[])
    if (role !== 'bootstrap-administrator') people[role] = await gateway.session(gateway.people[role])
  audit = stuckAudit(gateway)
}, 120_000)
afterAll(async () => {
  audit.close()
  await gateway.remove()
  receiver.stop()
})

const because = { reason: 'attack' }
const of = (id: string) => ({ ...params, id })
const asks =
  ({ channel }: Pick<Session, 'channel'>, call: Call = {}) =>
  () => ({ by: channel, params, ...call })
const read = async ({ channel }: Session, name: keyof Api, call: Call = {}) => {
  const answer = await channel.call(name, call)
  if (answer.status !== 200) throw new Error(`${name}: ${answer.body?.code}`)
  return answer.body
}

describe('while the audit cannot be written', { timeout: 60_000 }, () => {
  it('nobody signs in, unlocks, or changes how they work', async () => {
    const desk = gateway.connect(gateway.workstation.identity)
    const { signer } = gateway.people.technologist
    await audit.prove('signIn', async () => {
      const body = await signInBody(desk, signer, gateway.workstation.id, await keyAndRequest())
      return { by: desk, body: { ...body, takeOver: true } }
    })
    const failure = { code: 'pin-wrong', purpose: 'sign-in', at: Date.now() }
    await audit.prove('tokenFailures', asks({ channel: desk }, { body: { failures: [failure] } }))
    people.technologist = await gateway.session(gateway.people.technologist)
    const { technologist } = people
    await audit.prove('saveSettings', asks(technologist, { body: { value: null } }))
    await audit.prove('lock', asks(technologist))
    await audit.prove('unlock', async () => ({
      by: technologist.channel,
      body: await unlockBody(technologist.channel, signer, technologist.id),
    }))
    await audit.prove('signOut', asks(technologist))
    people.technologist = await gateway.session(gateway.people.technologist)
  })

  it('no exam is claimed, ordered, measured or told of', async () => {
    const { radiologist, technologist } = people
    await audit.prove('claimExam', asks(radiologist, { body: { takeOver: false } }))
    await audit.prove('releaseExam', asks(radiologist))
    await audit.prove('examDone', asks(technologist))
    const { orderedAt: _, ...order } = { ...(ordersOf()[1] as Order), accessionNumber: 'TYPED-1' }
    await audit.prove('enterOrder', asks(technologist, { body: order }))
    const { series, instance } = params
    const measurements = everyKind({ series, instance, frame: 1 })
    const body = { as: 'structured-report', label: '', measurements }
    await audit.prove('storeMeasurements', asks(radiologist, { body }))
    const identity = { studyInstanceUid: params.study, accessionNumber: '', ...because }
    await audit.prove('revealIdentity', asks(technologist, { body: identity }))
  })

  it('no report is written, handed in, reviewed, signed or printed, and no alert answered', async () => {
    const { radiologist, resident } = people
    const text = report
    const draft = (baseRevision: number, findings = text.findings) => ({
      body: { text: { ...text, findings }, baseRevision },
    })
    await audit.prove('saveDraft', asks(resident, draft(0)))
    const { series, instance } = params
    const image = { series, instance, frame: 1, caption: '', png: aPng(4, 4).toString('base64') }
    await audit.prove('storeKeyImage', asks(resident, { body: image }))
    await audit.prove('discardDraft', asks(resident))
    await read(resident, 'saveDraft', { params, ...draft(0) })
    await audit.prove('submitReport', asks(resident, draft(1)))
    await audit.prove('recallReport', asks(resident))
    await read(resident, 'submitReport', { params, ...draft(3) })
    await audit.prove('takeReview', asks(radiologist))
    await audit.prove('releaseReview', asks(radiologist))
    await read(radiologist, 'takeReview', { params })
    await audit.prove('rejectReport', asks(radiologist, { body: { comment: '请改' } }))
    await audit.prove('takeOverDraft', asks(second.radiologist, { body: because }))
    const { channel } = second.radiologist
    await audit.prove('signOff', async () => ({
      by: channel,
      params,
      body: await signedReport(channel, is.radiologist as Person, text),
    }))
    await audit.prove('recordReportPrint', asks(radiologist, { body: { version: 1, format: 'pdf' } }))
    const { alerts } = await read(second.radiologist, 'alerts', { query: `?study=${params.study}` })
    const alert = { ...params, alert: alerts[0].id }
    withdrawn = alerts[0].id
    const call = { called: { name: '李', role: 'nurse', phone: '' }, reached: false, readBack: false }
    const called = { params: alert, body: { ...call, remark: '', at: Date.now() } }
    await audit.prove('recordPhoneCall', asks(second.radiologist, called))
    await audit.prove('withdrawAlert', asks(second.radiologist, { params: alert, body: because }))
    for (const [name, query] of [
      ['searchReports', '?from=0&to=1&keyword=x'],
      ['missedFindings', '?from=0&to=1'],
      ['alertStatistics', '?from=0&to=1&by=type'],
    ] as const)
      await audit.prove(name, asks(people['quality-manager'], { query }))
    const exported = { list: 'reports', format: 'csv', rows: 0 }
    await audit.prove('recordRetrospectExport', asks(people['quality-manager'], { body: exported }))
  })

  it('nothing is labelled, and no glass broken or looked back at', async () => {
    const { radiologist, 'security-officer': officer } = people
    for (const name of ['labelPatient', 'labelReport'] as const)
      await audit.prove(name, asks(radiologist, { body: { sensitivity: 'general', ...because } }))
    const labelled = { body: { sensitivity: 'sensitive', ...because } }
    await audit.prove('labelStudy', asks(radiologist, labelled))
    await audit.prove('breakGlass', asks(second.radiologist, { body: because }))
    const [broken] = await read(officer, 'glassBreaks')
    const review = { verdict: 'justified', note: '急诊' }
    await audit.prove('reviewGlassBreak', asks(officer, { params: of(broken.id), body: review }))
    const rules = { rules: [] }
    await audit.prove('tryLabelRules', asks(officer, { body: { rules } }))
    await audit.prove('changeLabelRules', asks(officer, { body: { rules, baseVersion: 0 } }))
  })

  it('no dictionary is edited, tried or published', async () => {
    const manager = people['quality-manager']
    await audit.prove('beginDictionaryDraft', asks(manager, { body: {} }))
    await audit.prove('discardDictionaryDraft', asks(manager))
    const { version, revision } = await read(manager, 'beginDictionaryDraft', { body: {} })
    const { content } = await read(manager, 'dictionaryVersion', { params: { version } })
    const saved = await audit.prove(
      'saveDictionaryDraft',
      asks(manager, { body: { baseRevision: revision, content, note: '' } }),
    )
    await audit.refused(['beginDryRun', asks(manager, { body: { revision: saved.revision, months: 1 } })])
    await tested(manager, saved.revision)
    await audit.prove('publishDictionary', asks(second.manager, { body: { revision: saved.revision } }))
  })

  it('no interface is tested or resumed, and no message opened, replayed or discarded', async () => {
    const { 'system-administrator': administrator } = people
    const target = { ...params, target: 'his' }
    await audit.prove('sendTestAlert', asks(administrator, { params: target }))
    await audit.prove('resumeTarget', asks(administrator, { params: target }))
    // A notice of what was withdrawn is not sent again; its cancellation is, and so is any other.
    type Letter = { id: string; alertId: string; kind: string }
    const found: Letter[] = []
    for (const end = Date.now() + 20_000; found.length === 0 && Date.now() < end; await sleep(50)) {
      const { letters }: { letters: Letter[] } = await read(administrator, 'deadLetters')
      found.push(...letters.filter(({ alertId, kind }) => kind === 'cancel' || alertId !== withdrawn))
    }
    await audit.prove('replayDeadLetter', asks(administrator, { params: of(found[0]?.id ?? '') }))
    const { feeds }: { feeds: IncomingFeed[] } = await read(administrator, 'incomingFeeds')
    const port = feeds.find(({ kind }) => kind === 'orders-mllp')?.port ?? 0
    await garble(port, `${patient.name}|1`)
    await garble(port, `${patient.name}|2`)
    const { messages } = await read(administrator, 'quarantine')
    const first = { params: of(messages[0].id) }
    await audit.prove('quarantinedMessage', asks(administrator, first))
    await audit.prove('revealQuarantined', asks(administrator, { ...first, body: because }))
    await audit.refused(['replayQuarantined', asks(administrator, { ...first, body: {} })])
    await audit.prove('discardQuarantined', asks(administrator, { ...first, body: because }))
  })

  it('no account, key, session, workstation or policy is changed', async () => {
    const { 'system-administrator': administrator, 'security-officer': officer } = people
    const account = of(spare.account)
    const body = { loginName: 'login.of.nobody.else', displayName: 'New' }
    await audit.prove('createAccount', asks(administrator, { body }))
    await audit.prove('editAccount', asks(administrator, { params: account, body: { displayName: '改名' } }))
    const authority = { roles: ['technologist'], clearance: 'sensitive', emergency: false }
    await audit.prove('authoriseAccount', asks(officer, { params: account, body: authority }))
    const key = await gateway.hospital.issue({ commonName: 'another key', keyType: 'P-256' })
    const certificate = key.certificateDer.toString('base64')
    await audit.prove('bindCertificate', asks(officer, { params: account, body: { certificate } }))
    const fingerprint = sha256(key.certificateDer).toString('hex')
    const bound = { params: { ...account, fingerprint }, body: because }
    await audit.prove('revokeCertificate', asks(officer, bound))
    await audit.prove('createBindingCode', asks(officer, { params: account }))
    await audit.prove('resetPassword', asks(officer, { params: account }))
    await audit.prove('clearLockout', asks(officer, { params: account, body: because }))
    await audit.prove('grantFallback', asks(officer, { params: account, body: { hours: 1, ...because } }))
    await audit.prove('endFallback', asks(officer, { params: account, body: because }))
    await audit.prove('disableAccount', asks(administrator, { params: account, body: because }))
    await audit.prove('enableAccount', asks(administrator, { params: account, body: because }))
    await audit.prove('createEnrolmentTicket', asks(officer, { body: { minutes: 1 } }))
    const workstation = { params: of(spare.workstation), body: because }
    for (const name of ['suspendWorkstation', 'resumeWorkstation', 'revokeWorkstation'] as const)
      await audit.prove(name, asks(officer, workstation))
    const ended = { params: of(people.resident.id), body: because }
    await audit.prove('endSession', asks(officer, ended))
    const policy = SecurityPolicy.parse({ session: { caps: { perWorkstation: 19 } } })
    await audit.prove('changePolicy', asks(officer, { body: { policy, baseVersion: 1 } }))
    await audit.prove('recordExport', asks(administrator, { body: { table: 'accounts', rows: 0 } }))
  })

  it('no auditor looks, and no scrub, backup or drill begins', async () => {
    const { auditor, 'system-administrator': administrator } = people
    await audit.prove('searchAudit', asks(auditor, { body: {} }))
    await audit.prove('auditCandidates', asks(auditor, { body: { text: 'nobody' } }))
    const { rows } = await read(auditor, 'searchAudit', { body: { actions: ['report.signed'] } })
    const signed = { ...params, report: String(rows[0].object).slice('report:'.length) }
    await audit.prove('auditedReport', asks(auditor, { params: signed }))
    await audit.prove('anomalies', asks(auditor, { query: '?from=0&to=1' }))
    await audit.prove('auditReports', asks(auditor))
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const made = await audit.prove(
      'makeAuditReport',
      asks(auditor, { body: { kind: 'daily', period: yesterday } }),
    )
    await audit.prove('auditReportFile', asks(auditor, { params: { ...of(made.id), format: 'pdf' } }))
    await audit.prove('reviewAuditReport', asks(auditor, { params: of(made.id), body: { note: '已阅' } }))
    await audit.prove('verifyAudit', asks(auditor))
    // What these begin goes on beside what is looked at.
    await audit.refused(['runDrill', asks(administrator)])
    await audit.refused(['runBackup', asks(administrator, { body: { kind: 'full' } })])
    const scrubber = people['security-officer']
    await audit.refused(['startScrub', asks(await mayScrub(scrubber, administrator))])
  })

  it('holds for every route that changes anything', () => {
    const changes = (Object.keys(coverage) as (keyof Api)[]).filter(
      (name) => coverage[name].kind === 'changes',
    )
    expect(changes.filter((name) => !audit.proven.has(name) && elsewhere[name] === undefined)).toEqual([])
    expect(Object.keys(elsewhere).filter((name) => audit.proven.has(name as keyof Api))).toEqual([])
    for (const file of Object.values(elsewhere))
      expect([file, existsSync(join(import.meta.dirname, '../..', file))]).toEqual([file, true])
  })
})

/** Whoever of them may start a scrub. */
async function mayScrub(one: Session, other: Session): Promise<Session> {
  const { permissions } = await read(one, 'session')
  return permissions.includes('protection.scrub') ? one : other
}

/** Something that no order is, sent as one. */
function garble(port: number, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    const answered = createBlockReader()
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      if (answered(chunk).length > 0) socket.end()
    })
    socket.on('close', () => resolve())
    socket.write(frameBlock(Buffer.from(message)))
  })
}
