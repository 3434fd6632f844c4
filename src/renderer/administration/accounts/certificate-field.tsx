import { Button } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClock } from '../../bridge/index.ts'
import { dateOf } from '../../i18n/index.ts'
import type { CertificateFacts } from './read-certificate.ts'
import './accounts.css'

/** The same bound as the route's. */
const mostLetters = 16_384

interface CertificateFieldProps {
  value: string
  onChange: (value: string) => void
  /** What stands in it, once it could be read; null while it could not. */
  facts: CertificateFacts | null
}

/** A certificate, pasted as PEM or chosen as a file, and whose it is. */
export function CertificateField({ value, onChange, facts }: CertificateFieldProps) {
  const { t } = useTranslation()
  const clock = useClock()
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const [tooLarge, setTooLarge] = useState(false)
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return
    setTooLarge(chosen.size > mostLetters)
    if (chosen.size > mostLetters) return
    const bytes = new Uint8Array(await chosen.arrayBuffer())
    const { certificateText } = await import('./read-certificate.ts')
    onChange(certificateText(bytes))
  }
  const unread = value.trim() !== '' && facts === null
  return (
    <div className="field">
      <label htmlFor={id}>{t('administration.certificate.field')}</label>
      <textarea
        id={id}
        className="field-input mono"
        rows={4}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="-----BEGIN CERTIFICATE-----"
        maxLength={mostLetters}
        spellCheck={false}
        aria-invalid={unread || tooLarge}
        data-testid="certificate-text"
      />
      <input
        ref={file}
        type="file"
        accept=".cer,.crt,.pem,.der"
        hidden
        onChange={(event) => {
          void choose(event.target.files?.[0])
          event.target.value = ''
        }}
        data-testid="certificate-file"
      />
      <div>
        <Button size="small" onClick={() => file.current?.click()}>
          {t('administration.certificate.choose')}
        </Button>
      </div>
      {(unread || tooLarge) && (
        <span className="field-mistake" role="alert" data-testid="certificate-unread">
          {t(tooLarge ? 'administration.certificate.tooLarge' : 'administration.certificate.unread')}
        </span>
      )}
      {facts && (
        <dl className="facts-list certificate-facts" data-testid="certificate-facts">
          <dt>{t('administration.certificate.subject')}</dt>
          <dd>{facts.subject}</dd>
          <dt>{t('administration.certificate.issuer')}</dt>
          <dd>{facts.issuer}</dd>
          <dt>{t('administration.certificate.notAfter')}</dt>
          <dd className={facts.notAfter < clock() ? 'state-bad number' : 'number'}>
            {dateOf(facts.notAfter)}
            {facts.notAfter < clock() && ` ${t('administration.certificate.state.expired')}`}
          </dd>
          <dt>{t('administration.certificate.fingerprint')}</dt>
          <dd className="mono">{facts.fingerprint}</dd>
        </dl>
      )}
    </div>
  )
}

/** What stands in a pasted certificate; the reader is loaded when it is first needed. */
export function useCertificateFacts(text: string): CertificateFacts | null {
  const [read, setRead] = useState<{ text: string; facts: CertificateFacts | null } | null>(null)
  useEffect(() => {
    if (text.trim() === '') return
    let wanted = true
    import('./read-certificate.ts')
      .then(({ readCertificate }) => readCertificate(text))
      .then(
        (facts) => wanted && setRead({ text, facts }),
        () => undefined,
      )
    return () => {
      wanted = false
    }
  }, [text])
  return read?.text === text ? read.facts : null
}
