import type { FhirTarget } from '../../../config/index.ts'
import type { RaisedAlert } from '../../alerts/raised-alert.ts'
import type { OutgoingMessage } from '../adapter.ts'
import type { CodeMapping } from '../codes.ts'
import type { Draft } from './prune.ts'

type Systems = FhirTarget['systems']

/** What the receiver need not have as resources of its own goes with the message, contained. */

export function patient({ patient: who }: RaisedAlert, systems: Systems, code: CodeMapping): Draft {
  return {
    resourceType: 'Patient',
    id: 'patient',
    identifier: [{ system: systems.patient, value: who.id }],
    name: [{ text: who.name }, { text: who.namePinyin }],
    telecom: [who.phone ? { system: 'phone', value: who.phone } : undefined],
    gender: code('sex', who.sex),
    birthDate: /^\d{8}$/.test(who.birthDate)
      ? who.birthDate.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
      : undefined,
  }
}

export function encounter({ alert, ward, bed }: OutgoingMessage, systems: Systems, code: CodeMapping): Draft {
  const { visitNumber, patientClass } = alert.patient
  const place = [code('ward', ward), bed].filter(Boolean).join(' ')
  return {
    resourceType: 'Encounter',
    id: 'encounter',
    identifier: [visitNumber ? { system: systems.visit, value: visitNumber } : undefined],
    status: 'in-progress',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: code('patientClass', patientClass),
    },
    location: [place ? { location: { display: place } } : undefined],
  }
}

export function serviceRequest({ order, exam }: RaisedAlert, systems: Systems): Draft {
  return {
    resourceType: 'ServiceRequest',
    id: 'order',
    identifier: [
      order.accessionNumber ? { system: systems.accession, value: order.accessionNumber } : undefined,
      order.applicationNumber ? { system: systems.application, value: order.applicationNumber } : undefined,
    ],
    status: 'active',
    intent: 'order',
    code: examCode(order, exam),
    subject: { reference: '#patient' },
    requester: {
      display: [order.orderingDepartment, order.orderingDoctor].filter(Boolean).join(' '),
    },
    bodySite: [{ text: exam.bodyPart }],
  }
}

export function diagnosticReport({ order, exam, raisedAt }: RaisedAlert, systems: Systems): Draft {
  return {
    resourceType: 'DiagnosticReport',
    id: 'report',
    identifier: [{ system: systems.report, value: `${exam.reportId}/${exam.reportVersion}` }],
    basedOn: [{ reference: '#order' }],
    status: 'final',
    code: examCode(order, exam),
    subject: { reference: '#patient' },
    effectiveDateTime: exam.examAt === null ? undefined : new Date(exam.examAt).toISOString(),
    issued: new Date(raisedAt).toISOString(),
    imagingStudy: [{ identifier: { system: 'urn:dicom:uid', value: `urn:oid:${exam.studyInstanceUid}` } }],
  }
}

function examCode(order: RaisedAlert['order'], exam: RaisedAlert['exam']): Draft {
  return {
    coding: [order.itemCode ? { code: order.itemCode, display: order.itemName } : undefined],
    text: order.itemName || exam.modality || '影像检查',
  }
}
