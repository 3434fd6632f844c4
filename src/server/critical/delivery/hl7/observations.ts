import { type Field, segment, timestamp } from '../../../hl7/index.ts'
import type { OutgoingMessage } from '../adapter.ts'
import type { CodeMapping } from '../codes.ts'

/** Our own coding system, for OBX-3 and OBX-5. */
export const codingSystem = 'VIGIL'

/**
 * OBX-11 (table 0085). A notice is final (F). An escalation or a change of ward replaces what was sent before under the
 * same alert id (C, "a correction and thus replaces a final result"). A withdrawn alert is W ("post original as wrong"):
 * the receiver keeps what it had and marks it. D would delete it there, and with it the record that somebody was alarmed.
 */
const resultStatus = { notice: 'F', cancel: 'W', escalation: 'C', reroute: 'C' } as const

type Row = [type: string, code: string, label: string, value: Field]

/** The OBX segments of a message, one a fact. */
export function observations(message: OutgoingMessage, code: CodeMapping): string[] {
  const { alert, detail } = message
  const status = resultStatus[detail.kind]
  // Who watches OBX-8 alone must not be alarmed by a withdrawal.
  const flag = detail.kind === 'cancel' ? '' : code('abnormalFlag', alert.level)
  return rowsOf(message, code).map(([type, name, label, value], index) => {
    const fields: Field[] = [String(index + 1), type, [name, label, codingSystem], '', value]
    fields[7] = flag
    fields[10] = status
    fields[13] = timestamp(alert.raisedAt)
    return segment(
      'OBX',
      Array.from(fields, (field) => field ?? ''),
    )
  })
}

function rowsOf({ alert, detail, recipient, checkedBy }: OutgoingMessage, code: CodeMapping): Row[] {
  const { patient, exam } = alert
  const rows: Row[] = [
    ['CE', 'CV-MESSAGE', '消息类别', [code('messageKind', detail.kind), '', codingSystem]],
    ['CE', 'CV-TYPE', '危急值类型', [code('type', alert.type), alert.typeName, codingSystem]],
    ['CE', 'CV-LEVEL', '危急值级别', [code('level', alert.level), '', codingSystem]],
    ['TX', 'CV-CONTENT', '危急值内容', alert.content],
    ['ST', 'CV-KEYWORD', '关键词', alert.keyword],
    ['TX', 'CV-EXCERPT', '报告原文', alert.excerpt],
    ['ST', 'CV-ALERT-ID', '危急值编号', alert.id],
    ['ST', 'CV-REPORT-ID', '报告编号', `${exam.reportId}/${exam.reportVersion}`],
    ['ST', 'CV-STUDY-UID', '检查实例号', exam.studyInstanceUid],
    ['CE', 'CV-RECIPIENT', '接收方', [code('recipientKind', recipient.kind), recipient.name, codingSystem]],
  ]
  const more: [string, string, string][] = [
    ['CV-RECIPIENT-CODE', '接收方编码', recipient.code],
    ['CV-RECIPIENT-DEPT', '接收方科室', code('department', recipient.department)],
    ['CV-RECIPIENT-PHONE', '接收方电话', recipient.phone],
    ['CV-AGE', '年龄', patient.age],
    ['CV-SIDE', '侧别', code('side', alert.side ?? '')],
    ['CV-CHECKER', '核对者', checkedBy ?? ''],
    ['CV-REPEATS', '重复上报自', alert.repeats ?? ''],
    ...detailRows(detail),
  ]
  return [...rows, ...more.filter(([, , value]) => value !== '').map((row): Row => ['ST', ...row])]
}

function detailRows(detail: OutgoingMessage['detail']): [string, string, string][] {
  switch (detail.kind) {
    case 'cancel':
      return [
        ['CV-CANCEL-REASON', '撤回原因', detail.reason],
        ['CV-CANCEL-BY', '撤回者', detail.by],
        ['CV-CANCEL-AT', '撤回时间', timestamp(detail.at)],
      ]
    case 'escalation':
      return [
        ['CV-HOP', '升级层级', String(detail.hop)],
        ['CV-AWAITED', '等待步骤', detail.awaited],
        ['CV-MINUTES', '超时分钟', String(detail.minutes)],
      ]
    default:
      return []
  }
}
