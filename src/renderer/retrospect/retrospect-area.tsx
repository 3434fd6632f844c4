import { lazy } from 'react'
import { MissedFindings } from './missed-findings.tsx'
import { ReportSearch } from './report-search.tsx'

/** With its charts, which who searches does not wait for. */
const Statistics = lazy(() => import('./statistics/statistics.tsx'))

interface RetrospectAreaProps {
  area: 'report-search' | 'missed' | 'statistics'
  onOpenStudy: (study: string) => void
}

/** Looking back: over reports, over findings that no alert was raised for, and over how alerts were answered. */
export default function RetrospectArea({ area, onOpenStudy }: RetrospectAreaProps) {
  switch (area) {
    case 'report-search':
      return <ReportSearch onOpenStudy={onOpenStudy} />
    case 'missed':
      return <MissedFindings onOpenStudy={onOpenStudy} />
    case 'statistics':
      return <Statistics />
  }
}
