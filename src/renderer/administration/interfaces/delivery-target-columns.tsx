import type { DeliveryTarget } from '../../../shared/api/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { deliveryErrorText } from './interface-words.ts'

export const circuitWeight = { closed: 'ok', 'half-open': 'warn', open: 'bad' } as const

export function targetColumns(t: Translate): Column<DeliveryTarget>[] {
  const kind = (row: DeliveryTarget) => t(`interfaces.target.kinds.${row.kind}`)
  const circuit = (row: DeliveryTarget) => t(`interfaces.target.circuit.${row.circuit}`)
  const error = (row: DeliveryTarget) => deliveryErrorText(t, row.lastError)
  return [
    {
      key: 'name',
      title: t('interfaces.target.name'),
      width: 136,
      grow: 1,
      render: (row) => <strong title={row.name}>{row.name}</strong>,
      text: (row) => row.name,
    },
    {
      key: 'circuit',
      title: t('interfaces.target.state'),
      width: 104,
      render: (row) => <span className={`state-${circuitWeight[row.circuit]}`}>{circuit(row)}</span>,
      text: circuit,
      choices: (row) => [circuit(row)],
    },
    {
      key: 'kind',
      title: t('interfaces.target.kind'),
      width: 152,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    {
      key: 'address',
      title: t('interfaces.target.address'),
      width: 200,
      grow: 2,
      render: (row) => (
        <span className="number" title={row.address}>
          {row.address}
        </span>
      ),
      text: (row) => row.address,
    },
    number('waiting', t('interfaces.target.waiting'), (row) => row.waiting, 'state-warn'),
    number('letters', t('interfaces.part.letters'), (row) => row.deadLetters, 'state-bad'),
    {
      key: 'success',
      title: t('interfaces.target.lastSuccess'),
      width: 160,
      render: (row) => (
        <span className="number">{row.lastSuccessAt === null ? '' : dateTime(row.lastSuccessAt)}</span>
      ),
      text: (row) => (row.lastSuccessAt === null ? '' : dateTime(row.lastSuccessAt)),
      order: (row) => row.lastSuccessAt,
    },
    {
      key: 'error',
      title: t('interfaces.target.lastError'),
      width: 160,
      grow: 2,
      render: (row) => (
        <span className="quiet" title={error(row)}>
          {error(row)}
        </span>
      ),
      text: error,
    },
  ]
}

/** A count; where there is something to worry about, it shows. */
function number(
  key: string,
  title: string,
  count: (row: DeliveryTarget) => number,
  weight: string,
): Column<DeliveryTarget> {
  return {
    key,
    title,
    width: 80,
    render: (row) => <span className={count(row) > 0 ? `number ${weight}` : 'number'}>{count(row)}</span>,
    text: (row) => String(count(row)),
    order: count,
  }
}
