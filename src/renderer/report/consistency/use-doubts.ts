import { useEffect, useState } from 'react'
import {
  type Inconsistency,
  inconsistenciesOf,
  type ReportFacts,
} from '../../../shared/report/consistency/index.ts'
import type { ReportText } from '../../../shared/report/index.ts'

/** A pause in typing. */
const pauseMs = 500

/** What may be wrong with the text, found in each pause. That something is not written yet is no doubt while one writes. */
export function useDoubts(text: ReportText, facts: ReportFacts): readonly Inconsistency[] {
  const [doubts, setDoubts] = useState<readonly Inconsistency[]>([])
  const { exam, priors, today } = facts
  useEffect(() => {
    const timer = setTimeout(() => {
      const found = inconsistenciesOf(text, { exam, priors, today })
      setDoubts(found.filter(({ kind }) => kind !== 'empty-section' && kind !== 'empty-report'))
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text, exam, priors, today])
  return doubts
}
