import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AlertStatistics, StatisticsBy } from '../../../shared/api/index.ts'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import { dateOf } from '../../i18n/index.ts'
import { DataTable } from '../../table/data-table.tsx'
import { useTableView } from '../../table/use-table-view.ts'
import { ExportList } from '../export-list.tsx'
import { lastDay, type Period, periodOf } from '../period.ts'
import { PeriodPicker } from '../period-picker.tsx'
import { Chart } from './chart.tsx'
import { daysChart, groupsChart } from './charts.ts'
import { Figures } from './figures.tsx'
import { groupColumns } from './group-columns.tsx'
import '../retrospect.css'
import './statistics.css'

/** How many alerts there were, and how soon they were answered: by ward, type, doctor, shift, level or modality. */
export default function Statistics() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const [period, setPeriod] = useState(() => periodOf('month', clock()))
  const [by, setBy] = useState<StatisticsBy>('ward')
  const query = useQuery({
    queryKey: ['statistics', period, by],
    queryFn: () => unwrap(bridge.retrospectStatistics({ ...period, by })),
    placeholderData: (before) => before,
  })
  return (
    <div className="list-screen statistics" data-testid="statistics" data-stale={query.isPlaceholderData}>
      <div className="toolbar retrospect-bar">
        <h1 className="list-title">{t('areas.statistics')}</h1>
        <PeriodPicker period={period} onPeriod={setPeriod} />
        <Select
          value={by}
          onChange={setBy}
          options={StatisticsBy.options.map((value) => ({ value, label: t(`retrospect.by.${value}`) }))}
          className="retrospect-choice"
          aria-label={t('retrospect.by.title')}
          data-testid="statistics-by"
        />
        <Button onClick={() => void query.refetch()} aria-busy={query.isFetching} data-testid="refresh">
          {t('administration.list.refresh')}
        </Button>
        {query.isError && query.data && (
          <span className="list-not-current" role="alert">
            {t('worklist.notCurrent')}
          </span>
        )}
      </div>
      {query.data ? (
        <Shown statistics={query.data} by={by} period={period} />
      ) : query.isError ? (
        <FailureNotice
          title={t('retrospect.failed')}
          thrown={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <div className="fill-message">{t('app.loading')}</div>
      )}
    </div>
  )
}

function Shown({
  statistics,
  by,
  period,
}: {
  statistics: AlertStatistics
  by: StatisticsBy
  period: Period
}) {
  const { t } = useTranslation()
  const columns = useMemo(() => groupColumns(t, by), [t, by])
  const view = useTableView(statistics.groups, columns)
  const days = useMemo(() => daysChart(t, statistics.days), [t, statistics.days])
  const groups = useMemo(() => groupsChart(t, by, statistics.groups), [t, by, statistics.groups])
  const title = `${t('areas.statistics')} ${dateOf(period.from)} – ${dateOf(lastDay(period))}`
  return (
    <div className="statistics-page">
      <h2 className="statistics-title">{title}</h2>
      <Figures statistics={statistics} />
      {statistics.damaged > 0 && (
        <p className="state-bad" role="alert">
          {t('retrospect.statistics.damaged', { count: statistics.damaged })}
        </p>
      )}
      {statistics.total.count === 0 ? (
        <p className="fill-message">{t('retrospect.statistics.none')}</p>
      ) : (
        <>
          <div className="statistics-charts">
            <Chart title={t('retrospect.statistics.perDay')} option={days} />
            <Chart title={t(`retrospect.by.${by}`)} option={groups} />
          </div>
          <div className="statistics-table">
            <div className="statistics-table-head">
              <h3>{t('retrospect.statistics.groups', { by: t(`retrospect.by.${by}`) })}</h3>
              <ExportList list="statistics" title={title} rows={view.rows} columns={columns} pdf />
            </div>
            <div className="statistics-grid" style={{ height: Math.min(12, view.rows.length) * 32 + 36 }}>
              <DataTable
                label={t(`retrospect.by.${by}`)}
                rows={view.rows}
                columns={columns}
                rowKey={({ key }) => key}
                sort={view.sort}
                onSort={view.onSort}
                attributes={() => ({ 'data-testid': 'statistics-group' })}
                empty={null}
                testId="statistics-groups"
              />
            </div>
            <PrintedGroups rows={view.rows} columns={columns} />
          </div>
          <p className="quiet">{t('retrospect.statistics.definition')}</p>
        </>
      )}
    </div>
  )
}

/** On paper every row stands, which the table on the screen does not do. */
function PrintedGroups({
  rows,
  columns,
}: {
  rows: readonly AlertStatistics['groups'][number][]
  columns: ReturnType<typeof groupColumns>
}) {
  return (
    <table className="statistics-printed" aria-hidden="true">
      <thead>
        <tr>
          {columns.map(({ key, title }) => (
            <th key={key}>{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            {columns.map(({ key, text }) => (
              <td key={key}>{text?.(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
