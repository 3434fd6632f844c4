import { Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { dateOf } from '../i18n/index.ts'
import type { TokenChoice } from './choices.ts'
import { commonName } from './common-name.ts'
import './token.css'

interface TokenPickerProps {
  /** Null until the first answer. */
  choices: readonly TokenChoice[] | null
  chosen: TokenChoice | null
  onChoose: (key: string) => void
  disabled?: boolean
}

/** The keys that are plugged in, each with its owner and how long it is valid; what cannot be used says why. */
export function TokenPicker({ choices, chosen, onChoose, disabled = false }: TokenPickerProps) {
  const { t } = useTranslation()
  if (choices === null) return <p className="token-none">{t('app.loading')}</p>
  if (choices.length === 0) {
    return (
      <div className="token-none" data-testid="token-none" role="status">
        <strong>{t('token.none')}</strong>
        <span>{t('token.noneHint')}</span>
      </div>
    )
  }
  return (
    <Radio.Group
      className="token-list"
      value={chosen?.key ?? null}
      onChange={(event) => onChoose(String(event.target.value))}
      disabled={disabled}
      aria-label={t('token.label')}
    >
      {choices.map((choice) => (
        <Radio
          key={choice.key}
          value={choice.key}
          disabled={disabled || choice.barred !== null}
          className="token-choice"
        >
          <ChoiceText choice={choice} />
        </Radio>
      ))}
    </Radio.Group>
  )
}

function ChoiceText({ choice }: { choice: TokenChoice }) {
  const { t } = useTranslation()
  const { token, certificate, barred } = choice
  return (
    <span className="token-text" data-testid="token" data-token={token.id} data-barred={barred ?? undefined}>
      <span className="token-owner">
        <strong>{certificate ? commonName(certificate.subject) : token.label}</strong>
        {barred !== null && <span className="token-barred">{barredText()}</span>}
      </span>
      <span className="token-facts">
        {certificate
          ? `${token.label} · ${t('token.validUntil', { date: dateOf(certificate.notAfter) })}`
          : `${t(`token.kind.${token.kind}`)} · ${token.kind === 'pkcs12' ? t('token.pkcs12') : t('token.noCertificate')}`}
      </span>
      {(token.pin === 'low' || token.pin === 'final-try') && (
        <span className="token-pin-low" data-testid="token-pin-state">
          {t(`token.pinState.${token.pin}`)}
        </span>
      )}
    </span>
  )

  function barredText(): string {
    if (barred === null) return ''
    if (barred === 'locked') return t('token.pinState.locked')
    if (barred === 'empty') return t('token.noCertificate')
    return t(`token.unfit.${barred}`)
  }
}
