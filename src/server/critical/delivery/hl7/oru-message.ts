import type { Hl7Target } from '../../../config/index.ts'
import { charsetNames, type Field, header, message, repeat, segment, timestamp } from '../../../hl7/index.ts'
import type { RaisedAlert } from '../../alerts/raised-alert.ts'
import type { OutgoingMessage } from '../adapter.ts'
import type { CodeMapping } from '../codes.ts'
import { codingSystem, observations } from './observations.ts'

/**
 * A message about an alert as an unsolicited observation (HL7 v2.5.1 ORU^R01, chapter 7.3.1), original acknowledgement
 * mode (MSH-15 and MSH-16 empty): the receiver's application answers on the same connection. The control id is MSH-10,
 * the same on every attempt.
 */
export function oruMessage(outgoing: OutgoingMessage, target: Hl7Target, code: CodeMapping): string {
  const { alert } = outgoing
  return message([
    messageHeader(outgoing, target),
    patient(alert, target, code),
    visit(outgoing, target, code),
    order(alert, code),
    request(outgoing, code),
    ...observations(outgoing, code),
  ])
}

function messageHeader({ controlId, sentAt, test }: OutgoingMessage, target: Hl7Target): string {
  const fields: Field[] = [
    target.sendingApplication,
    target.sendingFacility,
    target.receivingApplication,
    target.receivingFacility,
    timestamp(sentAt),
    '',
    ['ORU', 'R01', 'ORU_R01'],
    controlId,
    // Table 0103: T (training) is not to be acted upon.
    test ? 'T' : 'P',
    '2.5.1',
    '',
    '',
    '',
    '',
    'CHN',
    charsetNames[target.charset],
    ['zh', '', 'ISO639'],
  ]
  return header(fields)
}

function patient({ patient: who }: RaisedAlert, target: Hl7Target, code: CodeMapping): string {
  return segment('PID', [
    '1',
    '',
    [who.id, '', '', target.sendingFacility, 'PI'],
    '',
    name(who.name, who.namePinyin),
    '',
    who.birthDate,
    code('sex', who.sex),
    '',
    '',
    '',
    '',
    who.phone ? [who.phone, 'PRN', 'PH'] : '',
  ])
}

/**
 * XPN: the ideographic name whole in the family name, where Chinese systems look for it (splitting 欧阳 or 司马 is not
 * ours to guess), repeated alphabetically where we have it. Component 7 is L (legal), 8 the representation (table 0465).
 */
function name(written: string, pinyin: string): Field {
  const whole = written.replaceAll('^', ' ').trim()
  const ideographic = /\p{Script=Han}/u.test(whole)
  const first = [whole, '', '', '', '', '', 'L', ideographic ? 'I' : 'A']
  if (!ideographic || !pinyin) return repeat(first)
  const [family = '', ...given] = pinyin.trim().split(/[\s^]+/)
  return repeat(first, [family, given.join(' '), '', '', '', '', 'L', 'A'])
}

function visit(
  { alert: { patient: who }, ward, bed }: OutgoingMessage,
  target: Hl7Target,
  code: CodeMapping,
): string {
  const fields: Field[] = [
    '1',
    code('patientClass', who.patientClass),
    ward || bed ? [code('ward', ward), '', bed] : '',
  ]
  // PV1-19
  if (who.visitNumber) fields[18] = [who.visitNumber, '', '', target.sendingFacility, 'VN']
  return segment(
    'PV1',
    Array.from(fields, (field) => field ?? ''),
  )
}

/**
 * ORC-1 is RE (observations to follow) for every kind: CA would cancel the imaging order, and a withdrawn alert leaves
 * order and report as they are.
 */
function order(alert: RaisedAlert, code: CodeMapping): string {
  const fields: Field[] = ['RE', alert.order.applicationNumber, alert.order.accessionNumber]
  // ORC-12 ordering provider, ORC-17 entering organization
  fields[11] = person('', alert.order.orderingDoctor)
  fields[16] = coded(alert.order.orderingDepartment, code('department', alert.order.orderingDepartment))
  return segment(
    'ORC',
    Array.from(fields, (field) => field ?? ''),
  )
}

function request({ alert, detail, checkedBy }: OutgoingMessage, code: CodeMapping): string {
  const { exam, order: ordered, reporter } = alert
  const fields: Field[] = [
    '1',
    ordered.applicationNumber,
    ordered.accessionNumber,
    [ordered.itemCode, ordered.itemName || exam.modality, 'L'],
    '',
    '',
    exam.examAt === null ? '' : timestamp(exam.examAt),
  ]
  fields[14] = exam.bodyPart ? ['', '', '', [exam.bodyPart]] : ''
  fields[15] = person('', ordered.orderingDoctor)
  fields[21] = timestamp(alert.raisedAt)
  fields[23] = code('section', exam.modality)
  // Table 0123 has no code for a withdrawal: X says that the exam was not made. C, correction; OBX-11 says which.
  fields[24] = detail.kind === 'notice' ? 'F' : 'C'
  // OBR-32 is NDL: its first component is a CNN (id & name) as sub-components.
  fields[31] = [[reporter.accountId, reporter.name]]
  // OBR-33, assistant result interpreter: the second person of a check.
  fields[32] = checkedBy ? [['', checkedBy]] : ''
  return segment(
    'OBR',
    Array.from(fields, (field) => field ?? ''),
  )
}

/** XCN with or without an id. */
function person(id: string, written: string): Field {
  return written ? [id, written] : ''
}

/** CE: the receiver's code and our name, or the name alone where no code is configured. */
function coded(written: string, mapped: string): Field {
  if (!written) return ''
  return mapped === written ? ['', written] : [mapped, written, codingSystem]
}
