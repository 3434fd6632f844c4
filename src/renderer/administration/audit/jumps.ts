import { createContext, useContext } from 'react'
import type { Conditions, NamedSubject } from './search/conditions.ts'

/** From one part of the auditor's work into another, with what it is to show there. */
export interface Jumps {
  toRecords(conditions: Conditions): void
  toTimeline(subject: NamedSubject): void
  toReport(reportId: string): void
}

export const JumpsContext = createContext<Jumps | null>(null)

export function useJumps(): Jumps {
  const jumps = useContext(JumpsContext)
  if (!jumps) throw new Error('useJumps is called outside the auditor’s workplace')
  return jumps
}
