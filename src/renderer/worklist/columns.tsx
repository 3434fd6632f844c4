import type { WorklistRow } from '../../shared/worklist/index.ts'
import { shortDateTime, type Translate } from '../i18n/index.ts'
import { personName, sexAndAge } from '../patient/patient-facts.ts'
import type { Column } from '../table/data-table.tsx'
import { isUrgent, readingStatus, waitingConcern, waitingMs } from './reading-order.ts'
import { waitingText } from './waiting-text.ts'

/** The radiologist's columns. `now` drives the waiting time. */
export function readingColumns(t: Translate, now: number): Column<WorklistRow>[] {
  const title = (key: string) => t(`worklist.columns.${key}` as 'worklist.columns.name')
  const column = (
    key: string,
    width: number,
    render: Column<WorklistRow>['render'],
    grow = 0,
  ): Column<WorklistRow> => ({ key, title: title(key), width, render, grow })
  return [
    column('status', 104, (row) => <StatusCell t={t} row={row} />),
    column('stat', 56, (row) => <StatMark t={t} row={row} />),
    column('name', 108, (row) => <strong className="patient-name">{personName(row.patientName)}</strong>, 2),
    column('sexAge', 88, (row) => <span className="number">{sexAndAge(t, row.sex, row.age)}</span>),
    column('accession', 118, (row) => <span className="number">{row.accessionNumber}</span>, 1),
    column('item', 160, (row) => <span title={row.itemName}>{row.itemName}</span>, 4),
    column('bodyPart', 88, (row) => row.bodyPart, 1),
    column('modality', 56, (row) => row.modality),
    column(
      'department',
      104,
      (row) => <span title={row.orderingDepartment}>{row.orderingDepartment}</span>,
      2,
    ),
    column('examAt', 104, (row) => (
      <span className="number">{row.examAt === null ? '' : shortDateTime(row.examAt, now)}</span>
    )),
    column('waiting', 116, (row) => <WaitingCell t={t} row={row} now={now} />),
    column('reportedBy', 80, (row) => row.reportedBy, 1),
    column('critical', 88, (row) => <CriticalCell t={t} row={row} />),
  ]
}

export function StatusCell({ t, row }: { t: Translate; row: WorklistRow }) {
  const status = readingStatus(row)
  return <span className={`status status-${status}`}>{t(`worklist.status.${status}`)}</span>
}

export function StatMark({ t, row }: { t: Translate; row: WorklistRow }) {
  if (row.priority !== 'stat') return null
  return (
    <span
      className={isUrgent(row) ? 'stat-mark' : 'stat-mark stat-mark-past'}
      title={t('worklist.columns.stat')}
    >
      {t('worklist.stat')}
    </span>
  )
}

/** How long it waits for its report; where it cannot be read yet, why. */
function WaitingCell({ t, row, now }: { t: Translate; row: WorklistRow; now: number }) {
  if (row.studyInstanceUid === null) {
    return (
      <span className="quiet" title={t('worklist.noImages')}>
        {t('worklist.noImagesShort')}
      </span>
    )
  }
  const waiting = waitingMs(row, now)
  if (waiting === null) return null
  return <span className={`number waiting-${waitingConcern(row, waiting)}`}>{waitingText(t, waiting)}</span>
}

function CriticalCell({ t, row }: { t: Translate; row: WorklistRow }) {
  if (row.criticalAlerts === 0) return null
  return row.criticalOpen > 0 ? (
    <span
      className="critical-open"
      title={t('worklist.criticalHint', { count: row.criticalAlerts, open: row.criticalOpen })}
    >
      {t('worklist.criticalOpen', { count: row.criticalOpen })}
    </span>
  ) : (
    <span className="critical-delivered" title={t('worklist.criticalAllHint', { count: row.criticalAlerts })}>
      {t('worklist.criticalDelivered', { count: row.criticalAlerts })}
    </span>
  )
}
