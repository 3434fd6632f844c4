import type { Hl7Target } from '../../../config/index.ts'
import { charsetNames, type Field, header, message, repeat, segment, timestamp } from '../../../hl7/index.ts'
import type { RaisedAlert } from '../../alerts/raised-alert.ts'
import { type CodeTables, standardCodes } from './code-tables.ts'

/** Our own coding system, for OBX-3 and OBX-5. */
const codingSystem = 'VIGIL'

/**
 * A critical-value alert as an unsolicited observation (HL7 v2.5.1 ORU^R01, chapter 7.3.1), original acknowledgement
 * mode (MSH-15 and MSH-16 empty): the receiver's application answers on the same connection.
 * `controlId` is MSH-10, the same on every attempt; `sentAt` is epoch ms.
 */
export function oruMessage(
  alert: RaisedAlert,
  target: Hl7Target,
  controlId: string,
  sentAt: number,
  codes: CodeTables = standardCodes,
): string {
  return message([
    messageHeader(target, controlId, sentAt),
    patient(alert, target, codes),
    visit(alert, target, codes),
    order(alert),
    request(alert, codes),
    ...observations(alert, codes),
  ])
}

function messageHeader(target: Hl7Target, controlId: string, sentAt: number): string {
  const fields: Field[] = [
    target.sendingApplication,
    target.sendingFacility,
    target.receivingApplication,
    target.receivingFacility,
    timestamp(sentAt),
    '',
    ['ORU', 'R01', 'ORU_R01'],
    controlId,
    'P',
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

function patient({ patient: who }: RaisedAlert, target: Hl7Target, codes: CodeTables): string {
  return segment('PID', [
    '1',
    '',
    [who.id, '', '', target.sendingFacility, 'PI'],
    '',
    name(who.name, who.namePinyin),
    '',
    who.birthDate,
    codes.sex[who.sex] ?? 'U',
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

function visit({ patient: who }: RaisedAlert, target: Hl7Target, codes: CodeTables): string {
  const fields: Field[] = [
    '1',
    codes.patientClass[who.patientClass] ?? 'U',
    who.ward || who.bed ? [who.ward, '', who.bed] : '',
  ]
  // PV1-19
  if (who.visitNumber) fields[18] = [who.visitNumber, '', '', target.sendingFacility, 'VN']
  return segment(
    'PV1',
    Array.from(fields, (field) => field ?? ''),
  )
}

function order(alert: RaisedAlert): string {
  const fields: Field[] = ['RE', alert.order.applicationNumber, alert.order.accessionNumber]
  // ORC-12 ordering provider, ORC-17 entering organization
  fields[11] = person('', alert.order.orderingDoctor)
  fields[16] = alert.order.orderingDepartment ? ['', alert.order.orderingDepartment] : ''
  return segment(
    'ORC',
    Array.from(fields, (field) => field ?? ''),
  )
}

function request(alert: RaisedAlert, codes: CodeTables): string {
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
  fields[23] = codes.section[exam.modality] ?? 'RAD'
  fields[24] = 'F'
  // OBR-32 is NDL: its first component is a CNN (id & name) as sub-components.
  fields[31] = [[reporter.accountId, reporter.name]]
  return segment(
    'OBR',
    Array.from(fields, (field) => field ?? ''),
  )
}

function observations(alert: RaisedAlert, codes: CodeTables): string[] {
  const list: [type: string, code: string, label: string, value: Field][] = [
    ['CE', 'CV-TYPE', '危急值类型', [alert.type, alert.typeName, codingSystem]],
    ['CE', 'CV-LEVEL', '危急值级别', [alert.level, '', codingSystem]],
    ['TX', 'CV-CONTENT', '危急值内容', alert.content],
    ['ST', 'CV-KEYWORD', '关键词', alert.keyword],
    ['TX', 'CV-EXCERPT', '报告原文', alert.excerpt],
    ['ST', 'CV-ALERT-ID', '危急值编号', alert.id],
    ['ST', 'CV-REPORT-ID', '报告编号', `${alert.exam.reportId}/${alert.exam.reportVersion}`],
    ['ST', 'CV-STUDY-UID', '检查实例号', alert.exam.studyInstanceUid],
  ]
  return list.map(([type, code, label, value], index) => {
    const fields: Field[] = [String(index + 1), type, [code, label, codingSystem], '', value]
    fields[7] = codes.abnormalFlag
    fields[10] = 'F'
    fields[13] = timestamp(alert.raisedAt)
    return segment(
      'OBX',
      Array.from(fields, (field) => field ?? ''),
    )
  })
}

/** XCN with or without an id. */
function person(id: string, written: string): Field {
  return written ? [id, written] : ''
}
