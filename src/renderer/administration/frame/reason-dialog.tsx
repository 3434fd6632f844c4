import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Reason } from '../../../shared/api/administration.ts'
import type { IpcAnswer } from '../../../shared/ipc/index.ts'
import { unwrap } from '../../bridge/index.ts'
import { ActionDialog } from './action-dialog.tsx'
import { TextField } from './field.tsx'

interface ReasonDialogProps {
  title: string
  /** Whom or what it befalls. */
  whom: string
  /** What follows from it. */
  text: string
  submit: string
  danger?: boolean
  run: (reason: string) => Promise<IpcAnswer<unknown>>
  done: string
  onClose: () => void
}

/** Before something that cannot be taken back lightly: says what follows, and asks why. */
export function ReasonDialog(props: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  return (
    <ActionDialog
      title={props.title}
      submit={props.submit}
      danger={props.danger ?? true}
      ready={Reason.safeParse(reason).success}
      run={() => unwrap(props.run(reason.trim()))}
      done={props.done}
      onClose={props.onClose}
    >
      <p className="dialog-whom">{props.whom}</p>
      <p className="dialog-text">{props.text}</p>
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  )
}

export function ReasonField(props: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('administration.reason.label')}
      value={props.value}
      onChange={props.onChange}
      hint={t('administration.reason.hint')}
      maxLength={200}
      testId="reason"
    />
  )
}
