import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { OneTimeDialog } from '../frame/one-time-dialog.tsx'
import { whose } from './account-words.tsx'
import { CertificateField, useCertificateFacts } from './certificate-field.tsx'

/** Says which certificate speaks for a person. */
export function BindCertificateDialog({ row, onClose }: { row: AccountRow; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [text, setText] = useState('')
  const [bound, setBound] = useState<string | null>(null)
  const facts = useCertificateFacts(text)
  if (bound !== null) {
    return (
      <OneTimeDialog
        title={t('administration.account.done.bind-certificate')}
        whom={whose(t, row)}
        text={t('administration.certificate.boundText')}
        onClose={onClose}
      >
        <dl className="facts-list certificate-facts" data-testid="certificate-bound">
          <dt>{t('administration.certificate.subject')}</dt>
          <dd>{facts?.subject}</dd>
          <dt>{t('administration.certificate.fingerprint')}</dt>
          <dd className="mono">{bound}</dd>
        </dl>
      </OneTimeDialog>
    )
  }
  return (
    <ActionDialog
      title={t('administration.account.action.bind-certificate')}
      submit={t('administration.account.submit.bind-certificate')}
      ready={facts !== null}
      run={() => unwrap(bridge.administrationBindCertificate({ id: row.id, certificate: text }))}
      onDone={({ fingerprint }) => setBound(fingerprint)}
      onClose={onClose}
      width={560}
    >
      <p className="dialog-whom">{whose(t, row)}</p>
      <p className="dialog-text">{t('administration.certificate.bindText')}</p>
      <CertificateField value={text} onChange={setText} facts={facts} />
    </ActionDialog>
  )
}
