import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncomingFeed } from '../../../shared/api/index.ts'
import { useBridge } from '../../bridge/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { rowsOf } from './rows-of.ts'

/** The listeners that orders and answers come in by. */
export function IncomingFeeds() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const listing = useListing(
    'incoming-feeds',
    rowsOf(bridge.interfacesFeeds, ({ feeds }) => feeds),
    5_000,
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <OfficerScreen
      table="incoming-feeds"
      title={t('interfaces.part.feeds')}
      listing={listing}
      columns={columns}
      rowKey={({ name }) => name}
      selected={selected}
      onSelect={setSelected}
      hint={t('interfaces.feed.hint')}
    />
  )
}

function columnsOf(t: Translate): Column<IncomingFeed>[] {
  const kind = (row: IncomingFeed) => t(`interfaces.feed.kinds.${row.kind}`)
  const tls = (row: IncomingFeed) => t(row.tls ? 'interfaces.feed.tls' : 'interfaces.feed.plain')
  const peers = (row: IncomingFeed) => row.peers.join(t('administration.comma'))
  const count = (key: 'received' | 'accepted' | 'quarantined' | 'turnedAway'): Column<IncomingFeed> => ({
    key,
    title: t(`interfaces.feed.${key}`),
    width: 88,
    render: (row) => (
      <span
        className={
          row[key] > 0 && (key === 'quarantined' || key === 'turnedAway') ? 'number state-warn' : 'number'
        }
      >
        {row[key]}
      </span>
    ),
    text: (row) => String(row[key]),
    order: (row) => row[key],
  })
  return [
    {
      key: 'name',
      title: t('interfaces.feed.name'),
      width: 136,
      grow: 1,
      render: (row) => <strong title={row.name}>{row.name}</strong>,
      text: (row) => row.name,
    },
    {
      key: 'kind',
      title: t('interfaces.feed.kind'),
      width: 152,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    {
      key: 'port',
      title: t('interfaces.feed.port'),
      width: 72,
      render: (row) => <span className="number">{row.port}</span>,
      text: (row) => String(row.port),
      order: (row) => row.port,
    },
    {
      key: 'tls',
      title: t('interfaces.feed.protection'),
      width: 88,
      render: (row) => <span className={row.tls ? 'state-ok' : 'state-warn'}>{tls(row)}</span>,
      text: tls,
    },
    {
      key: 'peers',
      title: t('interfaces.feed.peers'),
      width: 160,
      grow: 2,
      render: (row) => (
        <span className="number" title={peers(row)}>
          {peers(row)}
        </span>
      ),
      text: peers,
    },
    count('received'),
    count('accepted'),
    count('quarantined'),
    count('turnedAway'),
    {
      key: 'last',
      title: t('interfaces.feed.lastMessage'),
      width: 160,
      render: (row) => (
        <span className="number">{row.lastMessageAt === null ? '' : dateTime(row.lastMessageAt)}</span>
      ),
      text: (row) => (row.lastMessageAt === null ? '' : dateTime(row.lastMessageAt)),
      order: (row) => row.lastMessageAt,
    },
  ]
}
