import { decide, type Role } from '../../shared/access/index.ts'
import { type Alert, isOpen, mayWithdraw } from '../../shared/alert/index.ts'

/** What a person may do about an alert. */
export type AlertAction = 'check' | 'object' | 'call' | 'withdraw' | 'close'

/** Why an action that is the person's by role cannot be taken now. */
export type Barred = 'own' | 'key-needed' | 'handled'

export interface OfferedAction {
  action: AlertAction
  /** Null where it can be taken. */
  barred: Barred | null
}

/** The actions to show for an alert. What is not the person's by role, or has no sense any more, is not among them. The gateway decides. */
export function actionsOf(
  { state, own }: Pick<Alert, 'state' | 'own'>,
  viewer: { roles: readonly Role[]; factor: 'certificate' | 'fallback' },
): OfferedAction[] {
  const offered: OfferedAction[] = []
  if (state.status === 'awaiting-check' && decide({ roles: viewer.roles }, 'alert.check')) {
    const barred = own ? 'own' : decide(viewer, 'alert.check') ? null : 'key-needed'
    offered.push({ action: 'check', barred }, { action: 'object', barred })
  }
  if (!decide(viewer, 'alert.manage') || !isOpen(state)) return offered
  offered.push({ action: 'call', barred: null })
  if (state.status === 'handled') offered.push({ action: 'close', barred: null })
  offered.push({ action: 'withdraw', barred: mayWithdraw(state) ? null : 'handled' })
  return offered
}
