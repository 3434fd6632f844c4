import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import { clockTime } from '../i18n/index.ts'
import './alerts.css'

/** Where one alert stands on its way to the hospital's system, in a word and a time. */
export function Delivery({ alert }: { alert: Alert }) {
  const { t } = useTranslation()
  const { state, attempts, deliveredAt, nextAttemptAt } = alert.delivery
  const words = {
    queued: () => t('alerts.state.queued'),
    sending: () => t('alerts.state.sending'),
    retrying: () => t('alerts.state.retrying', { attempts }),
    delivered: () =>
      t('alerts.state.delivered', { time: deliveredAt === null ? '' : clockTime(deliveredAt) }),
    refused: () => t('alerts.state.refused'),
  }
  return (
    <span className={`delivery delivery-${state}`} data-testid="delivery" data-state={state}>
      {words[state]()}
      {state === 'retrying' && nextAttemptAt !== null && (
        <span className="quiet">{t('alerts.next', { time: clockTime(nextAttemptAt) })}</span>
      )}
    </span>
  )
}
