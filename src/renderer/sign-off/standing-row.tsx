import { Input, Radio } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type EarlierAlert, mayWithdraw } from '../../shared/alert/index.ts'
import { useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'
import type { Lack } from './decisions.ts'
import type { StandingEntry } from './work.ts'

interface StandingRowProps {
  alert: EarlierAlert
  typeName: string
  entry: StandingEntry
  onEntry: (entry: StandingEntry) => void
  lack: Lack | null
  disabled: boolean
  autoFocus: boolean
}

/** An alert whose finding the new version no longer has: taken back, or left standing, and why. */
export function StandingRow({
  alert,
  typeName,
  entry,
  onEntry,
  lack,
  disabled,
  autoFocus,
}: StandingRowProps) {
  const { t } = useTranslation()
  const clock = useClock()
  const id = useId()
  const withdrawable = mayWithdraw(alert.state)
  return (
    <section
      className={lack ? 'decision decision-lacks' : 'decision'}
      aria-labelledby={id}
      data-testid="standing"
      data-item={alert.id}
    >
      <div className="decision-head" id={id}>
        <strong>{typeName}</strong>
        <span className="quiet">
          {t('signOff.standing.raised', {
            time: sentenceTime(alert.raisedAt, clock()),
            name: alert.raisedBy,
            state: t(`signOff.earlier.state.${alert.state.status}`),
          })}
        </span>
      </div>
      <p className="decision-excerpt">{alert.content}</p>
      <div className="decision-choice">
        <Radio.Group
          value={entry.action}
          onChange={(event) => onEntry({ ...entry, action: event.target.value as StandingEntry['action'] })}
          disabled={disabled}
          aria-labelledby={id}
        >
          <Radio
            value="withdraw"
            disabled={disabled || !withdrawable}
            autoFocus={autoFocus && withdrawable}
            data-testid="standing-withdraw"
          >
            {t('signOff.standing.withdraw')}
          </Radio>
          <Radio value="keep" autoFocus={autoFocus && !withdrawable} data-testid="standing-keep">
            {t('signOff.standing.keep')}
          </Radio>
        </Radio.Group>
        {!withdrawable && <span className="quiet">{t('signOff.standing.noWithdraw')}</span>}
      </div>
      {entry.action && (
        <div data-lack-reason>
          <Input
            value={entry.reason}
            onChange={(event) => onEntry({ ...entry, reason: event.target.value })}
            maxLength={200}
            disabled={disabled}
            status={lack === 'reason' ? 'error' : ''}
            placeholder={t(`signOff.standing.reasonOf.${entry.action}`)}
            aria-label={t(`signOff.standing.reasonOf.${entry.action}`)}
            data-testid="standing-reason"
          />
        </div>
      )}
      {lack && (
        <p className="decision-lack">
          {t(lack === 'reason' ? 'signOff.standingReasonMissing' : 'signOff.standingActionMissing')}
        </p>
      )}
    </section>
  )
}
