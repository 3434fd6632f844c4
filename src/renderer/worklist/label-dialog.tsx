import { Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Sensitivity } from '../../shared/access/index.ts'
import { api } from '../../shared/api/index.ts'
import { ActionDialog } from '../administration/frame/action-dialog.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { personName } from '../patient/patient-facts.ts'
import type { ImagedRow } from './use-exam-access.tsx'

const Reason = api.labelStudy.body.shape.reason

interface LabelDialogProps {
  row: ImagedRow
  onLabelled: () => void
  onClose: () => void
}

/** 设置敏感标记: who may see the exam without saying why. */
export function LabelDialog({ row, onLabelled, onClose }: LabelDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const id = useId()
  const give = {
    study: bridge.studyLabel,
    patient: bridge.studyLabelPatient,
    report: bridge.studyLabelReport,
  }
  const [on, setOn] = useState<'study' | 'patient' | 'report'>('study')
  const [sensitivity, setSensitivity] = useState(row.sensitivity)
  const [reason, setReason] = useState('')
  return (
    <ActionDialog
      title={t('worklistRoom.labelTitle')}
      submit={t('worklistRoom.save')}
      ready={(on !== 'study' || sensitivity !== row.sensitivity) && Reason.safeParse(reason).success}
      run={() => unwrap(give[on]({ study: row.studyInstanceUid, sensitivity, reason: reason.trim() }))}
      done={t('worklistRoom.labelDone')}
      onDone={onLabelled}
      onClose={onClose}
    >
      <p className="dialog-whom">
        {personName(row.patientName)} {row.accessionNumber}
      </p>
      <p className="dialog-text">{t('worklistRoom.labelText')}</p>
      <Radio.Group
        value={on}
        onChange={({ target }) => setOn(target.value as typeof on)}
        aria-label={t('labels.on.title')}
        options={(['study', 'patient', 'report'] as const).map((value) => ({
          value,
          label: t(`labels.on.${value}`),
        }))}
        data-testid="label-on"
      />
      <Radio.Group
        value={sensitivity}
        onChange={({ target }) => setSensitivity(target.value as Sensitivity)}
        aria-label={t('worklistRoom.labelTitle')}
        options={Sensitivity.options.map((value) => ({
          value,
          label: t(`worklistRoom.sensitivity.${value}`),
        }))}
        data-testid="label-choice"
      />
      <div className="field">
        <label htmlFor={id}>{t('worklistRoom.labelReason')}</label>
        <input
          id={id}
          className="field-input"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          autoComplete="off"
          data-testid="label-reason"
        />
      </div>
    </ActionDialog>
  )
}
