import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportDocument, ReportText, SignedReport } from '../../shared/report/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { SignOffForm } from './sign-off-form.tsx'
import { SignedSummary } from './signed-summary.tsx'
import './sign-off.css'

interface SignOffDialogProps {
  study: string
  /** The exact text to sign. */
  text: ReportText
  typeName: (code: string) => string
  onBack: () => void
}

/**
 * From the gateway's own analysis to the signature: decide on each finding, sign, see the alerts go out.
 * While it signs it cannot be closed.
 */
export function SignOffDialog({ study, text, typeName, onBack }: SignOffDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const [signing, setSigning] = useState(false)
  const [shown, setShown] = useState(false)
  const [signed, setSigned] = useState<{ report: SignedReport; alerts: number } | null>(null)
  const prepared = useQuery({
    queryKey: ['sign-off', study, text],
    queryFn: () => unwrap(bridge.reportPrepareSignOff({ study, text })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const close = () => {
    if (signing) return
    if (signed) void queries.invalidateQueries({ queryKey: ['report', study] })
    else onBack()
  }
  return (
    <Modal
      open
      title={
        <span className="sign-off-title">
          {signed ? t('signOff.done') : t('signOff.title')}
          {prepared.data && <WhoseReport document={prepared.data.document} />}
        </span>
      }
      width={760}
      onCancel={close}
      afterOpenChange={setShown}
      closable={!signing}
      keyboard={!signing}
      mask={{ closable: false }}
      footer={null}
      destroyOnHidden
      centered
      data-testid="sign-off-dialog"
    >
      {signed ? (
        <SignedSummary report={signed.report} alerts={signed.alerts} onClose={close} />
      ) : prepared.isError ? (
        <>
          <FailureNotice
            title={t('signOff.prepareFailed')}
            thrown={prepared.error}
            onRetry={() => void prepared.refetch()}
          />
          <div className="sign-off-actions">
            <Button onClick={close} autoFocus>
              {t('signOff.back')}
            </Button>
          </div>
        </>
      ) : prepared.data && shown ? (
        // Only once the dialog shows: nothing in it can take the focus before.
        <SignOffForm
          study={study}
          text={text}
          prepared={prepared.data}
          typeName={typeName}
          onSigning={setSigning}
          onSigned={(report, alerts) => {
            setSigned({ report, alerts })
            void queries.invalidateQueries({ queryKey: ['worklist'] })
            void queries.invalidateQueries({ queryKey: ['alerts'] })
          }}
          onBack={close}
        />
      ) : (
        <div className="fill-message" role="status">
          {t('signOff.preparing')}
        </div>
      )}
    </Modal>
  )
}

/** A signature is for one patient's exam: whose, in the words of the document that is signed. */
function WhoseReport({ document }: { document: ReportDocument }) {
  return (
    <span className="sign-off-whose" data-testid="sign-off-whose">
      <strong>{personName(document.patientName)}</strong>
      <span className="number">{document.patientId}</span>
      <span className="number">{document.accessionNumber}</span>
    </span>
  )
}
