/**
 * Why a message cannot be taken in: a reason, and where. Never a value: a problem goes into answers, lists and logs.
 * `code` is what HL7 table 0357 has for it.
 */
const reasons = {
  /** Not an HL7 message at all: no MSH, or separators that separate nothing. */
  'not-hl7': '100',
  'segment-name': '100',
  'too-long': '102',
  'too-many': '102',
  encoding: '102',
  charset: '103',
  'message-type': '200',
  event: '201',
  'processing-id': '202',
  version: '203',
  segment: '100',
  missing: '101',
  time: '102',
  value: '102',
  code: '103',
  /** What it speaks of is not known here. */
  unknown: '204',
  /** It contradicts what is known, or itself. */
  conflict: '205',
  internal: '207',
} as const

export type ProblemReason = keyof typeof reasons

export interface Problem {
  reason: ProblemReason
  /** `PID-3`, `OBR[2]-4.1`, `PID`; empty where no place can be named. */
  where: string
}

/** Table 0357. */
export function errorCodeOf({ reason }: Problem): string {
  return reasons[reason]
}

const rejected: readonly ProblemReason[] = [
  'not-hl7',
  'encoding',
  'charset',
  'message-type',
  'event',
  'processing-id',
  'version',
]

/** AR: the kind of message is not for us, or none (2.9.3.1); AE: we would take it, but for what it says. */
export function rejects({ reason }: Problem): boolean {
  return rejected.includes(reason)
}

/** A message, or a part of it, that cannot be taken in. Its text is reason and place alone. */
export class Hl7Error extends Error {
  readonly problem: Problem

  constructor(reason: ProblemReason, where = '') {
    super(where ? `${where}: ${reason}` : reason)
    this.name = 'Hl7Error'
    this.problem = { reason, where }
  }
}
