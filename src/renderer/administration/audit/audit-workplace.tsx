import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClock } from '../../bridge/index.ts'
import { Anomalies } from './anomalies/anomalies.tsx'
import { Evidence } from './evidence/evidence.tsx'
import { type Jumps, JumpsContext } from './jumps.ts'
import { ReportBeforeAndAfter } from './reports/report-before-and-after.tsx'
import { type NamedSubject, noConditions, onward, type Trail } from './search/conditions.ts'
import { recordPeriodOf } from './search/period-choices.ts'
import { RecordSearch } from './search/record-search.tsx'
import { Summaries } from './summaries/summaries.tsx'
import { Timeline } from './timeline/timeline.tsx'
import './audit.css'

const parts = ['records', 'timeline', 'reports', 'anomalies', 'summaries', 'evidence'] as const
type Part = (typeof parts)[number]

/** The auditor's work: to find and follow records, see what became of a report, review what is unusual, and know that all is there. */
export function AuditWorkplace() {
  const { t } = useTranslation()
  const clock = useClock()
  const [part, setPart] = useState<Part>('records')
  const [trail, setTrail] = useState<Trail>(() => [
    { ...noConditions, period: recordPeriodOf('week', clock()) },
  ])
  const [subject, setSubject] = useState<NamedSubject | null>(null)
  const [report, setReport] = useState<string | null>(null)
  const jumps = useMemo<Jumps>(
    () => ({
      toRecords(conditions) {
        setTrail((now) => onward(now, conditions))
        setPart('records')
      },
      toTimeline(one) {
        setSubject(one)
        setPart('timeline')
      },
      toReport(reportId) {
        setReport(reportId)
        setPart('reports')
      },
    }),
    [],
  )
  return (
    <JumpsContext value={jumps}>
      <div className="audit-workplace" data-testid="audit-workplace">
        <Segmented
          className="audit-parts"
          value={part}
          onChange={setPart}
          options={parts.map((value) => ({ value, label: t(`auditor.part.${value}`) }))}
          aria-label={t('areas.audit')}
          data-testid="audit-part"
        />
        <div className="audit-shown">
          {part === 'records' && <RecordSearch trail={trail} onTrail={setTrail} />}
          {part === 'timeline' && <Timeline subject={subject} onSubject={setSubject} />}
          {part === 'reports' && <ReportBeforeAndAfter report={report} onReport={setReport} />}
          {part === 'anomalies' && <Anomalies />}
          {part === 'summaries' && <Summaries />}
          {part === 'evidence' && <Evidence />}
        </div>
      </div>
    </JumpsContext>
  )
}
