import type { Api } from '../../shared/api/index.ts'

/**
 * Which record each route of the API leaves: the reviewed table behind "every act is audited". A route that is added does not
 * compile before it stands here, and a test asks every one of them of a real gateway and looks for its record.
 *
 * - `changes`: the capability writes the record itself, in the transaction of the change: the store commits no change without
 *   one (src/server/store/recorded). So do look-ups that have more to say than that they were made. A refusal that the capability
 *   has not recorded is recorded by the listener, under the first of these actions.
 * - `access`: the listener writes it, after the answer is known and before it leaves; where it cannot be written, the answer is
 *   an error and nothing leaves. The same act of the same session on the same object is one record for ten minutes.
 * - `none`: no record, and why. What a session may not do at all is recorded whatever stands here (`access.refused`).
 */
export type Coverage =
  | { kind: 'changes'; actions: readonly string[] }
  | { kind: 'access'; action: string; object: AccessObject }
  | { kind: 'none'; why: string }

/** What an access is to: taken from the path, or from the query. */
export type AccessObject = 'study' | 'report' | 'alert' | 'worklist' | 'list'

const changes = (...actions: string[]): Coverage => ({ kind: 'changes', actions })
const access = (action: string, object: AccessObject = 'list'): Coverage => ({
  kind: 'access',
  action,
  object,
})
const none = (why: string): Coverage => ({ kind: 'none', why })

const asksForItself = 'asked every few seconds by itself; tells of no person'
const ownFacts = "the person's own facts, which their window shows"
const challenge = 'a nonce; what is signed over it is recorded'

export const coverage: Record<keyof Api, Coverage> = {
  // Before sign-in
  status: none(asksForItself),
  renewWorkstation: changes('workstation.renewed'),
  signInChallenge: none(challenge),
  signIn: changes('sign-in.accepted', 'sign-in.refused'),
  signInFallback: changes('sign-in.accepted', 'sign-in.refused'),
  tokenFailures: changes('token.failed'),

  // The session itself
  session: none(ownFacts),
  activity: none('a sign of life every few seconds; one that is refused is recorded'),
  lock: changes('session.locked'),
  unlockChallenge: none(challenge),
  unlock: changes('session.unlocked', 'session.unlock-refused'),
  unlockFallback: changes('session.unlocked', 'session.unlock-refused'),
  signOut: changes('session.ended'),
  events: none('a stream of notices without content, open as long as the session'),
  settings: none(ownFacts),
  saveSettings: changes('settings.saved'),
  ownCredentials: none(ownFacts),
  changePassword: changes('password.changed', 'credentials.refused'),
  beginTotp: changes('totp.issued', 'credentials.refused'),
  confirmTotp: changes('totp.confirmed', 'credentials.refused'),

  // Worklist and orders
  /** Looked for by a name or an identifier it is `worklist.searched`, with the words. */
  worklist: access('worklist.read', 'worklist'),
  priorStudies: access('patient.studies-listed', 'study'),
  claimExam: changes('exam.claimed', 'exam.claim-taken-over'),
  releaseExam: changes('exam.released'),
  enterOrder: changes('order.entered'),
  examDone: changes('exam.done'),

  // Images
  study: access('study.opened', 'study'),
  seriesMetadata: access('study.opened', 'study'),
  frame: access('study.opened', 'study'),
  storeMeasurements: changes('measurement.stored'),

  // Reports
  report: access('report.read', 'report'),
  reportSteps: access('report.read', 'report'),
  keyImage: access('report.read', 'report'),
  letterhead: none("the hospital's name and sign"),
  /** Written on at for long it is one record a minute. */
  saveDraft: changes('report.draft-saved', 'report.draft-taken', 'report.draft-given-up'),
  discardDraft: changes('report.draft-given-up'),
  prepareSignOff: access('report.sign-off-prepared', 'report'),
  signOff: changes('report.signed', 'report.sign-off'),
  submitReport: changes('report.submitted'),
  recallReport: changes('report.recalled'),
  takeReview: changes('report.review-taken'),
  releaseReview: changes('report.review-released'),
  rejectReport: changes('report.rejected'),
  takeOverDraft: changes('report.taken-over'),
  storeKeyImage: changes('report.key-image-stored'),
  recordReportPrint: changes('report.printed'),

  // Labels
  breakGlass: changes('study.glass-broken'),
  labelStudy: changes('study.labelled'),
  labelPatient: changes('patient.labelled'),
  labelReport: changes('report.labelled'),
  labelRules: access('label-rules.read'),
  labelRulesHistory: access('label-rules.read'),
  changeLabelRules: changes('label-rules.changed'),
  tryLabelRules: changes('label-rules.tried'),
  revealIdentity: changes('identity.revealed'),
  glassBreaks: access('glass-breaks.listed'),
  reviewGlassBreak: changes('study.glass-reviewed'),

  // Critical values
  alerts: access('alert.listed', 'study'),
  alert: access('alert.read', 'alert'),
  withdrawAlert: changes('alert.withdrawn', 'alert.withdraw'),
  checkAlert: changes('alert.checked', 'alert.check'),
  objectToAlert: changes('alert.check-objected', 'alert.object'),
  recordPhoneCall: changes('alert.called', 'alert.call'),
  closeAlert: changes('alert.closed', 'alert.close'),
  dictionary: none('the word list in force, which every editor has; its versions are recorded'),
  dictionaryVersions: access('dictionary.read'),
  dictionaryVersion: access('dictionary.read'),
  beginDictionaryDraft: changes('dictionary.draft-begun'),
  saveDictionaryDraft: changes('dictionary.draft-saved'),
  discardDictionaryDraft: changes('dictionary.draft-discarded'),
  beginDryRun: changes('dictionary.dry-run'),
  dryRun: access('dictionary.dry-run-read'),
  publishDictionary: changes('dictionary.published'),

  // Looking back
  searchReports: changes('report.searched'),
  missedFindings: changes('report.missed-listed'),
  alertStatistics: changes('alert.statistics'),
  reportAuthors: none('the choice of authors in a search that is recorded'),
  recordRetrospectExport: changes('retrospect.exported'),

  // Interfaces
  deliveryTargets: none(asksForItself),
  sendTestAlert: changes('interface.tested'),
  resumeTarget: changes('interface.resumed'),
  deadLetters: access('interface.dead-letters-listed'),
  replayDeadLetter: changes('alert.replayed'),
  incomingFeeds: none(asksForItself),
  quarantine: access('quarantine.listed'),
  quarantinedMessage: changes('quarantine.opened'),
  revealQuarantined: changes('quarantine.revealed'),
  replayQuarantined: changes('quarantine.replayed'),
  discardQuarantined: changes('quarantine.discarded'),

  // Accounts, workstations, sessions, policy
  accounts: access('account.listed'),
  createAccount: changes('account.created'),
  editAccount: changes('account.edited'),
  disableAccount: changes('account.disabled'),
  enableAccount: changes('account.enabled'),
  authoriseAccount: changes('account.authorised'),
  bindCertificate: changes('account.certificate-bound'),
  revokeCertificate: changes('account.certificate-revoked'),
  createBindingCode: changes('account.binding-code-created'),
  resetPassword: changes('password.reset'),
  clearLockout: changes('lockout.cleared'),
  grantFallback: changes('fallback.granted'),
  endFallback: changes('fallback.ended'),
  fallbackGrants: access('fallback.listed'),
  certificates: access('certificate.listed'),
  workstations: access('workstation.listed'),
  createEnrolmentTicket: changes('workstation.code-created'),
  suspendWorkstation: changes('workstation.suspended'),
  resumeWorkstation: changes('workstation.resumed'),
  revokeWorkstation: changes('workstation.revoked'),
  sessions: access('session.listed'),
  endSession: changes('session.ended'),
  signInFailures: access('sign-in-failure.listed'),
  securityPolicy: access('policy.read'),
  changePolicy: changes('policy.changed'),
  policyHistory: access('policy.read'),
  recordExport: changes('table.exported'),
  bootstrap: none('how far the set-up is'),
  createOfficer: changes('account.created'),

  // The audit, whose readers are recorded like everybody
  searchAudit: changes('audit.searched'),
  auditCandidates: changes('audit.looked-up'),
  auditedReport: changes('audit.report-compared'),
  anomalies: changes('anomaly.listed'),
  reviewAnomaly: changes('anomaly.reviewed'),
  auditVerification: none('progress of a verification, whose beginning and end are recorded'),
  verifyAudit: changes('audit.verification-started'),
  auditShipping: none(asksForItself),
  auditReports: changes('audit-report.listed'),
  makeAuditReport: changes('audit-report.made'),
  auditReportFile: changes('audit-report.opened'),
  reviewAuditReport: changes('audit-report.reviewed'),

  // State of the system
  alarms: none(asksForItself),
  acknowledgeAlarm: changes('alarm.acknowledged'),
  protectionStatus: none(asksForItself),
  startScrub: changes('integrity.scrub-started'),
  backupStatus: none(asksForItself),
  runBackup: changes('backup.started'),
  runDrill: changes('backup.drill-started'),
}
