import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { useJumps } from '../jumps.ts'
import { type NamedSubject, noConditions } from '../search/conditions.ts'
import { SubjectPicker } from '../search/subject-picker.tsx'
import { Comparison } from './comparison.tsx'
import { ReportChoice } from './report-choice.tsx'

interface ReportBeforeAndAfterProps {
  report: string | null
  onReport: (reportId: string | null) => void
}

/** What a report was and what it became: any two of its texts side by side, each step between them, each signature checked anew. */
export function ReportBeforeAndAfter({ report, onReport }: ReportBeforeAndAfterProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const jumps = useJumps()
  const [exam, setExam] = useState<NamedSubject | null>(null)
  const query = useQuery({
    // Asked for once: every look at a report's text is recorded.
    queryKey: ['audited-report', report],
    queryFn: () => unwrap(bridge.auditReport({ report: report ?? '' })),
    enabled: report !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const found = query.data
  return (
    <div className="list-screen" data-testid="audit-reports">
      <div className="toolbar officer-toolbar">
        <h1 className="list-title">{t('auditor.part.reports')}</h1>
        <SubjectPicker
          onPick={(subject) => {
            setExam(subject)
            onReport(subject.kind === 'report' ? subject.id : null)
          }}
          kinds={['patient', 'study', 'order', 'report']}
          placeholder={t('auditor.report.whose')}
          testId="report-subject"
        />
        {report !== null && found && (
          <>
            <strong className="audit-whose" data-testid="report-whose">
              {found.patient} · {found.itemName} · {found.accessionNumber}
            </strong>
            <Button
              size="small"
              onClick={() =>
                jumps.toRecords({
                  ...noConditions,
                  subjects: [{ kind: 'report', id: report, label: found.accessionNumber }],
                })
              }
              data-testid="report-records"
            >
              {t('auditor.report.records')}
            </Button>
          </>
        )}
        <span className="space" />
        {report !== null && exam && (
          <Button size="small" onClick={() => onReport(null)}>
            {t('auditor.report.others')}
          </Button>
        )}
      </div>
      <div className="audit-report-body">
        {report === null ? (
          exam ? (
            <ReportChoice exam={exam} onReport={onReport} />
          ) : (
            <div className="fill-message">{t('auditor.report.choose')}</div>
          )
        ) : found ? (
          <Comparison key={report} report={found} />
        ) : query.isError ? (
          <FailureNotice
            title={t('auditor.report.failed')}
            thrown={query.error}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <div className="fill-message">{t('app.loading')}</div>
        )}
      </div>
    </div>
  )
}
