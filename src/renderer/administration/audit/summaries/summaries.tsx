import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../../../shared/errors/index.ts'
import { useFailureSentence } from '../../../app/failure-notice.tsx'
import { usePermission } from '../../../app/session.ts'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { dateTime } from '../../../i18n/index.ts'
import { FactsPanel } from '../../frame/facts-panel.tsx'
import { useListing } from '../../frame/listing.ts'
import { OfficerScreen } from '../../frame/officer-screen.tsx'
import { MakeSummaryDialog } from './make-summary-dialog.tsx'
import { ReviewSummaryDialog } from './review-summary-dialog.tsx'
import { summaryColumns, summaryName } from './summary-columns.tsx'

/** The dated audit reports: made by schedule or by hand, given out as files, reviewed. */
export function Summaries() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const mayReview = usePermission('audit.review')
  const listing = useListing('audit-summaries', bridge.auditSummaries, false)
  const [selected, setSelected] = useState<string | null>(null)
  const [making, setMaking] = useState(false)
  const [reviewing, setReviewing] = useState<string | null>(null)
  const columns = useMemo(() => summaryColumns(t), [t])
  const save = useSave()
  const row = listing.rows.find(({ id }) => id === selected)
  const underReview = listing.rows.find(({ id }) => id === reviewing)
  const open = listing.rows.filter(({ review }) => review === null).length
  return (
    <>
      <OfficerScreen
        table="audit-reports"
        title={t('auditor.part.summaries')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={(one) => save.mutate({ id: one.id, format: 'pdf' })}
        attributes={({ id, review }) => ({ 'data-summary': id, 'data-reviewed': String(review !== null) })}
        summary={
          open > 0 && (
            <span className="state-warn number" data-testid="summaries-open">
              {t('auditor.summary.open', { count: open })}
            </span>
          )
        }
        actions={
          <Button type="primary" onClick={() => setMaking(true)} data-testid="summary-make">
            {t('auditor.summary.make')}
          </Button>
        }
        aside={
          row && (
            <FactsPanel
              title={summaryName(t, row)}
              states={
                row.review ? (
                  <span className="state-ok">{t('auditor.summary.reviewed')}</span>
                ) : (
                  <span className="state-warn">{t('auditor.review.open')}</span>
                )
              }
              facts={[
                [t('auditor.summary.madeAt'), dateTime(row.madeAt)],
                [t('auditor.summary.madeBy'), row.madeBy || t('auditor.summary.schedule')],
                [t('auditor.summary.records'), String(row.records)],
                [t('auditor.summary.anomalies'), String(row.anomalies)],
                ...(row.review
                  ? [
                      [t('auditor.review.by'), `${row.review.by} ${dateTime(row.review.at)}`] as const,
                      [t('auditor.review.note'), row.review.note] as const,
                    ]
                  : []),
                [
                  t('auditor.summary.pdfHash'),
                  <span key="pdf" className="mono">
                    {row.pdfHash}
                  </span>,
                ],
                [
                  t('auditor.summary.xlsxHash'),
                  <span key="xlsx" className="mono">
                    {row.xlsxHash}
                  </span>,
                ],
              ]}
              actions={
                <>
                  {(['pdf', 'xlsx'] as const).map((format) => (
                    <Button
                      key={format}
                      loading={save.isPending && save.variables.format === format}
                      onClick={() => save.mutate({ id: row.id, format })}
                      data-testid={`summary-${format}`}
                    >
                      {t(`auditor.summary.${format}`)}
                    </Button>
                  ))}
                  {mayReview && row.review === null && (
                    <Button type="primary" onClick={() => setReviewing(row.id)} data-testid="summary-review">
                      {t('auditor.review.do')}
                    </Button>
                  )}
                </>
              }
              onClose={() => setSelected(null)}
              testId="summary-facts"
            />
          )
        }
        hint={t('auditor.summary.keys')}
      />
      {making && <MakeSummaryDialog onMade={setSelected} onClose={() => setMaking(false)} />}
      {underReview && <ReviewSummaryDialog summary={underReview} onClose={() => setReviewing(null)} />}
    </>
  )
}

function useSave() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  return useMutation({
    mutationFn: (file: { id: string; format: 'pdf' | 'xlsx' }) => unwrap(bridge.auditSaveSummary(file)),
    onSuccess: ({ path }) => {
      if (path !== null) void message.success({ content: t('auditor.summary.saved', { path }), duration: 8 })
    },
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
}
