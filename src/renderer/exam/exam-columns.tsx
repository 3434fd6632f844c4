import type { ReactNode } from 'react'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { shortDateTime, type Translate } from '../i18n/index.ts'
import { personName, sexAndAge } from '../patient/patient-facts.ts'
import type { Column } from '../table/data-table.tsx'
import { StatMark } from '../worklist/columns.tsx'
import './exam.css'

/** The technologist's columns: no report facts. */
export function examColumns(
  t: Translate,
  now: number,
  actions: (row: WorklistRow) => ReactNode,
): Column<WorklistRow>[] {
  const title = (key: 'status' | 'stat' | 'name' | 'sexAge' | 'accession' | 'item') =>
    t(`worklist.columns.${key}`)
  return [
    {
      key: 'status',
      title: title('status'),
      width: 104,
      render: (row) => <ExamStatusText t={t} row={row} />,
    },
    { key: 'stat', title: title('stat'), width: 56, render: (row) => <StatMark t={t} row={row} /> },
    {
      key: 'name',
      title: title('name'),
      width: 108,
      grow: 2,
      render: (row) => <strong className="patient-name">{personName(row.patientName)}</strong>,
    },
    { key: 'sexAge', title: title('sexAge'), width: 96, render: (row) => sexAndAge(t, row.sex, row.age) },
    {
      key: 'accession',
      title: title('accession'),
      width: 128,
      grow: 1,
      render: (row) => <span className="number">{row.accessionNumber}</span>,
    },
    { key: 'item', title: title('item'), width: 176, grow: 4, render: (row) => row.itemName },
    { key: 'modality', title: t('worklist.columns.modality'), width: 64, render: (row) => row.modality },
    {
      key: 'ward',
      title: t('worklist.columns.ward'),
      width: 160,
      grow: 3,
      render: (row) => {
        const place = [row.ward || row.orderingDepartment, row.bed].filter(Boolean).join(' / ')
        return <span title={place}>{place}</span>
      },
    },
    {
      key: 'examAt',
      title: t('worklist.columns.examAt'),
      width: 108,
      render: (row) => (
        <span className="number">{row.examAt === null ? '' : shortDateTime(row.examAt, now)}</span>
      ),
    },
    {
      key: 'images',
      title: t('worklist.columns.images'),
      width: 136,
      render: (row) =>
        row.instanceCount === 0 ? (
          <span className="quiet">{t('exam.noImages')}</span>
        ) : (
          <span className="number" data-testid="exam-images">
            {t('exam.images', { series: row.seriesCount, instances: row.instanceCount })}
          </span>
        ),
    },
    { key: 'action', title: t('worklist.columns.action'), width: 176, render: actions },
  ]
}

function ExamStatusText({ t, row }: { t: Translate; row: WorklistRow }) {
  const look = { ordered: 'to-report', done: 'draft', arrived: 'signed' } as const
  return (
    <span className={`status status-${look[row.examStatus]}`}>{t(`worklist.status.${row.examStatus}`)}</span>
  )
}
