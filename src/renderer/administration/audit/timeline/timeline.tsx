import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../../app/failure-notice.tsx'
import { useClock } from '../../../bridge/index.ts'
import type { Period } from '../../../retrospect/period.ts'
import { DataTable } from '../../../table/data-table.tsx'
import { useJumps } from '../jumps.ts'
import { type NamedSubject, noConditions, queryOf } from '../search/conditions.ts'
import { recordPeriodOf } from '../search/period-choices.ts'
import { RecordPeriodPicker } from '../search/record-period.tsx'
import { SubjectPicker } from '../search/subject-picker.tsx'
import { useAuditSearch } from '../search/use-audit-search.ts'
import { timelineOf } from './days.ts'
import { timelineColumns } from './timeline-columns.tsx'

interface TimelineProps {
  subject: NamedSubject | null
  onSubject: (subject: NamedSubject) => void
}

/** What happened with one patient, person or workstation, day by day. Enter goes to the record itself. */
export function Timeline({ subject, onSubject }: TimelineProps) {
  const { t } = useTranslation()
  const clock = useClock()
  const jumps = useJumps()
  const [period, setPeriod] = useState<Period | null>(() => recordPeriodOf('month', clock()))
  const [order, setOrder] = useState<'newest' | 'oldest'>('newest')
  const [selected, setSelected] = useState<string | null>(null)
  const query = useMemo(
    () => (subject ? queryOf({ ...noConditions, period, subjects: [subject] }, order) : null),
    [subject, period, order],
  )
  const search = useAuditSearch(query)
  const lines = useMemo(() => timelineOf(search.rows), [search.rows])
  const columns = useMemo(() => timelineColumns(t, subject), [t, subject])
  const toRecord = (seq: number) =>
    subject && jumps.toRecords({ ...noConditions, subjects: [subject], upTo: seq })
  return (
    <div className="list-screen" data-testid="audit-timeline">
      <div className="toolbar officer-toolbar">
        <h1 className="list-title">{t('auditor.part.timeline')}</h1>
        <SubjectPicker
          onPick={onSubject}
          placeholder={t('auditor.timeline.whose')}
          testId="timeline-subject"
        />
        {subject && (
          <strong className="audit-whose" title={subject.id} data-testid="timeline-whose">
            <span className="audit-kind">{t(`auditor.kind.${subject.kind}`)}</span> {subject.label}
          </strong>
        )}
        <RecordPeriodPicker period={period} onPeriod={setPeriod} />
        <Segmented
          value={order}
          onChange={setOrder}
          options={(['newest', 'oldest'] as const).map((value) => ({
            value,
            label: t(`auditor.timeline.${value}`),
          }))}
          aria-label={t('auditor.timeline.order')}
        />
        <span className="quiet number" role="status">
          {subject &&
            !search.loading &&
            t(search.more ? 'auditor.countMore' : 'auditor.count', { total: search.rows.length })}
        </span>
        <span className="space" />
        <Button onClick={search.refresh} disabled={!subject} data-testid="refresh">
          {t('administration.list.refresh')}
        </Button>
      </div>
      <div className="officer-body">
        <div className="officer-table">
          {search.error && search.rows.length === 0 ? (
            <FailureNotice
              title={t('administration.failed')}
              thrown={search.error}
              onRetry={search.refresh}
            />
          ) : (
            <DataTable
              label={t('auditor.part.timeline')}
              rows={lines}
              columns={columns}
              rowKey={({ key }) => key}
              selected={selected}
              onSelect={setSelected}
              onOpen={(line) => line.kind === 'record' && toRecord(line.row.seq)}
              onEscape={() => setSelected(null)}
              onEnd={search.loadMore}
              attributes={({ kind }) => ({ 'data-testid': `timeline-${kind}`, 'data-line': kind })}
              empty={
                <div className="fill-message" data-testid="timeline-empty">
                  {!subject
                    ? t('auditor.timeline.choose')
                    : search.loading || search.more
                      ? t('auditor.searching')
                      : t('auditor.none')}
                </div>
              }
              testId="timeline-table"
            />
          )}
        </div>
      </div>
      <footer className="list-foot">{t('auditor.timeline.keys')}</footer>
    </div>
  )
}
