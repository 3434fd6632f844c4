import type { FhirTarget } from '../../../config/index.ts'
import type { OutgoingMessage } from '../adapter.ts'
import type { CodeMapping, DefaultCodes } from '../codes.ts'
import { diagnosticReport, encounter, patient, serviceRequest } from './contained.ts'
import { prune } from './prune.ts'

/** Our values in FHIR's own value sets, where a target's configuration does not say otherwise. */
export const fhirCodes: DefaultCodes = {
  /** http://hl7.org/fhir/administrative-gender */
  sex: { M: 'male', F: 'female', O: 'other', '': 'unknown', '*': 'unknown' },
  /** http://terminology.hl7.org/CodeSystem/v3-ActCode */
  patientClass: {
    emergency: 'EMER',
    inpatient: 'IMP',
    outpatient: 'AMB',
    checkup: 'AMB',
    '': 'AMB',
    '*': 'AMB',
  },
}

/** http://hl7.org/fhir/request-priority */
const priorities = { red: 'stat', orange: 'asap', yellow: 'urgent' } as const
const recipientTypes = {
  ward: 'Organization',
  doctor: 'Practitioner',
  'department-head': 'PractitionerRole',
  'duty-office': 'Organization',
} as const

/**
 * A message as an R4 Communication. One resource stands for the alert, whatever is said about it: its identifier is the alert
 * id; escalation and change of ward change its recipients; a withdrawn one becomes `entered-in-error`, the status that no
 * reader may act upon (`stopped` would say that it was right and merely ended).
 */
export function communication(
  message: OutgoingMessage,
  systems: FhirTarget['systems'],
  code: CodeMapping,
): Record<string, unknown> {
  const { alert, detail, recipient, checkedBy, test } = message
  const level = code('level', alert.level)
  return prune({
    resourceType: 'Communication',
    meta: test
      ? { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }] }
      : undefined,
    contained: [
      patient(alert, systems, code),
      encounter(message, systems, code),
      serviceRequest(alert, systems),
      diagnosticReport(alert, systems),
    ],
    identifier: [
      { system: systems.alert, value: alert.id },
      { system: systems.message, value: message.controlId },
    ],
    basedOn: [{ reference: '#order', type: 'ServiceRequest' }],
    partOf: alert.repeats
      ? [{ type: 'Communication', identifier: { system: systems.alert, value: alert.repeats } }]
      : undefined,
    status: detail.kind === 'cancel' ? 'entered-in-error' : 'in-progress',
    statusReason: detail.kind === 'cancel' ? { text: `${detail.reason} (${detail.by})` } : undefined,
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/communication-category', code: 'alert' }] },
      { coding: [{ system: systems.level, code: level }] },
    ],
    priority: priorities[alert.level],
    subject: {
      reference: '#patient',
      type: 'Patient',
      identifier: { system: systems.patient, value: alert.patient.id },
      display: alert.patient.name,
    },
    about: [{ reference: '#report', type: 'DiagnosticReport' }],
    encounter: { reference: '#encounter', type: 'Encounter' },
    sent: new Date(alert.raisedAt).toISOString(),
    recipient: [
      {
        type: recipientTypes[recipient.kind],
        identifier: recipient.code ? { system: systems.recipient, value: recipient.code } : undefined,
        display:
          [code('department', recipient.department), recipient.name].filter(Boolean).join(' ') ||
          recipient.kind,
      },
    ],
    sender: { type: 'Practitioner', display: alert.reporter.name },
    reasonCode: [
      {
        coding: [{ system: systems.type, code: code('type', alert.type), display: alert.typeName }],
        text: alert.keyword,
      },
    ],
    payload: [{ contentString: alert.content }, { contentString: alert.excerpt }],
    note: [
      ...notesOf(detail),
      checkedBy ? { text: `核对者：${checkedBy}` } : undefined,
      sideNote(message, code),
    ],
  })
}

function notesOf(detail: OutgoingMessage['detail']) {
  return detail.kind === 'escalation'
    ? [
        {
          text: `超时升级：第 ${detail.hop} 级，${detail.minutes} 分钟内未${detail.awaited === 'receive' ? '接收' : '处置'}`,
        },
      ]
    : []
}

function sideNote({ alert: { side } }: OutgoingMessage, code: CodeMapping) {
  return side === null ? undefined : { text: `侧别：${code('side', side)}` }
}
