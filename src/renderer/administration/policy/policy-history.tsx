import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBridge } from '../../bridge/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { ChangeList } from './change-list.tsx'
import { authorName, parameterName, valueText } from './parameter-words.ts'
import { type Version, withChanges } from './versions.ts'

/** Every version of the policy, the newest first, and what each changed. */
export function PolicyHistory() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const asked = useListing('policy-history', bridge.administrationPolicyHistory)
  const rows = useMemo(() => withChanges(asked.rows), [asked.rows])
  const columns = useMemo(() => historyColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const chosen = rows.find(({ version }) => String(version) === selected)
  return (
    <OfficerScreen
      table="policy-history"
      title={t('administration.policy.history')}
      listing={{ ...asked, rows }}
      columns={columns}
      rowKey={({ version }) => String(version)}
      selected={selected}
      onSelect={setSelected}
      aside={
        chosen && (
          <FactsPanel
            title={t('administration.policy.versionTitle', { version: chosen.version })}
            states={
              chosen.changes === null ? (
                t('administration.policy.first')
              ) : (
                <ChangeList changes={chosen.changes} />
              )
            }
            facts={[
              [t('administration.policy.changedAt'), dateTime(chosen.changedAt)],
              [t('administration.policy.changedBy'), authorName(t, chosen.changedBy)],
            ]}
            onClose={() => setSelected(null)}
            testId="policy-version"
          />
        )
      }
      hint={t('administration.policy.historyKeys')}
    />
  )
}

function historyColumns(t: Translate): Column<Version>[] {
  const author = (row: Version) => authorName(t, row.changedBy)
  const changes = (row: Version) => {
    if (row.changes === null) return t('administration.policy.first')
    if (row.changes.length === 0) return t('administration.policy.same')
    return row.changes
      .map(
        ({ parameter, from, to }) =>
          `${parameterName(t, parameter)} ${valueText(t, parameter, from)} → ${valueText(t, parameter, to)}`,
      )
      .join('；')
  }
  return [
    {
      key: 'version',
      title: t('administration.policy.version'),
      width: 80,
      render: (row) => <span className="number">{row.version}</span>,
      text: (row) => String(row.version),
      order: (row) => row.version,
    },
    timeColumn('at', t('administration.policy.changedAt'), (row) => row.changedAt),
    {
      key: 'by',
      title: t('administration.policy.changedBy'),
      width: 136,
      render: (row) => <strong title={author(row)}>{author(row)}</strong>,
      text: author,
      choices: (row) => [author(row)],
    },
    {
      key: 'changes',
      title: t('administration.policy.changes'),
      width: 320,
      grow: 1,
      render: (row) => <span title={changes(row)}>{changes(row)}</span>,
      text: changes,
    },
  ]
}
