import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import { clockTime, type Translate } from '../i18n/index.ts'
import './alerts.css'

type OneDelivery = NonNullable<Alert['delivery']>

/** Where the least advanced message of one alert stands on its way to the hospital's systems; nothing before its release. */
export function Delivery({ alert: { delivery } }: { alert: Pick<Alert, 'delivery'> }) {
  const { t } = useTranslation()
  if (delivery === null) return null
  const { state, nextAttemptAt } = delivery
  return (
    <span className={`delivery delivery-${state}`} data-testid="delivery" data-state={state}>
      {deliveryWords(t, delivery)}
      {state === 'retrying' && nextAttemptAt !== null && (
        <span className="quiet">{t('alerts.next', { time: clockTime(nextAttemptAt) })}</span>
      )}
    </span>
  )
}

/** 重试 3 次, 已送达 10:32:05. */
export function deliveryWords(
  t: Translate,
  { state, attempts, deliveredAt }: Pick<OneDelivery, 'state' | 'attempts' | 'deliveredAt'>,
): string {
  switch (state) {
    case 'retrying':
      return t('alerts.state.retrying', { attempts })
    case 'delivered':
      return t('alerts.state.delivered', { time: deliveredAt === null ? '' : clockTime(deliveredAt) })
    default:
      return t(`alerts.state.${state}`)
  }
}
