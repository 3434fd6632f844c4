import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FallbackGrantRow } from '../../shared/api/administration.ts'
import { useBridge } from '../bridge/index.ts'
import { dateTime, type Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { useListing } from './frame/listing.ts'
import { OfficerScreen } from './frame/officer-screen.tsx'
import { useNow } from './frame/use-now.ts'

/** Who could, and can, sign in without their key, by whose leave and why. Read only for every officer. */
export function FallbackGrants() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow()
  const listing = useListing('fallback-grants', bridge.administrationFallbackGrants)
  const columns = useMemo(() => grantColumns(t, now), [t, now])
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <OfficerScreen
      table="fallback-grants"
      title={t('areas.fallback-grants')}
      listing={listing}
      columns={columns}
      rowKey={({ id }) => id}
      selected={selected}
      onSelect={setSelected}
      hint={t('administration.grant.keys')}
    />
  )
}

/** Whether a grant holds now, ran out, or was ended before its time. */
export function grantState(row: FallbackGrantRow, now: number): 'holds' | 'over' | 'ended' {
  if (row.endedAt !== null) return 'ended'
  return row.endsAt > now ? 'holds' : 'over'
}

function grantColumns(t: Translate, now: number): Column<FallbackGrantRow>[] {
  const short = (row: FallbackGrantRow) => t(`administration.grant.state.${grantState(row, now)}`)
  const long = (row: FallbackGrantRow) =>
    row.endedAt === null
      ? short(row)
      : t('administration.grant.endedBy', { who: row.endedBy, time: dateTime(row.endedAt) })
  const time = (key: 'grantedAt' | 'endsAt'): Column<FallbackGrantRow> => ({
    key,
    title: t(`administration.grant.${key}`),
    width: 152,
    render: (row) => <span className="number">{dateTime(row[key])}</span>,
    text: (row) => dateTime(row[key]),
    order: (row) => row[key],
  })
  return [
    {
      key: 'person',
      title: t('administration.grant.person'),
      width: 112,
      grow: 1,
      render: (row) => <strong title={row.person}>{row.person}</strong>,
      text: (row) => row.person,
    },
    {
      key: 'state',
      title: t('administration.grant.stateTitle'),
      width: 232,
      grow: 1,
      render: (row) => (
        <span className={grantState(row, now) === 'holds' ? 'state-warn' : 'quiet'} title={long(row)}>
          {long(row)}
        </span>
      ),
      text: long,
      choices: (row) => [short(row)],
    },
    time('grantedAt'),
    time('endsAt'),
    {
      key: 'grantedBy',
      title: t('administration.grant.grantedBy'),
      width: 112,
      render: (row) => <span title={row.grantedBy}>{row.grantedBy}</span>,
      text: (row) => row.grantedBy,
    },
    {
      key: 'signIns',
      title: t('administration.grant.signIns'),
      width: 88,
      render: (row) => <span className="number">{row.signIns}</span>,
      text: (row) => String(row.signIns),
      order: (row) => row.signIns,
    },
    {
      key: 'reason',
      title: t('administration.grant.reason'),
      width: 200,
      grow: 3,
      render: (row) => <span title={row.reason}>{row.reason}</span>,
      text: (row) => row.reason,
    },
  ]
}
