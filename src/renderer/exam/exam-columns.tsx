import type { ReactNode } from 'react'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import type { Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { examColumnSet, type RowEye } from '../worklist/columns.tsx'
import './exam.css'

/** The technologist's columns: no report facts. */
export function examColumns(
  t: Translate,
  now: number,
  eye: RowEye | null,
  actions: (row: WorklistRow) => ReactNode,
): Column<WorklistRow>[] {
  const { stat, name, sexAge, accession, imagingNumber, item, bodyPart, modality, department, ward, examAt } =
    examColumnSet(t, now, eye)
  const images = (row: WorklistRow) =>
    row.instanceCount === 0
      ? t('exam.noImages')
      : t('exam.images', { series: row.seriesCount, instances: row.instanceCount })
  return [
    {
      key: 'status',
      title: t('worklist.columns.status'),
      width: 104,
      needed: true,
      text: (row) => t(`worklist.status.${row.examStatus}`),
      render: (row) => <ExamStatusText t={t} row={row} />,
    },
    stat,
    name,
    sexAge,
    accession,
    { ...imagingNumber, hidden: true },
    item,
    { ...bodyPart, hidden: true },
    modality,
    { ...department, hidden: true },
    { ...ward, width: 140, grow: 3, hidden: false, text: placeOf, render: placeOf },
    examAt,
    {
      key: 'images',
      title: t('worklist.columns.images'),
      width: 136,
      text: images,
      render: (row) =>
        row.instanceCount === 0 ? (
          <span className="quiet">{images(row)}</span>
        ) : (
          <span className="number" data-testid="exam-images">
            {images(row)}
          </span>
        ),
    },
    { key: 'action', title: t('worklist.columns.action'), width: 176, needed: true, render: actions },
  ]
}

/** Where the patient is: the ward, else who asked; and the bed. */
function placeOf(row: WorklistRow): string {
  return [row.ward || row.orderingDepartment, row.bed].filter(Boolean).join(' / ')
}

function ExamStatusText({ t, row }: { t: Translate; row: WorklistRow }) {
  const look = { ordered: 'to-report', done: 'draft', arrived: 'signed' } as const
  return (
    <span className={`status status-${look[row.examStatus]}`}>{t(`worklist.status.${row.examStatus}`)}</span>
  )
}
