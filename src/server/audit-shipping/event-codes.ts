/** A coded value of DICOM PS3.16 (`DCM`), RFC 3881 (`RFC-3881`) or this product (`Vigil`). */
export interface Code {
  code: string
  system: 'DCM' | 'RFC-3881' | 'Vigil'
  text: string
}

/** What one of our actions is as an audit event of DICOM PS3.15 A.5.3. */
export interface EventCodes {
  id: Code
  /** Create, read, update, delete, execute. */
  action: 'C' | 'R' | 'U' | 'D' | 'E'
  /** Of CID 401, where one says more than the event's id. */
  type?: Code
}

const dcm = (code: string, text: string): Code => ({ code, system: 'DCM', text })

/** PS3.16 CID 400, Audit Event ID. */
const event = {
  application: dcm('110100', 'Application Activity'),
  auditLog: dcm('110101', 'Audit Log Used'),
  accessed: dcm('110103', 'DICOM Instances Accessed'),
  export: dcm('110106', 'Export'),
  import: dcm('110107', 'Import'),
  network: dcm('110108', 'Network Entry'),
  order: dcm('110109', 'Order Record'),
  patient: dcm('110110', 'Patient Record'),
  procedure: dcm('110111', 'Procedure Record'),
  query: dcm('110112', 'Query'),
  security: dcm('110113', 'Security Alert'),
  authentication: dcm('110114', 'User Authentication'),
}

/** PS3.16 CID 401, Audit Event Type Code. */
const type = {
  start: dcm('110120', 'Application Start'),
  stop: dcm('110121', 'Application Stop'),
  login: dcm('110122', 'Login'),
  logout: dcm('110123', 'Logout'),
  attach: dcm('110124', 'Attach'),
  node: dcm('110126', 'Node Authentication'),
  override: dcm('110127', 'Emergency Override Started'),
  networkConfiguration: dcm('110128', 'Network Configuration'),
  securityConfiguration: dcm('110129', 'Security Configuration'),
  restricted: dcm('110132', 'Use of Restricted Function'),
  objectSecurity: dcm('110135', 'Object Security Attributes Changed'),
  roles: dcm('110136', 'Security Roles Changed'),
  userSecurity: dcm('110137', 'User Security Attributes Changed'),
  localService: dcm('110141', 'Local Service Operation Started'),
}

type Row = readonly [action: string, id: Code, verb: EventCodes['action'], type?: Code]

/**
 * Our actions, and what they are to a log server. A name that ends in `.` stands for every action of that capability that
 * has no line of its own.
 */
const table: readonly Row[] = [
  ['gateway.started', event.application, 'E', type.start],
  ['gateway.stopped', event.application, 'E', type.stop],
  ['gateway.clock-changed', event.security, 'E', type.securityConfiguration],
  ['command.', event.application, 'E', type.localService],
  ['clock.', event.security, 'E', type.securityConfiguration],

  ['sign-in.accepted', event.authentication, 'E', type.login],
  ['sign-in.refused', event.authentication, 'E', type.login],
  ['session.ended', event.authentication, 'E', type.logout],
  ['session.', event.authentication, 'E'],
  ['token.', event.authentication, 'E', type.login],
  ['credentials.refused', event.authentication, 'E', type.login],
  ['access.refused', event.security, 'E', type.restricted],

  ['account.authorised', event.security, 'U', type.roles],
  ['account.', event.security, 'U', type.userSecurity],
  ['password.', event.security, 'U', type.userSecurity],
  ['totp.', event.security, 'U', type.userSecurity],
  ['fallback.', event.security, 'U', type.userSecurity],
  ['lockout.', event.security, 'U', type.userSecurity],
  ['policy.', event.security, 'U', type.securityConfiguration],
  ['label-rules.', event.security, 'U', type.securityConfiguration],
  ['keys.', event.security, 'U', type.securityConfiguration],
  ['key.', event.security, 'U', type.securityConfiguration],
  ['pki.', event.security, 'U', type.securityConfiguration],
  ['workstation.', event.network, 'E', type.node],
  ['feed.', event.network, 'E', type.node],
  ['interface.', event.network, 'E', type.networkConfiguration],
  ['integrity.scrub-started', event.application, 'E'],
  ['integrity.scrubbed', event.application, 'E'],
  ['integrity.', event.security, 'E', type.objectSecurity],
  ['alarm.', event.security, 'E'],
  ['scrub.', event.application, 'E'],
  ['backup.', event.application, 'E'],
  ['restore.', event.application, 'E'],
  ['drill.', event.application, 'E'],

  ['audit.', event.auditLog, 'R'],
  ['anomaly.', event.auditLog, 'R'],
  ['audit-report.', event.auditLog, 'R'],

  ['study.glass-broken', event.security, 'E', type.override],
  ['study.glass-reviewed', event.security, 'E', type.override],
  ['study.labelled', event.security, 'U', type.objectSecurity],
  ['patient.labelled', event.security, 'U', type.objectSecurity],
  ['report.labelled', event.security, 'U', type.objectSecurity],
  ['identity.revealed', event.patient, 'R'],
  ['study.', event.accessed, 'R'],
  ['series.', event.accessed, 'R'],
  ['frames.', event.accessed, 'R'],
  ['images.', event.accessed, 'R'],
  ['measurement.', event.procedure, 'C'],
  ['worklist.', event.query, 'E'],
  ['exam.', event.procedure, 'U'],
  ['claim.', event.procedure, 'U'],

  ['order.added', event.order, 'C'],
  ['order.entered', event.order, 'C'],
  ['order.read', event.order, 'R'],
  ['order.', event.order, 'U'],
  ['patient.', event.patient, 'U'],
  ['quarantine.opened', event.order, 'R'],
  ['quarantine.', event.order, 'U'],

  ['report.opened', event.patient, 'R'],
  ['report.read', event.patient, 'R'],
  ['report.searched', event.query, 'E'],
  ['report.printed', event.export, 'R'],
  ['report.signed', event.patient, 'C'],
  ['report.', event.patient, 'U'],
  ['retrospect.', event.query, 'E'],
  ['statistics.', event.query, 'E'],
  ['alert.read', event.patient, 'R'],
  ['alert.raised', event.patient, 'C'],
  ['alert.', event.patient, 'U'],
  ['delivery.', event.export, 'R'],
  ['reply.', event.import, 'U'],
  ['dictionary.', event.application, 'U'],
  ['settings.', event.application, 'U'],
  ['table.exported', event.export, 'R'],
]

const known = new Map(table.map(([action, id, verb, kind]) => [action, codes(id, verb, kind)]))
const generic = codes(event.application, 'E')

function codes(id: Code, action: EventCodes['action'], kind?: Code): EventCodes {
  return { id, action, ...(kind ? { type: kind } : {}) }
}

/** What only looks changes nothing, whatever else the capability does. */
const looks = /\.(listed|read|searched|looked-up)$/

/** What nobody has given a line goes as an activity of the application: nothing is left out. */
export function eventCodes(action: string): EventCodes {
  const capability = action.slice(0, action.indexOf('.') + 1)
  const codes = known.get(action) ?? known.get(capability) ?? generic
  return looks.test(action) && codes.action === 'U' ? { id: event.query, action: 'R' } : codes
}
