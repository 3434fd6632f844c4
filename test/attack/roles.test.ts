import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Role } from '../../src/shared/access/index.ts'
import type { Api, AuditRow } from '../../src/shared/api/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import type { Channel } from '../server/channel.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { callRoute, mayCall, routes } from './routes.ts'

const nobody: Role[] = []
const everybody = [...Role.options]

/**
 * Who may call what, written down a second time: a route or a permission that is added has to be thought about here as
 * well before it opens anything.
 */
const table: Record<keyof Api, readonly Role[]> = {
  status: nobody,
  signInChallenge: nobody,
  signIn: nobody,
  tokenFailures: nobody,
  session: everybody,
  activity: everybody,
  lock: everybody,
  unlockChallenge: everybody,
  unlock: everybody,
  signOut: everybody,
  events: everybody,
  worklist: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  examDone: ['technologist'],
  study: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  seriesMetadata: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  frame: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  report: ['radiologist', 'resident', 'quality-manager'],
  saveDraft: ['radiologist', 'resident'],
  discardDraft: ['radiologist', 'resident'],
  prepareSignOff: ['radiologist'],
  signOff: ['radiologist'],
  submitReport: ['radiologist', 'resident'],
  recallReport: ['radiologist', 'resident'],
  takeReview: ['radiologist'],
  releaseReview: ['radiologist'],
  rejectReport: ['radiologist'],
  takeOverDraft: ['radiologist'],
  reportSteps: ['radiologist', 'resident', 'quality-manager'],
  storeKeyImage: ['radiologist', 'resident'],
  keyImage: ['radiologist', 'resident', 'quality-manager'],
  letterhead: ['radiologist', 'resident', 'quality-manager'],
  recordReportPrint: ['radiologist', 'resident', 'quality-manager'],
  priorStudies: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  claimExam: ['radiologist', 'resident'],
  releaseExam: ['radiologist', 'resident'],
  breakGlass: ['radiologist', 'resident'],
  labelStudy: ['radiologist'],
  labelPatient: ['radiologist'],
  labelReport: ['radiologist'],
  revealIdentity: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  labelRules: ['security-officer'],
  labelRulesHistory: ['security-officer'],
  changeLabelRules: ['security-officer'],
  tryLabelRules: ['security-officer'],
  glassBreaks: ['security-officer', 'auditor'],
  reviewGlassBreak: ['security-officer'],
  storeMeasurements: ['radiologist', 'resident'],
  settings: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  saveSettings: ['radiologist', 'resident', 'technologist', 'quality-manager'],
  enterOrder: ['radiologist', 'resident', 'technologist'],
  alerts: ['radiologist', 'resident', 'quality-manager'],
  alert: ['radiologist', 'resident', 'quality-manager'],
  withdrawAlert: ['radiologist', 'quality-manager'],
  checkAlert: ['radiologist'],
  objectToAlert: ['radiologist'],
  recordPhoneCall: ['radiologist', 'quality-manager'],
  closeAlert: ['radiologist', 'quality-manager'],
  dictionary: ['radiologist', 'resident', 'quality-manager'],
  dictionaryVersions: ['quality-manager'],
  dictionaryVersion: ['quality-manager'],
  beginDictionaryDraft: ['quality-manager'],
  saveDictionaryDraft: ['quality-manager'],
  discardDictionaryDraft: ['quality-manager'],
  beginDryRun: ['quality-manager'],
  dryRun: ['quality-manager'],
  publishDictionary: ['quality-manager'],
  deliveryTargets: ['system-administrator'],
  sendTestAlert: ['system-administrator'],
  resumeTarget: ['system-administrator'],
  deadLetters: ['system-administrator'],
  replayDeadLetter: ['system-administrator'],
  incomingFeeds: ['system-administrator'],
  quarantine: ['system-administrator'],
  quarantinedMessage: ['system-administrator'],
  revealQuarantined: ['system-administrator'],
  replayQuarantined: ['system-administrator'],
  discardQuarantined: ['system-administrator'],
  searchReports: ['radiologist', 'quality-manager'],
  missedFindings: ['quality-manager'],
  alertStatistics: ['quality-manager'],
  reportAuthors: ['radiologist', 'quality-manager'],
  recordRetrospectExport: ['radiologist', 'quality-manager'],
  renewWorkstation: nobody,
  signInFallback: nobody,
  unlockFallback: everybody,
  ownCredentials: everybody,
  changePassword: everybody,
  beginTotp: everybody,
  confirmTotp: everybody,
  accounts: ['system-administrator', 'security-officer'],
  createAccount: ['system-administrator'],
  editAccount: ['system-administrator'],
  disableAccount: ['system-administrator'],
  enableAccount: ['system-administrator'],
  authoriseAccount: ['security-officer'],
  bindCertificate: ['security-officer'],
  revokeCertificate: ['security-officer'],
  createBindingCode: ['security-officer'],
  resetPassword: ['security-officer'],
  clearLockout: ['security-officer'],
  grantFallback: ['security-officer'],
  endFallback: ['security-officer'],
  fallbackGrants: ['security-officer', 'auditor'],
  certificates: ['security-officer'],
  workstations: ['system-administrator', 'security-officer'],
  createEnrolmentTicket: ['security-officer'],
  suspendWorkstation: ['security-officer'],
  resumeWorkstation: ['security-officer'],
  revokeWorkstation: ['security-officer'],
  sessions: ['security-officer'],
  endSession: ['security-officer'],
  signInFailures: ['security-officer'],
  securityPolicy: ['security-officer', 'auditor'],
  changePolicy: ['security-officer'],
  policyHistory: ['security-officer', 'auditor'],
  recordExport: ['system-administrator', 'security-officer', 'auditor'],
  bootstrap: ['bootstrap-administrator'],
  createOfficer: ['bootstrap-administrator'],
  searchAudit: ['auditor'],
  auditCandidates: ['auditor'],
  auditedReport: ['auditor'],
  anomalies: ['auditor'],
  reviewAnomaly: ['auditor'],
  auditVerification: ['auditor'],
  verifyAudit: ['auditor'],
  auditShipping: ['auditor'],
  auditReports: ['auditor'],
  makeAuditReport: ['auditor'],
  auditReportFile: ['auditor'],
  reviewAuditReport: ['auditor'],
  alarms: ['system-administrator', 'security-officer', 'auditor'],
  acknowledgeAlarm: ['system-administrator', 'security-officer'],
  protectionStatus: ['system-administrator', 'security-officer'],
  startScrub: ['system-administrator'],
  backupStatus: ['system-administrator', 'auditor'],
  runBackup: ['system-administrator'],
  runDrill: ['system-administrator'],
}

/** These two change what the others would be answered, and come last. */
const last: (keyof Api)[] = ['lock', 'signOut']

/** Every page of the audit. */
async function wholeAudit(channel: Channel): Promise<AuditRow[]> {
  const rows: AuditRow[] = []
  for (;;) {
    const page = await auditRows(channel, rows.at(-1)?.seq)
    if (page.length === 0) return rows
    rows.push(...page)
  }
}

let gateway: ComposedGateway
beforeAll(async () => {
  gateway = await composeGateway()
})
afterAll(() => gateway.remove())

describe('the routes', () => {
  it('are all in the table, and no other', () => {
    expect(Object.keys(table).sort()).toEqual(routes.map(([name]) => name).sort())
  })

  it.each(Role.options)('answer a %s as the table says', async (role) => {
    const { channel } = await gateway.session(gateway.people[role])
    const names = [...routes.map(([name]) => name).filter((name) => !last.includes(name)), ...last]
    const allowed: string[] = []
    for (const name of names) {
      const answer = await callRoute(channel, name)
      if (answer.body?.code === 'permission-denied') expect(answer.status).toBe(403)
      else allowed.push(name)
      // Allowed means answered, or refused for its content; nothing breaks.
      expect([name, [200, 400, 403, 404, 409, 422].includes(answer.status)]).toEqual([name, true])
    }
    const expected = names.filter((name) => table[name].includes(role))
    expect(allowed).toEqual(expected)
    expect(
      routes
        .filter(([, route]) => mayCall(role, route))
        .map(([name]) => name)
        .sort(),
    ).toEqual(expected.sort())
  })

  it('audit each refusal with who, from where and what', async () => {
    const { auditor, technologist } = gateway.people
    const { channel } = await gateway.session(auditor)
    const refused = (await wholeAudit(channel)).filter(
      ({ action, actor }) => action === 'access.refused' && actor === `account:${technologist.accountId}`,
    )
    const closed = routes
      .filter(([name]) => !table[name].includes('technologist'))
      .map(([name]) => `route:${name}`)
    expect(new Set(refused.map(({ object }) => object))).toEqual(new Set(closed))
  })
})
