import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import type { SectionFinding } from '../../shared/critical/index.ts'
import { failureOf } from '../../shared/errors/index.ts'
import type {
  Amendment,
  KeyImage,
  ReportDocument,
  ReportText,
  SignedReport,
} from '../../shared/report/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { useDictionary } from '../report/dictionary.ts'
import { SignOffForm, type Step } from './sign-off-form.tsx'
import { SignedSummary } from './signed-summary.tsx'
import { carriedWork, freshWork, type Work } from './work.ts'
import './sign-off.css'

/** What was entered before the person went back to the text, and what it was entered for. */
export interface KeptWork {
  findings: readonly SectionFinding[]
  text: ReportText
  work: Work
}

interface SignOffDialogProps {
  study: string
  /** The exact text to sign. */
  text: ReportText
  /** Why there is another version, where one is signed already. */
  amendment: Amendment | null
  /** What the last signed version says; null where none is signed. */
  signedText: ReportText | null
  keyImages: readonly KeyImage[]
  kept: KeptWork | null
  onBack: (kept: KeptWork | null) => void
}

/** Somebody else has signed, or writes: what the report pane shows is not so any more. */
const overtaken = ['report-already-signed', 'amendment-required', 'report-locked-by-other']

/**
 * From the gateway's own analysis to the signature: decide on each finding, sign, see the alerts go out.
 * While it signs it cannot be closed.
 */
export function SignOffDialog(props: SignOffDialogProps) {
  const { study, text, amendment, signedText, keyImages, kept, onBack } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { types, pending: awaitsDictionary } = useDictionary()
  const [signing, setSigning] = useState(false)
  const [shown, setShown] = useState(false)
  const [step, setStep] = useState<Step>('decide')
  const [signed, setSigned] = useState<{ report: SignedReport; alerts: readonly Alert[] } | null>(null)
  const preparation = useQuery({
    queryKey: ['sign-off', study, text, amendment, keyImages],
    queryFn: () =>
      unwrap(
        bridge.reportPrepareSignOff({
          study,
          text,
          keyImages: [...keyImages],
          ...(amendment ? { amendment } : {}),
        }),
      ),
    enabled: signed === null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const [current, setCurrent] = useState<{ prepared: PreparedSignOff; work: Work } | null>(null)
  // What is proposed for an alert is the dictionary's.
  const prepared = awaitsDictionary ? undefined : preparation.data
  // Each preparation finds what was entered for the one before.
  if (prepared && prepared !== current?.prepared) {
    const before = current ? { findings: current.prepared.findings, text, work: current.work } : kept
    setCurrent({
      prepared,
      work: before ? carriedWork(before, prepared, text, types) : freshWork(prepared, text, types),
    })
  }
  const unchanged = signedText?.findings === text.findings && signedText.impression === text.impression
  const close = () => {
    if (signing) return
    if (signed) return void queries.invalidateQueries({ queryKey: ['report', study] })
    if (step !== 'decide') return setStep('decide')
    onBack(current && { findings: current.prepared.findings, text, work: current.work })
    if (preparation.isError && overtaken.includes(failureOf(preparation.error).code))
      void queries.invalidateQueries({ queryKey: ['report', study] })
  }
  return (
    <Modal
      open
      title={
        <span className="sign-off-title">
          {signed ? t('signOff.done') : t('signOff.title')}
          {current && <WhoseReport document={current.prepared.document} />}
        </span>
      }
      width={820}
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
      {amendment && !signed && (
        <p className="sign-off-amendment" data-testid="sign-off-amendment">
          {t('signOff.amendment', { kind: t(`report.amend.${amendment.kind}`), reason: amendment.reason })}
        </p>
      )}
      {signed ? (
        <SignedSummary report={signed.report} alerts={signed.alerts} onClose={close} />
      ) : preparation.isError ? (
        <>
          <FailureNotice
            title={t('signOff.prepareFailed')}
            thrown={preparation.error}
            onRetry={() => void preparation.refetch()}
          />
          <div className="sign-off-actions">
            <Button onClick={close} autoFocus>
              {t('signOff.back')}
            </Button>
          </div>
        </>
      ) : current && shown ? (
        // Only once the dialog shows: nothing in it can take the focus before.
        <SignOffForm
          study={study}
          text={text}
          unchanged={unchanged}
          prepared={current.prepared}
          types={types}
          work={current.work}
          setWork={(change) =>
            setCurrent(
              (now) => now && { ...now, work: typeof change === 'function' ? change(now.work) : change },
            )
          }
          step={step}
          onStep={setStep}
          onSigning={setSigning}
          onOutdated={() => preparation.refetch()}
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
