import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changedRules, type RuleChanges } from '../../../shared/access/index.ts'
import type { LabelRulesVersion } from '../../../shared/api/labels.ts'
import { useBridge } from '../../bridge/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { RuleChangeList } from './rule-change-list.tsx'
import { changeWords } from './rule-words.ts'

interface Version extends LabelRulesVersion {
  /** Against the version before it; null where that is not known. */
  changes: RuleChanges | null
}

/** Every version of the rules, the newest first, and what each changed. */
export function RulesHistory() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const asked = useListing('label-rules-history', bridge.labelsHistory)
  const rows = useMemo(() => withChanges(asked.rows), [asked.rows])
  const columns = useMemo(() => versionColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const chosen = rows.find(({ version }) => String(version) === selected)
  return (
    <OfficerScreen
      table="label-rules-history"
      title={t('labels.part.history')}
      listing={{ ...asked, rows }}
      columns={columns}
      rowKey={({ version }) => String(version)}
      selected={selected}
      onSelect={setSelected}
      aside={
        chosen && (
          <FactsPanel
            title={t('labels.history.versionTitle', { version: chosen.version })}
            states={chosen.changes ? <RuleChangeList changes={chosen.changes} /> : changesText(t, chosen)}
            facts={[
              [t('labels.history.at'), dateTime(chosen.changedAt)],
              [t('labels.history.by'), chosen.changedBy],
            ]}
            onClose={() => setSelected(null)}
            testId="rules-version"
          />
        )
      }
      hint={t('labels.history.keys')}
    />
  )
}

function withChanges(versions: readonly LabelRulesVersion[]): Version[] {
  const newestFirst = versions.toSorted((a, b) => b.version - a.version)
  return newestFirst.map((version, index) => {
    const before = newestFirst[index + 1]
    return { ...version, changes: before ? changedRules(before.rules, version.rules) : null }
  })
}

function changesText(t: Translate, { changes, rules }: Version): string {
  if (!changes) return t('labels.history.first', { n: rules.rules.length })
  return changeWords(t, changes).join('；') || t('labels.history.same')
}

function versionColumns(t: Translate): Column<Version>[] {
  return [
    {
      key: 'version',
      title: t('labels.history.version'),
      width: 80,
      render: (row) => <span className="number">{row.version}</span>,
      text: (row) => String(row.version),
      order: (row) => row.version,
    },
    timeColumn('at', t('labels.history.at'), (row) => row.changedAt),
    {
      key: 'by',
      title: t('labels.history.by'),
      width: 136,
      render: (row) => <strong title={row.changedBy}>{row.changedBy}</strong>,
      text: (row) => row.changedBy,
      choices: (row) => [row.changedBy],
    },
    {
      key: 'changes',
      title: t('labels.history.changes'),
      width: 320,
      grow: 1,
      render: (row) => <span title={changesText(t, row)}>{changesText(t, row)}</span>,
      text: (row) => changesText(t, row),
    },
  ]
}
