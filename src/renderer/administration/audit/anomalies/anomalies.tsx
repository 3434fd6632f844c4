import { Button, Switch } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Anomaly } from '../../../../shared/audit/index.ts'
import { usePermission } from '../../../app/session.ts'
import { useBridge, useClock } from '../../../bridge/index.ts'
import { dateTime } from '../../../i18n/index.ts'
import { type Period, periodOf } from '../../../retrospect/period.ts'
import { FactsPanel } from '../../frame/facts-panel.tsx'
import { useListing } from '../../frame/listing.ts'
import { OfficerScreen } from '../../frame/officer-screen.tsx'
import { shortId } from '../audit-words.ts'
import { useJumps } from '../jumps.ts'
import { type NamedSubject, noConditions } from '../search/conditions.ts'
import { RecordPeriodPicker } from '../search/record-period.tsx'
import { anomalyColumns } from './anomaly-columns.tsx'
import { anomalySentence, bySeverity, severityOf, workstationText } from './anomaly-words.ts'
import { ReviewAnomalyDialog } from './review-anomaly-dialog.tsx'

/** The person; where none is known, the workstation. */
function subjectsOf(one: Anomaly): NamedSubject[] {
  if (one.account !== '')
    return [{ kind: 'account', id: one.account, label: one.accountName || shortId(one.account) }]
  return one.workstation === ''
    ? []
    : [{ kind: 'workstation', id: one.workstation, label: workstationText(one) }]
}

/** The gateway works anomalies out anew each time, for a hundred days at most. */
const anomalyPeriods = ['today', 'yesterday', 'week', 'month'] as const

/** What is unusual in the records, the gravest first, each explained in a sentence; reviewed with a verdict and a note. */
export function Anomalies() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const jumps = useJumps()
  const mayReview = usePermission('audit.review')
  const [period, setPeriod] = useState<Period>(() => periodOf('month', clock()))
  const [openOnly, setOpenOnly] = useState(true)
  const [selected, setSelected] = useState<string | null>(null)
  const [reviewing, setReviewing] = useState<string | null>(null)
  const { from, to } = period
  const listing = useListing(`anomalies-${from}-${to}`, () => bridge.auditAnomalies({ from, to }), false)
  const rows = useMemo(
    () => listing.rows.filter(({ review }) => !openOnly || review === null).toSorted(bySeverity),
    [listing.rows, openOnly],
  )
  const columns = useMemo(() => anomalyColumns(t), [t])
  const row = listing.rows.find(({ id }) => id === selected)
  const underReview = listing.rows.find(({ id }) => id === reviewing)
  return (
    <>
      <OfficerScreen
        table="anomalies"
        title={t('auditor.part.anomalies')}
        listing={{ ...listing, rows }}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={(one) => mayReview && one.review === null && setReviewing(one.id)}
        attributes={(one) => ({ 'data-kind': one.kind, 'data-severity': severityOf(one) })}
        actions={
          <>
            <RecordPeriodPicker
              period={period}
              choices={anomalyPeriods}
              onPeriod={(next) => next && setPeriod(next)}
            />
            <span className="audit-switch">
              <Switch
                size="small"
                checked={openOnly}
                onChange={setOpenOnly}
                aria-label={t('auditor.anomaly.openOnly')}
                data-testid="anomalies-open-only"
              />
              {t('auditor.anomaly.openOnly')}
            </span>
          </>
        }
        aside={
          row && (
            <FactsPanel
              title={t(`auditor.anomaly.kind.${row.kind}`)}
              states={<span data-testid="anomaly-sentence">{anomalySentence(t, row)}</span>}
              facts={[
                [t('auditor.anomaly.severity'), t(`auditor.anomaly.severities.${severityOf(row)}`)],
                [t('auditor.kind.account'), row.accountName || t('administration.none')],
                [t('auditor.kind.workstation'), workstationText(row) || t('administration.none')],
                [t('auditor.anomaly.from'), dateTime(row.from)],
                [t('auditor.anomaly.to'), dateTime(row.to)],
                [t('auditor.anomaly.records'), `${row.count}（${row.firstSeq}–${row.lastSeq}）`],
                ...(row.review
                  ? [
                      [
                        t('auditor.review.verdict'),
                        t(`auditor.review.verdicts.${row.review.verdict}`),
                      ] as const,
                      [t('auditor.review.note'), row.review.note] as const,
                      [t('auditor.review.by'), `${row.review.by} ${dateTime(row.review.at)}`] as const,
                    ]
                  : []),
              ]}
              actions={
                <>
                  <Button
                    onClick={() =>
                      jumps.toRecords({
                        ...noConditions,
                        period: { from: row.from, to: row.to + 1 },
                        subjects: subjectsOf(row),
                        upTo: row.lastSeq,
                      })
                    }
                    data-testid="anomaly-records"
                  >
                    {t('auditor.anomaly.toRecords')}
                  </Button>
                  {mayReview && row.review === null && (
                    <Button type="primary" onClick={() => setReviewing(row.id)} data-testid="anomaly-review">
                      {t('auditor.review.do')}
                    </Button>
                  )}
                </>
              }
              onClose={() => setSelected(null)}
              testId="anomaly-facts"
            />
          )
        }
        hint={t(mayReview ? 'auditor.anomaly.keys' : 'administration.list.keys')}
      />
      {underReview && <ReviewAnomalyDialog anomaly={underReview} onClose={() => setReviewing(null)} />}
    </>
  )
}
