import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DamageRow } from '../../../shared/api/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import type { Listing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { damageText, lackText, placeText, sourceText, todoText } from './protection-words.ts'

/** Every value and file that was found damaged, what still is first. */
export function Damage(props: { rows: readonly DamageRow[]; listing: Omit<Listing<DamageRow>, 'rows'> }) {
  const { t } = useTranslation()
  const [selected, setSelected] = useState<string | null>(null)
  const columns = useMemo(() => columnsOf(t), [t])
  const rows = useMemo(
    () =>
      props.rows.toSorted(
        (a, b) => Number(b.state === 'isolated') - Number(a.state === 'isolated') || b.foundAt - a.foundAt,
      ),
    [props.rows],
  )
  const row = rows.find(({ id }) => id === selected)
  return (
    <OfficerScreen
      table="damage"
      title={t('dataProtection.protection.parts.damage')}
      listing={{ ...props.listing, rows }}
      columns={columns}
      rowKey={({ id }) => id}
      selected={selected}
      onSelect={setSelected}
      attributes={({ state }) => ({ 'data-state': state })}
      aside={row && <DamageFacts row={row} onClose={() => setSelected(null)} />}
      hint={t('dataProtection.protection.damage.hint')}
    />
  )
}

/** One damaged place in full, and what to do about it. */
function DamageFacts({ row, onClose }: { row: DamageRow; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <FactsPanel
      title={placeText(t, row)}
      states={
        <span className={row.state === 'isolated' ? 'state-bad' : 'state-ok'}>
          {t(`dataProtection.protection.damage.states.${row.state}`)}
        </span>
      }
      facts={[
        [t('dataProtection.protection.damage.what'), damageText(t, row.what)],
        ...(row.lack ? [[t('dataProtection.protection.damage.lack'), lackText(t, row.lack)] as const] : []),
        [
          t('dataProtection.protection.damage.place'),
          <span key="place" className="mono">
            {row.place}
          </span>,
        ],
        [t('dataProtection.protection.damage.foundAt'), dateTime(row.foundAt)],
        ...(row.restoredAt === null
          ? [[t('dataProtection.alarm.todo'), todoText(t, row)] as const]
          : [
              [t('dataProtection.protection.damage.restoredAt'), dateTime(row.restoredAt)] as const,
              [t('dataProtection.protection.damage.source'), sourceText(t, row)] as const,
            ]),
      ]}
      onClose={onClose}
      testId="damage-facts"
    />
  )
}

function columnsOf(t: Translate): Column<DamageRow>[] {
  const state = (row: DamageRow) => t(`dataProtection.protection.damage.states.${row.state}`)
  const what = (row: DamageRow) => damageText(t, row.what)
  const source = (row: DamageRow) => sourceText(t, row)
  const data = (row: DamageRow) => placeText(t, row)
  return [
    timeColumn('foundAt', t('dataProtection.protection.damage.foundAt'), (row) => row.foundAt),
    {
      key: 'state',
      title: t('dataProtection.protection.damage.state'),
      width: 80,
      render: (row) => (
        <span className={row.state === 'isolated' ? 'state-bad' : 'state-ok'}>{state(row)}</span>
      ),
      text: state,
      choices: (row) => [state(row)],
    },
    {
      key: 'data',
      title: t('dataProtection.protection.damage.data'),
      width: 128,
      grow: 1,
      render: (row) => <span title={data(row)}>{data(row)}</span>,
      text: data,
      choices: (row) => [data(row)],
    },
    {
      key: 'place',
      title: t('dataProtection.protection.damage.place'),
      width: 152,
      grow: 3,
      render: (row) => (
        <span className="mono" title={row.place}>
          {row.place}
        </span>
      ),
      text: (row) => row.place,
    },
    {
      key: 'what',
      title: t('dataProtection.protection.damage.what'),
      width: 124,
      grow: 1,
      render: what,
      text: what,
      choices: (row) => [what(row)],
    },
    {
      key: 'source',
      title: t('dataProtection.protection.damage.source'),
      width: 136,
      grow: 1,
      render: (row) => <span title={source(row)}>{source(row)}</span>,
      text: source,
    },
    timeColumn('restoredAt', t('dataProtection.protection.damage.restoredAt'), (row) => row.restoredAt),
  ]
}
