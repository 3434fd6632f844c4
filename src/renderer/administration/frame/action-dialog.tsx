import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Modal } from 'antd'
import { type FormEvent, type ReactNode, useRef } from 'react'
import { failureOf } from '../../../shared/errors/index.ts'
import { useFocusReturn } from '../../app/focus-return.ts'
import { FormActions } from '../../entry/form-actions.tsx'
import { administrationKey } from './listing.ts'
import { useOfficerSentence } from './officer-sentence.ts'
import './dialog.css'

interface ActionDialogProps<Result> {
  title: string
  /** The button, by what it does. */
  submit: string
  danger?: boolean
  /** Holds the button back while what was entered cannot be right. */
  ready?: boolean
  run: () => Promise<Result>
  /** The message once it is done; leave out where `onDone` shows it. */
  done?: string
  onDone?: (result: Result) => void
  onClose: () => void
  /** The button beside it, where leaving cancels nothing. */
  leave?: string | undefined
  width?: number
  /** More is typed in it than is typed again gladly: Esc does not close it. */
  long?: boolean
  children: ReactNode
}

/** Asks for what one action needs, does it, says why it failed. While it runs it cannot be closed. */
export function ActionDialog<Result>(props: ActionDialogProps<Result>) {
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useOfficerSentence()
  const form = useRef<HTMLFormElement>(null)
  useFocusReturn()
  const action = useMutation({
    mutationFn: props.run,
    onSuccess: (result) => {
      if (props.done) void message.success(props.done)
      if (props.onDone) props.onDone(result)
      else props.onClose()
    },
    // After a failure too: another officer may have been faster.
    onSettled: () => void queries.invalidateQueries({ queryKey: [administrationKey] }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (props.ready !== false && !action.isPending) action.mutate()
  }
  return (
    <Modal
      open
      title={props.title}
      width={props.width ?? 480}
      onCancel={props.onClose}
      afterOpenChange={(open) =>
        open &&
        form.current
          ?.querySelector<HTMLElement>('input:not([type=file]):not(:disabled), textarea, button[type=submit]')
          ?.focus()
      }
      closable={!action.isPending}
      keyboard={!action.isPending && !props.long}
      mask={{ closable: false }}
      footer={null}
      destroyOnHidden
      centered
      data-testid="action-dialog"
    >
      <form ref={form} className="dialog" onSubmit={onSubmit} noValidate>
        {props.children}
        {action.isError && (
          <p className="notice notice-bad dialog-failure" role="alert" data-testid="action-failure">
            {sentence(failureOf(action.error))}
          </p>
        )}
        <FormActions
          className="dialog-actions"
          submit={props.submit}
          busy={action.isPending}
          ready={props.ready !== false}
          danger={props.danger ?? false}
          testId="action-submit"
          onCancel={props.onClose}
        />
      </form>
    </Modal>
  )
}
