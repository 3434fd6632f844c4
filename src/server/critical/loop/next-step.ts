import type { Awaited, Recipient } from '../../../shared/alert/index.ts'
import type { Contact, RecipientKind } from '../../../shared/critical/model.ts'
import type { AlertStanding } from '../alerts/alert-events.ts'
import { type ClinicalSide, recipientOf } from '../alerts/recipients.ts'

/** What is to be done about an alert whose time has come. */
export type NextStep =
  | { do: 'nothing' }
  /** Nobody has checked it in time: it goes out all the same. */
  | { do: 'release' }
  | { do: 'close' }
  | { do: 'escalate'; hop: number; to: Recipient; awaited: Awaited; skipped: RecipientKind[] }
  /** There is nobody further to tell: one of our people must telephone. */
  | { do: 'exhausted'; awaited: Awaited; skipped: RecipientKind[] }

/**
 * The one thing to do now. The chain goes on after whoever was told last, so that it goes on, and does not begin again,
 * when an alert was received but is not handled. A hop of whom neither order nor contacts know anything is skipped, and
 * named. However long nobody looked (a gateway that was down), it is one step.
 */
export function nextStep(
  { state, recipient, escalation }: Pick<AlertStanding, 'state' | 'recipient' | 'escalation'>,
  now: number,
  side: ClinicalSide,
  contacts: readonly Contact[],
): NextStep {
  const { due } = state
  if (due === null || due.at > now) return { do: 'nothing' }
  if (due.awaited === 'check') return { do: 'release' }
  if (due.awaited === 'close') return { do: 'close' }
  const { awaited } = due
  const skipped: RecipientKind[] = []
  for (const kind of escalation.slice(escalation.indexOf(recipient.kind) + 1)) {
    const to = recipientOf(kind, side, contacts)
    if (to.name !== '' || to.phone !== '')
      return { do: 'escalate', hop: state.hops + 1, to, awaited, skipped }
    skipped.push(kind)
  }
  return { do: 'exhausted', awaited, skipped }
}
