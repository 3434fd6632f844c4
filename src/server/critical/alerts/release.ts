import type { Transaction } from 'kysely'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Schema } from '../../store/index.ts'
import type { Outbox, OutboxRow } from '../delivery/outbox.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import { messageAbout } from './message.ts'
import type { RaisedAlert } from './raised-alert.ts'

/** The one place where an alert goes out: its notice into the outbox, and its deadlines begin. */
export type Release = (
  trx: Transaction<Schema>,
  alert: RaisedAlert,
  how: { unchecked: boolean },
  actor?: AuditEntry['actor'],
) => Promise<{ standing: AlertStanding; deliveries: OutboxRow[] }>

export function createRelease(
  { protection }: Pick<Foundation, 'protection'>,
  deps: { events: AlertEvents; outbox: Outbox; targets: readonly string[] },
): Release {
  const { events, outbox, targets } = deps
  return async (trx, alert, { unchecked }, actor) => {
    const standing = await events.append(trx, alert.id, { kind: 'released', unchecked }, actor)
    const message = messageAbout(protection, alert, standing, { kind: 'notice' })
    return { standing, deliveries: await outbox.enqueue(trx, message, targets) }
  }
}
