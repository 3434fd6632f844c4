import type { AlertStatistics, StatisticsBy } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { durationText, shareText } from './duration.ts'
import { groupLabel } from './group-label.ts'

type Group = AlertStatistics['groups'][number]

export function groupColumns(t: Translate, by: StatisticsBy): Column<Group>[] {
  const label = (row: Group) => groupLabel(t, by, row)
  const count = (
    key: 'count' | 'received' | 'handled' | 'escalated' | 'byPhone' | 'withdrawn',
  ): Column<Group> => ({
    key,
    title: t(`retrospect.column.${key}`),
    width: key === 'withdrawn' ? 96 : 80,
    render: ({ figures }) => <span className="number">{figures[key]}</span>,
    text: ({ figures }) => String(figures[key]),
    order: ({ figures }) => figures[key],
  })
  const time = (
    key: 'receiveMedianMs' | 'receiveP95Ms' | 'handleMedianMs' | 'handleP95Ms',
  ): Column<Group> => ({
    key,
    title: t(`retrospect.column.${key}`),
    width: 112,
    render: ({ figures }) => <span className="number">{durationText(t, figures[key])}</span>,
    text: ({ figures }) => durationText(t, figures[key]),
    order: ({ figures }) => figures[key],
  })
  const share = (key: 'receiveWithin' | 'handleWithin'): Column<Group> => ({
    key,
    title: t(`retrospect.column.${key}`),
    width: 112,
    render: ({ figures }) => {
      const value = figures[key]
      const weight = value === null || value >= 0.95 ? '' : value >= 0.8 ? 'state-warn' : 'state-bad'
      return <span className={`number ${weight}`}>{shareText(value)}</span>
    },
    text: ({ figures }) => shareText(figures[key]),
    order: ({ figures }) => figures[key],
  })
  return [
    {
      key: 'group',
      title: t(`retrospect.by.${by}`),
      width: 136,
      grow: 2,
      render: (row) => <strong title={label(row)}>{label(row)}</strong>,
      text: label,
    },
    count('count'),
    count('received'),
    share('receiveWithin'),
    time('receiveMedianMs'),
    time('receiveP95Ms'),
    count('handled'),
    share('handleWithin'),
    time('handleMedianMs'),
    time('handleP95Ms'),
    count('escalated'),
    count('byPhone'),
    count('withdrawn'),
  ]
}
