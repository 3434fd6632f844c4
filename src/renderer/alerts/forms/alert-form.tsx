import type { AlertDetail } from '../../../shared/alert/index.ts'
import type { AlertAction } from '../actions.ts'
import { CallForm } from './call-form.tsx'
import { CheckForm } from './check-form.tsx'
import { CloseForm } from './close-form.tsx'
import { ReasonForm } from './reason-form.tsx'

export interface AlertFormProps {
  detail: AlertDetail
  onCancel: () => void
  onDone: () => void
}

/** The form of one action, in the detail of its alert. */
export function AlertForm({ action, ...props }: AlertFormProps & { action: AlertAction }) {
  switch (action) {
    case 'check':
      return <CheckForm {...props} />
    case 'call':
      return <CallForm {...props} />
    case 'close':
      return <CloseForm {...props} />
    case 'object':
      return <ReasonForm {...props} asks="object" />
    case 'withdraw':
      return <ReasonForm {...props} asks="withdraw" />
  }
}
