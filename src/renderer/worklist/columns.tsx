import type { WorklistRow } from '../../shared/worklist/index.ts'
import { Eye } from '../access/eye.tsx'
import { dateTime, sentenceTime, shortDateTime, type Translate } from '../i18n/index.ts'
import { personName, sexAndAge } from '../patient/patient-facts.ts'
import type { Column } from '../table/column.ts'
import { isUrgent, readingStatus, waitingConcern, waitingMs } from './reading-order.ts'
import { waitingText } from './waiting-text.ts'

/** The eye in a row whose name or numbers are masked; null for who may not see them on need. */
export interface RowEye {
  title: string
  onReveal: (row: WorklistRow) => void
}

/** The columns of a list of exams that every reader of it knows. `now` drives the waiting time. */
export function examColumnSet(t: Translate, now: number, eye: RowEye | null = null) {
  const column = (
    key: string,
    width: number,
    text: (row: WorklistRow) => string,
    more: Partial<Column<WorklistRow>> = {},
  ): Column<WorklistRow> => ({
    key,
    title: t(`worklist.columns.${key}` as 'worklist.columns.name'),
    width,
    text,
    render: text,
    ...more,
  })
  const number = (text: (row: WorklistRow) => string): Partial<Column<WorklistRow>> => ({
    render: (row) => <span className="number">{text(row)}</span>,
  })
  return {
    status: column('status', 92, (row) => t(`worklist.status.${readingStatus(row)}`), {
      needed: true,
      render: (row) => <StatusCell t={t} row={row} />,
    }),
    stat: column('stat', 44, (row) => (row.priority === 'stat' ? t('worklist.columns.stat') : ''), {
      render: (row) => <StatMark t={t} row={row} />,
    }),
    name: column('name', 104, (row) => nameText(t, row), {
      grow: 2,
      needed: true,
      render: (row) => <NameCell t={t} row={row} eye={eye} />,
    }),
    sexAge: column(
      'sexAge',
      82,
      (row) => sexAndAge(t, row.sex, row.age),
      number((row) => sexAndAge(t, row.sex, row.age)),
    ),
    accession: column('accession', 116, (row) => row.accessionNumber, {
      grow: 1,
      ...number((row) => row.accessionNumber),
    }),
    imagingNumber: column(
      'imagingNumber',
      84,
      (row) => row.imagingNumber,
      number((row) => row.imagingNumber),
    ),
    item: column('item', 124, (row) => row.itemName, { grow: 4 }),
    bodyPart: column('bodyPart', 76, (row) => row.bodyPart, { grow: 1 }),
    modality: column('modality', 52, (row) => row.modality),
    department: column('department', 84, (row) => row.orderingDepartment, { grow: 2 }),
    ward: column('ward', 120, (row) => [row.ward, row.bed].filter(Boolean).join(' / '), {
      grow: 1,
      hidden: true,
    }),
    examAt: column('examAt', 100, (row) => (row.examAt === null ? '' : dateTime(row.examAt)), {
      render: (row) => (
        <span className="number">{row.examAt === null ? '' : shortDateTime(row.examAt, now)}</span>
      ),
    }),
    waiting: column('waiting', 104, (row) => waitingWords(t, row, now), {
      render: (row) => <WaitingCell t={t} row={row} now={now} />,
    }),
    reportedBy: column('reportedBy', 68, (row) => row.reportedBy),
    reviewedBy: column('reviewedBy', 68, (row) => row.reviewedBy),
    claimed: column('claimed', 68, (row) => claimWords(t, row, now), {
      render: (row) => <ClaimCell t={t} row={row} />,
    }),
    critical: column('critical', 84, (row) => criticalWords(t, row), {
      render: (row) => <CriticalCell t={t} row={row} />,
    }),
  }
}

/** The radiologist's columns, in the order that they come with. */
export function readingColumns(t: Translate, now: number, eye: RowEye | null = null): Column<WorklistRow>[] {
  return Object.values(examColumnSet(t, now, eye))
}

function nameText(t: Translate, row: WorklistRow): string {
  const label = row.sensitivity === 'general' ? '' : `（${t(`worklistRoom.sensitivity.${row.sensitivity}`)}）`
  return `${row.masked ? t('worklistRoom.masked') : personName(row.patientName)}${label}`
}

/** A name; where the label is above the person's clearance, that there is one. */
export function NameCell({ t, row, eye = null }: { t: Translate; row: WorklistRow; eye?: RowEye | null }) {
  return (
    <>
      {row.sensitivity !== 'general' && (
        <span className={row.masked ? 'label-mark label-mark-masked' : 'label-mark'} data-testid="label-mark">
          {t(`worklistRoom.label.${row.sensitivity}`)}
        </span>
      )}
      {eye && (row.masked || row.veiled) && (
        <Eye title={eye.title} onReveal={() => eye.onReveal(row)} untabbed />
      )}
      <strong className="patient-name">
        {row.masked ? personName(row.patientName) || '***' : personName(row.patientName)}
      </strong>
    </>
  )
}

export function StatusCell({ t, row }: { t: Translate; row: WorklistRow }) {
  const status = readingStatus(row)
  return <span className={`status status-${status}`}>{t(`worklist.status.${status}`)}</span>
}

export function StatMark({ t, row }: { t: Translate; row: WorklistRow }) {
  if (row.priority !== 'stat') return null
  return (
    <span className={isUrgent(row) ? 'stat-mark' : 'stat-mark stat-mark-past'}>{t('worklist.stat')}</span>
  )
}

function waitingWords(t: Translate, row: WorklistRow, now: number): string {
  if (row.studyInstanceUid === null) return t('worklist.noImages')
  const waiting = waitingMs(row, now)
  return waiting === null ? '' : waitingText(t, waiting)
}

/** How long it waits for its report; where it cannot be read yet, why. */
function WaitingCell({ t, row, now }: { t: Translate; row: WorklistRow; now: number }) {
  if (row.studyInstanceUid === null) return <span className="quiet">{t('worklist.noImagesShort')}</span>
  const waiting = waitingMs(row, now)
  if (waiting === null) return null
  return <span className={`number waiting-${waitingConcern(row, waiting)}`}>{waitingText(t, waiting)}</span>
}

function claimWords(t: Translate, { claimedBy }: WorklistRow, now: number): string {
  return claimedBy
    ? t('worklistRoom.claimedBy', { name: claimedBy.name, time: sentenceTime(claimedBy.since, now) })
    : ''
}

/** Who has said that they report it. */
function ClaimCell({ t, row: { claimedBy } }: { t: Translate; row: WorklistRow }) {
  if (!claimedBy) return null
  return (
    <span className={claimedBy.own ? 'claim claim-own' : 'claim'} data-testid="claim">
      {claimedBy.own ? t('worklistRoom.me') : claimedBy.name}
    </span>
  )
}

function criticalWords(t: Translate, row: WorklistRow): string {
  if (row.criticalOpen > 0)
    return t('worklist.criticalHint', { count: row.criticalAlerts, open: row.criticalOpen })
  if (row.criticalAlerts > 0) return t('worklist.criticalAllHint', { count: row.criticalAlerts })
  return row.suspected > 0 ? t('worklistRoom.suspectedHint', { count: row.suspected }) : ''
}

function CriticalCell({ t, row }: { t: Translate; row: WorklistRow }) {
  if (row.criticalOpen > 0) {
    return <span className="critical-open">{t('worklist.criticalOpen', { count: row.criticalOpen })}</span>
  }
  if (row.criticalAlerts > 0) {
    return (
      <span className="critical-delivered">
        {t('worklist.criticalDelivered', { count: row.criticalAlerts })}
      </span>
    )
  }
  if (row.suspected === 0) return null
  return <span className="critical-open">{t('worklistRoom.suspected', { count: row.suspected })}</span>
}
