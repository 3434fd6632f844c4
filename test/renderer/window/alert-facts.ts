import type { Alert, AlertState, Recipient } from '../../../src/shared/alert/index.ts'
import { order } from './facts.ts'
import { studyUid } from './study.ts'

/** Who can be told about the exam of facts.ts, the first proposed. */
export const recipients: Recipient[] = [
  { kind: 'ward', name: '急诊科', department: '急诊科', code: 'W-JZ', phone: '6120' },
  { kind: 'doctor', name: '陈思远', department: '急诊科', code: 'D0345', phone: '6121' },
  { kind: 'department-head', name: '韩志成', department: '急诊科', code: 'D0001', phone: '6100' },
  { kind: 'duty-office', name: '总值班', department: '', code: '', phone: '8000' },
]

type Said = Pick<Alert, 'type' | 'typeName' | 'content'> & Partial<Pick<Alert, 'level' | 'recipient'>>

/** An alert of the exam of facts.ts, raised by the person who looks. */
export function alertOf(
  id: string,
  { type, typeName, content, level = 'red', recipient = recipients[0]! }: Said,
  status: AlertState['status'] = 'sent',
): Alert {
  const raisedAt = Date.now()
  const released = status !== 'awaiting-check'
  const steps = ['delivered', 'received', 'handled', 'closed']
  /** When a step was taken, of an alert that has come that far. */
  const taken = (step: string) => (steps.indexOf(status) >= steps.indexOf(step) ? raisedAt : null)
  return {
    id,
    studyInstanceUid: studyUid,
    accessionNumber: order.accessionNumber,
    patientId: order.patientId,
    patientName: order.patientName,
    ward: order.ward,
    bed: order.bed,
    type,
    typeName,
    level,
    side: null,
    content,
    keyword: '',
    recipient,
    raisedAt,
    raisedBy: '李明华',
    own: true,
    dictionaryVersion: '1',
    state: {
      status,
      raisedAt,
      releasedAt: released ? raisedAt : null,
      deliveredAt: taken('delivered'),
      receivedAt: taken('received'),
      handledAt: taken('handled'),
      withdrawnAt: status === 'withdrawn' ? raisedAt : null,
      hops: 0,
      exhausted: false,
      refused: false,
      deadLetters: [],
      due: { awaited: released ? 'receive' : 'check', at: raisedAt + 5 * 60_000 },
    },
    delivery: released
      ? {
          id: `${id}-1`,
          kind: 'notice',
          state: 'queued',
          target: 'HIS',
          attempts: 0,
          lastError: null,
          nextAttemptAt: null,
          deliveredAt: null,
        }
      : null,
  }
}
