import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../../../../shared/audit/index.ts'
import { FailureNotice } from '../../../app/failure-notice.tsx'
import type { Column } from '../../../table/column.ts'
import { DataTable } from '../../../table/data-table.tsx'
import { timeColumn } from '../../../table/time-column.tsx'
import { actionText } from '../audit-words.ts'
import { type NamedSubject, noConditions, queryOf } from '../search/conditions.ts'
import { useAuditSearch } from '../search/use-audit-search.ts'
import { subjectOfKind } from '../subjects.ts'

/** The reports that records of a patient or an exam name, the last one written first. */
export function ReportChoice(props: { exam: NamedSubject; onReport: (reportId: string) => void }) {
  const { t } = useTranslation()
  const { exam, onReport } = props
  const search = useAuditSearch(
    useMemo(() => queryOf({ ...noConditions, subjects: [exam], actions: ['report.'] }), [exam]),
  )
  const [selected, setSelected] = useState<string | null>(null)
  const rows = useMemo(() => reportsIn(search.rows), [search.rows])
  // A page of records may add no report to the list, and the table asks for more only when it has grown.
  const { more, loadingMore, error, loadMore } = search
  const goOn = useEffectEvent(loadMore)
  useEffect(() => {
    if (more && !loadingMore && !error) goOn()
  }, [more, loadingMore, error])
  const columns = useMemo<Column<AuditRow>[]>(
    () => [
      timeColumn('at', t('auditor.report.lastStep'), (row) => row.at),
      {
        key: 'action',
        title: t('administration.action'),
        width: 160,
        grow: 1,
        render: (row) => actionText(t, row.action),
      },
      {
        key: 'order',
        title: t('auditor.kind.order'),
        width: 160,
        grow: 1,
        render: (row) => subjectOfKind(row, 'order')?.label ?? '',
      },
      {
        key: 'report',
        title: t('auditor.kind.report'),
        width: 280,
        grow: 2,
        render: (row) => <span className="mono">{row.objectName ?? row.object.slice('report:'.length)}</span>,
      },
    ],
    [t],
  )
  if (search.error && rows.length === 0)
    return <FailureNotice title={t('administration.failed')} thrown={search.error} onRetry={search.refresh} />
  return (
    <DataTable
      label={t('auditor.report.others')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.object}
      selected={selected}
      onSelect={setSelected}
      onOpen={(row) => onReport(row.object.slice('report:'.length))}
      attributes={() => ({ 'data-testid': 'report-choice' })}
      empty={
        <div className="fill-message">
          {t(search.loading || search.more ? 'auditor.searching' : 'auditor.report.none')}
        </div>
      }
      testId="report-choices"
      focusOnMount
    />
  )
}

/** The newest record of each report. */
function reportsIn(rows: readonly AuditRow[]): AuditRow[] {
  const seen = new Set<string>()
  return rows.filter(({ object }) => {
    if (!object.startsWith('report:') || seen.has(object)) return false
    seen.add(object)
    return true
  })
}
