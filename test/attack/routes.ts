import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { decide, type Role } from '../../src/shared/access/index.ts'
import { type Api, api, fillPath, type Route } from '../../src/shared/api/index.ts'
import type { Order } from '../../src/shared/order/index.ts'
import { SecurityPolicy } from '../../src/shared/policy/index.ts'
import type { Answer, Channel } from '../server/channel.ts'
import { ordersOf, params } from './patient.ts'

/** Every route of the API listener, none left out. */
export const routes = Object.entries(api) as [keyof Api, Route][]

export const pathOf = (route: Route): string => fillPath(route.path, params)

const because = { reason: 'attack' }
const password = { password: 'Not-the-0ne' }
/**
 * A body that its schema takes, so that what is refused is refused for who asks. None of them changes anything.
 * `unlockFallback` has none: it is a key's session that asks, and that is refused as `permission-denied` by itself.
 */
const bodies: Partial<Record<keyof Api, unknown>> = {
  activity: { counter: 1, idleMs: 0, signature: '' },
  saveDraft: { text: { findings: '', impression: '' }, baseRevision: 0 },
  prepareSignOff: { text: { findings: '', impression: '' } },
  submitReport: { text: { findings: '', impression: '' }, baseRevision: 0 },
  rejectReport: { comment: 'attack' },
  takeOverDraft: because,
  storeKeyImage: { series: '9.9', instance: '9.9', frame: 1, caption: '', png: 'AAAA' },
  recordReportPrint: { version: 999, format: 'pdf' },
  worklist: { filter: {} },
  claimExam: { takeOver: false },
  breakGlass: because,
  labelStudy: { ...because, sensitivity: 'general' },
  labelPatient: { ...because, sensitivity: 'general' },
  labelReport: { ...because, sensitivity: 'general' },
  revealIdentity: { studyInstanceUid: '9.9', accessionNumber: '', reason: null },
  changeLabelRules: { rules: {}, baseVersion: 999_999 },
  tryLabelRules: { rules: {} },
  acknowledgeAlarm: { note: 'attack' },
  reviewGlassBreak: { verdict: 'justified', note: 'attack' },
  storeMeasurements: { as: 'structured-report', label: '', measurements: [] },
  saveSettings: { value: null },
  changePassword: { ...password, newPassword: 'Not-the-0ne-either' },
  beginTotp: password,
  confirmTotp: { code: '000000' },
  createAccount: { loginName: 'login.of.auditor', displayName: 'Taken' },
  editAccount: { displayName: 'Nobody' },
  disableAccount: because,
  enableAccount: because,
  authoriseAccount: { roles: ['radiologist'], clearance: 'general', emergency: false },
  bindCertificate: { certificate: 'A'.repeat(120) },
  revokeCertificate: because,
  clearLockout: because,
  grantFallback: { ...because, hours: 1 },
  endFallback: because,
  createEnrolmentTicket: { minutes: 1 },
  suspendWorkstation: because,
  resumeWorkstation: because,
  revokeWorkstation: because,
  endSession: because,
  changePolicy: { policy: SecurityPolicy.parse({}), baseVersion: 999_999 },
  recordExport: { table: 'accounts', rows: 0 },
  // The accession number is another source's.
  enterOrder: (({ orderedAt: _, ...order }) => order)(ordersOf()[0] as Order),
  withdrawAlert: because,
  checkAlert: { signature: 'A'.repeat(120), algorithm: 'ECDSA-SHA256', certificate: 'A'.repeat(120) },
  objectToAlert: { remark: 'attack' },
  recordPhoneCall: {
    called: { name: 'Nobody', role: 'nurse', phone: '' },
    reached: false,
    readBack: false,
    at: 1,
  },
  beginDictionaryDraft: { from: 'D999' },
  saveDictionaryDraft: { baseRevision: 999_999, content: { entries: [], rules: {} } },
  beginDryRun: { revision: 999_999, months: 1 },
  publishDictionary: { revision: 999_999 },
  revealQuarantined: because,
  replayQuarantined: {},
  discardQuarantined: because,
  recordRetrospectExport: { list: 'reports', format: 'csv', rows: 0 },
  searchAudit: {},
  auditCandidates: { text: 'nobody' },
  reviewAnomaly: { verdict: 'harmless', note: 'attack' },
  makeAuditReport: { kind: 'daily', period: '2020-01-01' },
  reviewAuditReport: { note: 'attack' },
  createOfficer: {
    loginName: 'login.of.auditor',
    displayName: 'Taken',
    role: 'auditor',
    certificate: 'A'.repeat(120),
  },
}
export const bodyOf = (name: keyof Api): { body?: unknown } =>
  bodies[name] === undefined ? {} : { body: bodies[name] }

export const mayCall = (role: Role, { permission }: Route): boolean =>
  permission !== null && decide({ roles: [role] }, permission)

/**
 * Calls a route as a client of it would; a stream is hung up on as soon as its head has come. Refusals are answered up to a
 * rate: who asks every route waits as long as they are told to.
 */
export async function callRoute(channel: Channel, name: keyof Api): Promise<Answer> {
  for (;;) {
    const answer = await callOnce(channel, name)
    if (answer.status !== 429) return answer
    await sleep(answer.body.facts.retryAfterMs)
  }
}

async function callOnce(channel: Channel, name: keyof Api): Promise<Answer> {
  const route: Route = api[name]
  if (name !== 'events') return channel.send(route.method, pathOf(route), bodyOf(name))
  const stream = (await channel.stream(route.path)) as unknown as IncomingMessage
  if (stream.statusCode === 200) {
    stream.destroy()
    return { status: 200, headers: stream.headers, body: undefined, bytes: Buffer.alloc(0) }
  }
  const bytes = Buffer.concat(await stream.toArray())
  return { status: stream.statusCode ?? 0, headers: stream.headers, body: JSON.parse(`${bytes}`), bytes }
}
