import { Button, Radio } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateOf } from '../i18n/index.ts'
import type { TokenChoice } from './choices.ts'
import { commonName } from './common-name.ts'
import type { ChosenToken } from './use-chosen-token.ts'
import './token.css'

interface TokenPickerProps {
  token: ChosenToken
  disabled?: boolean
  /** Shows the key that signed in last alone, and the others on request. */
  compact?: boolean
}

/** The keys that are plugged in, each with its owner and how long it is valid; what cannot be used says why. */
export function TokenPicker({ token, disabled = false, compact = false }: TokenPickerProps) {
  const { t } = useTranslation()
  const { choices, chosen } = token
  const [asked, setAsked] = useState(false)
  if (choices === null) return <p className="token-none">{t('app.loading')}</p>
  if (choices.length === 0) {
    return (
      <div className="token-none" data-testid="token-none" role="status">
        <strong>{t('token.none')}</strong>
        <span>{t('token.noneHint')}</span>
      </div>
    )
  }
  if (chosen && choices.length === 1) return <OneToken choice={chosen} />
  if (chosen && compact && token.known && !asked) {
    return (
      <OneToken choice={chosen}>
        <Button
          type="link"
          size="small"
          disabled={disabled}
          onClick={() => setAsked(true)}
          data-testid="token-other"
        >
          {t('token.other')}
        </Button>
      </OneToken>
    )
  }
  return <TokenList token={token} choices={choices} disabled={disabled} />
}

/** Nothing to choose: whose key it is. */
function OneToken({ choice, children }: { choice: TokenChoice; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and there is none
    <div className="token-one" role="group" aria-label={t('token.label')}>
      <ChoiceText choice={choice} />
      {children}
    </div>
  )
}

function TokenList(props: { token: ChosenToken; choices: readonly TokenChoice[]; disabled: boolean }) {
  const { t } = useTranslation()
  const { token, choices, disabled } = props
  const list = useRef<HTMLDivElement>(null)
  const key = token.chosen?.key ?? null
  useEffect(() => {
    if (key === null) return
    list.current?.querySelector('.ant-radio-wrapper-checked')?.scrollIntoView({ block: 'nearest' })
  }, [key])
  return (
    <Radio.Group
      ref={list}
      className="token-list"
      value={key}
      onChange={(event) => token.choose(String(event.target.value))}
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
          : token.kind === 'pkcs12'
            ? t('token.pkcs12')
            : t('token.kind.pkcs11')}
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
