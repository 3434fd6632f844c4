import { Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../shared/api/index.ts'
import { ActionDialog } from '../administration/frame/action-dialog.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import './access.css'

const Reason = api.breakGlass.body.shape.reason
const usual = ['rescue', 'consultation', 'phone', 'transfer'] as const

interface GlassDialogProps {
  study: string
  accessionNumber: string
  /** Of a report that is closed by its own label or words, where the exam is open. */
  report?: boolean
  onBroken: () => void
  onClose: () => void
}

/** 紧急访问: opens an exam whose label is above one's clearance, with a reason that is looked at afterwards. */
export function GlassDialog({ study, accessionNumber, report = false, onBroken, onClose }: GlassDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const id = useId()
  const [reason, setReason] = useState('')
  return (
    <ActionDialog
      title={t('worklistRoom.glassTitle')}
      submit={t('worklistRoom.glassSubmit')}
      danger
      ready={Reason.safeParse(reason).success}
      run={() => unwrap(bridge.studyBreakGlass({ study, reason: reason.trim(), ...(report && { report }) }))}
      onDone={onBroken}
      onClose={onClose}
    >
      <p className="dialog-whom number">
        {t('worklist.columns.accession')} {accessionNumber}
      </p>
      <p className="dialog-text">{t(report ? 'labels.glassReport.text' : 'worklistRoom.glassText')}</p>
      <div className="field">
        <label htmlFor={id}>{t('worklistRoom.glassReason')}</label>
        <input
          id={id}
          className="field-input"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          autoComplete="off"
          data-testid="glass-reason"
        />
        <span className="glass-usual">
          {usual.map((each) => (
            <Button
              key={each}
              size="small"
              onClick={() => setReason(t(`worklistRoom.glassUsual.${each}`))}
              data-testid={`glass-${each}`}
            >
              {t(`worklistRoom.glassUsual.${each}`)}
            </Button>
          ))}
        </span>
      </div>
    </ActionDialog>
  )
}
