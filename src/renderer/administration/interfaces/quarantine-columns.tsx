import type { QuarantinedMessage } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { problemText } from './interface-words.ts'

export function quarantineColumns(t: Translate): Column<QuarantinedMessage>[] {
  const reason = (row: QuarantinedMessage) => problemText(t, row.reason)
  const state = (row: QuarantinedMessage) => t(`interfaces.quarantine.states.${row.state}`)
  return [
    timeColumn('at', t('interfaces.quarantine.receivedAt'), (row) => row.receivedAt),
    {
      key: 'state',
      title: t('interfaces.quarantine.state'),
      width: 88,
      render: (row) => <span className={row.state === 'waiting' ? 'state-bad' : ''}>{state(row)}</span>,
      text: state,
      choices: (row) => [state(row)],
    },
    {
      key: 'type',
      title: t('interfaces.quarantine.type'),
      width: 104,
      render: (row) => <span className="mono">{row.messageType}</span>,
      text: (row) => row.messageType,
      choices: (row) => [row.messageType],
    },
    {
      key: 'reason',
      title: t('interfaces.quarantine.reason'),
      width: 200,
      grow: 2,
      render: (row) => <span title={reason(row)}>{reason(row)}</span>,
      text: reason,
      choices: (row) => [reason(row)],
    },
    {
      key: 'where',
      title: t('interfaces.quarantine.where'),
      width: 112,
      grow: 1,
      render: (row) => <span className="mono">{row.where}</span>,
      text: (row) => row.where,
    },
    {
      key: 'feed',
      title: t('interfaces.quarantine.feed'),
      width: 120,
      grow: 1,
      render: (row) => row.feed,
      text: (row) => row.feed,
      choices: (row) => [row.feed],
    },
    {
      key: 'peer',
      title: t('interfaces.quarantine.peer'),
      width: 128,
      render: (row) => <span className="number">{row.peer}</span>,
      text: (row) => row.peer,
    },
    {
      key: 'control',
      title: t('interfaces.quarantine.controlId'),
      width: 136,
      grow: 1,
      render: (row) => <span className="mono">{row.controlId}</span>,
      text: (row) => row.controlId,
    },
  ]
}
