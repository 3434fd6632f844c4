import type { Verdict } from '../adapter.ts'

/** What the receiver answered to one message: HL7 v2.5.1 chapter 2.9.2, original mode. */
export interface Acknowledgement {
  /** MSA-1 (table 0008). */
  code: 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR'
  /** MSA-2: the control id of the message that it answers. */
  controlId: string
  /** ERR-3.1 (table 0357), or empty; digits only. */
  errorCode: string
  /** MSA-3 or ERR-8: the receiver's own words. May hold anything, a patient's name too: never in a log or a clear column. */
  text: string
}

const codes = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR'] as const

/** Null where the text is no acknowledgement. Separators are taken from MSH, as the receiver wrote them. */
export function readAcknowledgement(text: string): Acknowledgement | null {
  const segments = text.split(/\r\n|\r|\n/)
  const header = segments[0] ?? ''
  const separator = header[3]
  const componentSeparator = header[4]
  if (!header.startsWith('MSH') || !separator || !componentSeparator) return null
  const fieldsOf = (name: string) => segments.find((s) => s.startsWith(name + separator))?.split(separator)

  const msa = fieldsOf('MSA')
  const code = codes.find((known) => known === msa?.[1]?.trim())
  if (!msa || !code) return null
  const err = fieldsOf('ERR')
  // ERR-3 since v2.5; before it, ERR-1.4.1. MSA-6 is where some older receivers put it.
  const reason = err?.[3] || err?.[1]?.split(componentSeparator)[3] || msa[6] || ''
  return {
    code,
    controlId: msa[2]?.trim() ?? '',
    errorCode: /^\s*(\d{1,6})\b/.exec(reason)?.[1] ?? '',
    text: (err?.[8] || msa[3] || '').slice(0, 200),
  }
}

/**
 * Reasons that repeating the same message cannot mend (table 0357): wrong structure, missing or unknown values,
 * an unsupported message. 206 (record locked), 207 (internal error) and everything else may pass by itself.
 */
const permanent = new Set(['100', '101', '102', '103', '104', '200', '201', '202', '203', '204'])
const duplicate = '205'

/**
 * The verdict on an answer to attempt number `attempt` (from 1). An alert is given up only where the receiver names a
 * reason that will not go away; a bare AE or AR is tried again, because losing an alert is worse than repeating one that
 * carries the same id.
 */
export function judge(answer: Acknowledgement, attempt: number): Verdict {
  if (answer.code === 'AA') return { outcome: 'delivered' }
  const error = answer.errorCode ? `${answer.code}:${answer.errorCode}` : answer.code
  // "Already there" after an attempt whose answer was lost: that attempt arrived.
  if (answer.errorCode === duplicate && attempt > 1) return { outcome: 'delivered' }
  if (permanent.has(answer.errorCode)) return { outcome: 'refused', error }
  return { outcome: 'retry', error }
}
