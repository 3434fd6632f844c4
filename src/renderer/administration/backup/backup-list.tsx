import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupRow } from '../../../shared/api/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { bytesText, durationText } from '../frame/figures.ts'
import type { Listing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { backupCodeText } from './backup-words.ts'

const stateClass = {
  running: '',
  good: 'state-ok',
  failed: 'state-bad',
  damaged: 'state-bad',
  removed: 'quiet',
  elsewhere: 'quiet',
} as const

/** Every backup that is kept, or was. */
export function BackupList(props: { rows: readonly BackupRow[]; listing: Omit<Listing<BackupRow>, 'rows'> }) {
  const { t } = useTranslation()
  const [selected, setSelected] = useState<string | null>(null)
  const columns = useMemo(() => columnsOf(t), [t])
  const rows = useMemo(() => props.rows.toSorted((a, b) => b.startedAt - a.startedAt), [props.rows])
  const row = rows.find(({ id }) => id === selected)
  return (
    <OfficerScreen
      table="backups"
      title={t('dataProtection.backup.parts.list')}
      listing={{ ...props.listing, rows }}
      columns={columns}
      rowKey={({ id }) => id}
      selected={selected}
      onSelect={setSelected}
      attributes={({ state }) => ({ 'data-state': state })}
      aside={row && <BackupFacts row={row} onClose={() => setSelected(null)} />}
      hint={t('dataProtection.backup.listHint')}
    />
  )
}

/** One backup in full: what it brings back, where it is, and what is wrong with it. */
function BackupFacts({ row, onClose }: { row: BackupRow; onClose: () => void }) {
  const { t } = useTranslation()
  const time = (at: number | null) => (at === null ? t('dataProtection.never') : dateTime(at))
  return (
    <FactsPanel
      title={`${t(`dataProtection.backup.kinds.${row.kind}`)} ${dateTime(row.startedAt)}`}
      states={
        <span className={stateClass[row.state]}>
          {t(`dataProtection.backup.states.${row.state}`)}
          {row.error !== null && ` · ${backupCodeText(t, row.error)}`}
        </span>
      }
      facts={[
        [
          t('dataProtection.backup.id'),
          <span key="id" className="mono">
            {row.id}
          </span>,
        ],
        [t('dataProtection.backup.startedAt'), dateTime(row.startedAt)],
        [t('dataProtection.backup.finishedAt'), time(row.finishedAt)],
        [t('dataProtection.backup.coversUntil'), time(row.coversUntil)],
        [t('dataProtection.backup.verifiedAt'), time(row.verifiedAt)],
        [t('dataProtection.backup.bytes'), bytesText(row.bytes)],
        [
          t('dataProtection.backup.copiesAt'),
          row.offSite.length > 0 ? row.offSite.join('、') : t('dataProtection.backup.noCopies'),
        ],
      ]}
      onClose={onClose}
      testId="backup-facts"
    />
  )
}

function columnsOf(t: Translate): Column<BackupRow>[] {
  const kind = (row: BackupRow) => t(`dataProtection.backup.kinds.${row.kind}`)
  const state = (row: BackupRow) => t(`dataProtection.backup.states.${row.state}`)
  const error = (row: BackupRow) => (row.error === null ? '' : backupCodeText(t, row.error))
  const took = (row: BackupRow) => (row.finishedAt === null ? null : row.finishedAt - row.startedAt)
  const tookText = (row: BackupRow) => {
    const ms = took(row)
    return ms === null ? '' : durationText(t, ms)
  }
  return [
    timeColumn('startedAt', t('dataProtection.backup.startedAt'), (row) => row.startedAt),
    {
      key: 'kind',
      title: t('dataProtection.backup.kind'),
      width: 64,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    {
      key: 'state',
      title: t('dataProtection.backup.state'),
      width: 104,
      render: (row) => <span className={stateClass[row.state]}>{state(row)}</span>,
      text: state,
      choices: (row) => [state(row)],
    },
    timeColumn('coversUntil', t('dataProtection.backup.coversUntil'), (row) => row.coversUntil),
    timeColumn('verifiedAt', t('dataProtection.backup.verifiedAt'), (row) => row.verifiedAt),
    {
      key: 'took',
      title: t('dataProtection.backup.took'),
      width: 72,
      render: (row) => <span className="number">{tookText(row)}</span>,
      text: tookText,
      order: took,
    },
    {
      key: 'bytes',
      title: t('dataProtection.backup.bytes'),
      width: 80,
      render: (row) => <span className="number">{bytesText(row.bytes)}</span>,
      text: (row) => bytesText(row.bytes),
      order: (row) => row.bytes,
    },
    {
      key: 'offSite',
      title: t('dataProtection.backup.copiesAt'),
      width: 104,
      grow: 2,
      render: (row) => <span title={row.offSite.join('、')}>{row.offSite.join('、')}</span>,
      text: (row) => row.offSite.join('、'),
    },
    {
      key: 'error',
      title: t('dataProtection.backup.error'),
      width: 96,
      grow: 1,
      render: (row) => (
        <span className="state-bad" title={error(row)}>
          {error(row)}
        </span>
      ),
      text: error,
    },
  ]
}
