import { Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { type DismissReason, dismissReasons, type Entry } from './work.ts'

/** Why a finding is not reported: a usual reason, or one's own words. */
export function Dismissal(props: {
  entry: Pick<Entry, 'reason' | 'otherReason'>
  onEntry: (change: Partial<Entry>) => void
  disabled: boolean
  lacks: boolean
}) {
  const { t } = useTranslation()
  const { entry, onEntry, disabled } = props
  return (
    <div className="decision-reasons" data-lack-reason>
      <Radio.Group
        className="decision-reason-list"
        value={entry.reason}
        onChange={(event) => onEntry({ reason: event.target.value as DismissReason })}
        disabled={disabled}
        aria-label={t('signOff.reason')}
      >
        {dismissReasons.map((reason) => (
          <Radio key={reason} value={reason} data-testid={`reason-${reason}`}>
            {t(`signOff.reasons.${reason}`)}
          </Radio>
        ))}
        <Radio value="other" data-testid="reason-other">
          {t('signOff.reasonOther')}
        </Radio>
      </Radio.Group>
      {entry.reason === 'other' && (
        <Input
          value={entry.otherReason}
          onChange={(event) => onEntry({ otherReason: event.target.value })}
          maxLength={200}
          disabled={disabled}
          status={props.lacks ? 'error' : ''}
          placeholder={t('signOff.reasonText')}
          aria-label={t('signOff.reasonText')}
          data-testid="reason-text"
        />
      )}
    </div>
  )
}
