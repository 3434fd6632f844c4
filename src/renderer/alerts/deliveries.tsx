import { useTranslation } from 'react-i18next'
import type { Delivery } from '../../shared/alert/index.ts'
import { clockTime } from '../i18n/index.ts'
import { deliveryWords } from './delivery.tsx'
import { deliveryError } from './event-words.ts'

/** Each message to each hospital system: how far it came, how often it was tried, and what stood in the way. */
export function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation()
  if (deliveries.length === 0) return <p className="quiet">{t('alerts.noDeliveries')}</p>
  return (
    <table className="deliveries" data-testid="alert-deliveries">
      <thead>
        <tr>
          {(['target', 'message', 'state', 'attempts', 'error'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`alerts.deliveryColumns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id} data-delivery={delivery.id} data-state={delivery.state}>
            <td>{delivery.target || t('alerts.noTarget')}</td>
            <td>{t(`alerts.message.${delivery.kind}`)}</td>
            <td className={`delivery-${delivery.state}`}>
              {deliveryWords(t, delivery)}
              {delivery.state === 'retrying' && delivery.nextAttemptAt !== null && (
                <span className="quiet">
                  {' '}
                  {t('alerts.next', { time: clockTime(delivery.nextAttemptAt) })}
                </span>
              )}
            </td>
            <td className="number">{delivery.attempts}</td>
            <td>{delivery.lastError === null ? '' : deliveryError(t, delivery.lastError)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
