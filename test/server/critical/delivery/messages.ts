import type { MessageDetail, OutgoingMessage } from '../../../../src/server/critical/delivery/adapter.ts'
import { testMessage } from '../../../../src/server/critical/delivery/test-alert.ts'

/** What hospitals' texts hold sooner or later, and what somebody may put there on purpose. */
export const hostileText =
  'a]]>b<c>&amp;&d|e^f~g\\h"i\'j {{alert.id}} \r\n第二行\t𠮷😀 \u0001\u0000 $x $& DROP TABLE; --'

export const details: Record<MessageDetail['kind'], MessageDetail> = {
  notice: { kind: 'notice' },
  cancel: { kind: 'cancel', reason: '误报', by: '李医师', at: Date.UTC(2026, 10, 22, 9) },
  escalation: { kind: 'escalation', hop: 2, awaited: 'receive', minutes: 5 },
  reroute: { kind: 'reroute' },
}

let last = 0
const newId = () => `T${String(++last).padStart(15, '0')}`

/** A message of any kind, every free text of it `text` where given. */
export function aMessage(kind: MessageDetail['kind'] = 'notice', text?: string): OutgoingMessage {
  const by = { accountId: 'li', displayName: '李医师' }
  const made = testMessage({ newId, now: Date.UTC(2026, 10, 22, 8), by })
  const message: OutgoingMessage = { ...made, test: false, detail: details[kind], checkedBy: '王医师' }
  if (text === undefined) return message
  const { alert } = message
  return {
    ...message,
    ward: text,
    bed: text,
    checkedBy: text,
    recipient: { ...message.recipient, name: text, department: text },
    detail: kind === 'cancel' ? { kind, reason: text, by: text, at: 0 } : message.detail,
    alert: {
      ...alert,
      typeName: text,
      content: text,
      keyword: text,
      excerpt: text,
      patient: { ...alert.patient, name: text, id: text, ward: text, bed: text },
      order: { ...alert.order, itemName: text, orderingDoctor: text, orderingDepartment: text },
      exam: { ...alert.exam, bodyPart: text },
      reporter: { ...alert.reporter, name: text },
    },
  }
}

export const never = new AbortController().signal
