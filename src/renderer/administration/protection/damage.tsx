import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DamageRow } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { wordOf } from '../frame/figures.ts'
import type { Listing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'

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
      hint={t('dataProtection.protection.damage.hint')}
    />
  )
}

function columnsOf(t: Translate): Column<DamageRow>[] {
  const state = (row: DamageRow) => t(`dataProtection.protection.damage.states.${row.state}`)
  const what = (row: DamageRow) => wordOf(t, `dataProtection.protection.damage.whats.${row.what}`, row.what)
  const source = ({ source: from }: DamageRow) => {
    const [kind = '', id] = from.split(':')
    const word = wordOf(t, `dataProtection.protection.damage.sources.${kind}`, kind)
    return id ? `${word} ${id}` : word
  }
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
      key: 'place',
      title: t('dataProtection.protection.damage.place'),
      width: 240,
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
      width: 140,
      grow: 1,
      render: what,
      text: what,
      choices: (row) => [what(row)],
    },
    {
      key: 'source',
      title: t('dataProtection.protection.damage.source'),
      width: 160,
      grow: 1,
      render: (row) => <span title={source(row)}>{source(row)}</span>,
      text: source,
    },
    timeColumn('restoredAt', t('dataProtection.protection.damage.restoredAt'), (row) => row.restoredAt),
  ]
}
