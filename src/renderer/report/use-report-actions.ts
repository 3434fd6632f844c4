import { useRef } from 'react'
import type { Inconsistency } from '../../shared/report/consistency/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import type { WrittenText } from './use-report-text.ts'

interface ReportActions {
  save: () => void
  /** Null for who may not sign. */
  sign: (() => void) | null
  /** Null where it cannot be handed in. */
  submit: (() => void) | null
  text: WrittenText
  doubts: readonly Inconsistency[]
}

/** The keys of a report that is being written. */
export function useReportActions({ save, sign, submit, text, doubts }: ReportActions): void {
  const turn = useRef(0)
  useAction('report.save', save)
  useAction('report.signOff', () => (sign ?? submit)?.())
  useAction('report.submit', () => submit?.())
  useAction('reading.report', text.alternate)
  useAction('report.nextDoubt', () => {
    const doubt = doubts[turn.current % Math.max(doubts.length, 1)]
    turn.current += 1
    if (doubt) text.jump(doubt)
  })
}
