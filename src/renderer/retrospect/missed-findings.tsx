import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MissedFinding } from '../../shared/api/index.ts'
import { LevelTag } from '../alerts/level-tag.tsx'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import type { Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { useTableView } from '../table/use-table-view.ts'
import { Excerpt } from './excerpt.tsx'
import { ExportList } from './export-list.tsx'
import { periodOf } from './period.ts'
import { PeriodPicker } from './period-picker.tsx'
import { reportColumns } from './report-columns.tsx'
import { ScanStatus } from './scan-status.tsx'
import { useScan } from './use-scan.ts'
import './retrospect.css'

/** 漏报: what today's dictionary finds in signed reports, and no alert was raised for. Last month first. */
export function MissedFindings({ onOpenStudy }: { onOpenStudy: (study: string) => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const [period, setPeriod] = useState(() => periodOf('last-month', clock()))
  const [selected, setSelected] = useState<string | null>(null)
  const scan = useScan<MissedFinding>(['missed', period], async (cursor) => {
    const { findings, ...part } = await unwrap(
      bridge.retrospectMissed({ ...period, limit: 100, ...(cursor !== undefined && { cursor }) }),
    )
    return { rows: findings, ...part }
  })
  const columns = useMemo(() => columnsOf(t), [t])
  const view = useTableView(scan.rows, columns)
  const unexplained = scan.rows.filter(({ dismissed }) => dismissed === '').length
  return (
    <div className="list-screen" data-testid="missed-findings">
      <div className="toolbar retrospect-bar">
        <h1 className="list-title">{t('areas.missed')}</h1>
        <PeriodPicker period={period} onPeriod={setPeriod} />
        {!scan.running && scan.rows.length > 0 && (
          <span className={unexplained > 0 ? 'state-bad' : 'state-ok'} data-testid="missed-summary">
            {t('retrospect.missed.unexplained', { count: unexplained })}
          </span>
        )}
        <span className="space" />
        <ScanStatus scan={scan} />
        <ExportList list="missed" title={t('areas.missed')} rows={view.rows} columns={columns} />
      </div>
      <div className="list-body">
        <DataTable
          label={t('areas.missed')}
          rows={view.rows}
          columns={columns}
          rowKey={keyOf}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ studyInstanceUid }) => onOpenStudy(studyInstanceUid)}
          sort={view.sort}
          onSort={view.onSort}
          attributes={() => ({ 'data-testid': 'missed-finding' })}
          empty={
            scan.error ? (
              <FailureNotice title={t('retrospect.failed')} thrown={scan.error} onRetry={scan.again} />
            ) : (
              <div className="fill-message">
                {t(scan.running ? 'retrospect.search.looking' : 'retrospect.missed.none')}
              </div>
            )
          }
          testId="missed-table"
        />
      </div>
      <footer className="list-foot">{t('retrospect.missed.keys')}</footer>
    </div>
  )
}

const keyOf = ({ reportId, hit }: MissedFinding) =>
  `${reportId}/${hit.section}/${hit.excerpt}/${hit.start}/${hit.type ?? ''}`

function columnsOf(t: Translate): Column<MissedFinding>[] {
  const why = (row: MissedFinding) => row.dismissed || t('retrospect.missed.undecided')
  return [
    {
      key: 'level',
      title: t('retrospect.missed.level'),
      width: 64,
      render: (row) => <LevelTag level={row.level} />,
      text: (row) => t(`level.${row.level}`),
      order: (row) => ['red', 'orange', 'yellow'].indexOf(row.level),
    },
    {
      key: 'type',
      title: t('retrospect.missed.type'),
      width: 120,
      grow: 1,
      render: (row) => <span title={row.hit.typeName}>{row.hit.typeName}</span>,
      text: (row) => row.hit.typeName,
    },
    ...reportColumns<MissedFinding>(t),
    {
      key: 'hit',
      title: t('retrospect.report.hits'),
      width: 200,
      grow: 3,
      render: (row) => <Excerpt hit={row.hit} />,
      text: (row) => row.hit.excerpt,
    },
    {
      key: 'why',
      title: t('retrospect.missed.why'),
      width: 136,
      grow: 1,
      render: (row) => (
        <span className={row.dismissed === '' ? 'state-bad' : 'quiet'} title={why(row)}>
          {why(row)}
        </span>
      ),
      text: why,
    },
  ]
}
