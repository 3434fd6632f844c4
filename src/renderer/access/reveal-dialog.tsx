import { Button, Modal } from 'antd'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sensitivity } from '../../shared/access/index.ts'
import { labelsApi, type RevealedIdentity } from '../../shared/api/labels.ts'
import { ActionDialog } from '../administration/frame/action-dialog.tsx'
import { useFocusReturn } from '../app/focus-return.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { personName, sexAndAge } from '../patient/patient-facts.ts'
import './access.css'

const Reason = labelsApi.revealIdentity.body.shape.reason
const usual = ['call', 'phone', 'check'] as const

/** An exam whose patient is masked. */
export interface MaskedExam {
  studyInstanceUid: string | null
  accessionNumber: string
  /** As it is shown. */
  patientName: string
  /** Absent where the list does not say it: then a reason is asked for. */
  sensitivity?: Sensitivity
}

/** Who an exam is of, on need: asked with a reason where it bears a label, shown for a while, audited. */
export function RevealDialog({ exam, onClose }: { exam: MaskedExam; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const id = useId()
  const [reason, setReason] = useState('')
  const [identity, setIdentity] = useState<RevealedIdentity | null>(null)
  const given = reason.trim() === '' ? null : reason.trim()
  const needed = exam.sensitivity !== 'general'
  if (identity) return <Identity identity={identity} onClose={onClose} />
  return (
    <ActionDialog
      title={t('labels.reveal.title')}
      submit={t('labels.reveal.submit')}
      ready={Reason.safeParse(given).success && !(needed && given === null)}
      run={() =>
        unwrap(
          bridge.identityReveal({
            studyInstanceUid: exam.studyInstanceUid,
            accessionNumber: exam.accessionNumber,
            reason: given,
          }),
        )
      }
      onDone={setIdentity}
      onClose={onClose}
    >
      <p className="dialog-whom">
        {personName(exam.patientName)} {exam.accessionNumber}
      </p>
      <p className="dialog-text">{t('labels.reveal.text')}</p>
      <div className="field">
        <label htmlFor={id}>{t('labels.reveal.reason')}</label>
        <input
          id={id}
          className="field-input"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          data-testid="reveal-reason"
        />
        <span id={`${id}-hint`} className="field-hint">
          {t(needed ? 'labels.reveal.reasonHint' : 'labels.reveal.optional')}
        </span>
        <span className="glass-usual">
          {usual.map((each) => (
            <Button
              key={each}
              size="small"
              onClick={() => setReason(t(`labels.reveal.usual.${each}`))}
              data-testid={`reveal-${each}`}
            >
              {t(`labels.reveal.usual.${each}`)}
            </Button>
          ))}
        </span>
      </div>
    </ActionDialog>
  )
}

function Identity({ identity, onClose }: { identity: RevealedIdentity; onClose: () => void }) {
  const { t } = useTranslation()
  useFocusReturn()
  const [left, setLeft] = useState(Math.round(identity.showForMs / 1000))
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => {
    if (left <= 0) onClose()
  }, [left, onClose])
  const facts = [
    ['name', personName(identity.patientName)],
    ['patientId', identity.patientId],
    ['accession', identity.accessionNumber],
    ['sex', sexAndAge(t, identity.sex, '')],
    ['birthDate', identity.birthDate.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')],
    ['phone', identity.phone],
    ['ward', [identity.ward, identity.bed].filter(Boolean).join(' / ')],
  ] as const
  return (
    <Modal
      open
      title={t('labels.reveal.title')}
      width={440}
      onCancel={onClose}
      footer={[
        <span key="left" className="quiet number reveal-left" role="timer">
          {t('labels.reveal.hides', { n: Math.max(left, 0) })}
        </span>,
        <Button key="hide" type="primary" autoFocus onClick={onClose} data-testid="reveal-hide">
          {t('labels.reveal.hide')}
        </Button>,
      ]}
      mask={{ closable: false }}
      destroyOnHidden
      centered
    >
      <dl className="reveal-facts" data-testid="revealed">
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`labels.reveal.${key}`)}</dt>
            <dd className="number">{value || t('labels.reveal.none')}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
