import type { Transaction } from 'kysely'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { Schema } from '../../store/index.ts'
import type { AlertEvents, AlertStanding } from '../alerts/alert-events.ts'
import type { Attempt, Verdict } from './adapter.ts'
import type { Outbox, OutboxRow } from './outbox.ts'
import { type RetryPolicy, retryDelay } from './retry.ts'

/** An attempt that has come to its end. */
export interface Finished {
  row: OutboxRow
  verdict: Verdict
  receiverText?: Attempt['receiverText']
}

/** Writes what an attempt came to: row, event and audit in one transaction. */
export interface Settlement {
  /** @returns what to tell once the transaction has committed. @throws IntegrityError where the alert's standing was changed. */
  write(trx: Transaction<Schema>, finished: Finished): Promise<() => void>
  /** For an alert whose standing is damaged: the row alone, so that it does not stand in the way for ever. */
  writeRow(trx: Transaction<Schema>, finished: Finished): Promise<void>
}

export function createSettlement(
  foundation: Pick<Foundation, 'audit' | 'clock' | 'random' | 'log' | 'gatewayId'>,
  deps: {
    announcements: Announcements
    outbox: Outbox
    events: AlertEvents
    target: RetryPolicy & { name: string; giveUpAfter?: number | undefined }
  },
): Settlement {
  const { audit, clock, random, log, gatewayId } = foundation
  const { announcements, outbox, events, target } = deps

  /** The verdict, with a message that was tried too often given up. */
  function final({ row, verdict }: Finished): Verdict {
    const { giveUpAfter } = target
    return verdict.outcome === 'retry' && giveUpAfter !== undefined && row.attempts >= giveUpAfter
      ? { outcome: 'refused', error: verdict.error }
      : verdict
  }

  async function writeRow(trx: Transaction<Schema>, finished: Finished, evented = false): Promise<void> {
    const verdict = final(finished)
    const { row } = finished
    const at = clock()
    if (verdict.outcome === 'retry')
      return outbox.settle(trx, row.id, {
        state: 'retrying',
        last_error: verdict.error,
        next_attempt_at: at + retryDelay(row.attempts, target, random),
      })
    const delivered = verdict.outcome === 'delivered'
    await outbox.settle(trx, row.id, {
      state: verdict.outcome,
      last_error: delivered ? null : verdict.error,
      settled_at: at,
      ...(delivered ? { delivered_at: at } : {}),
    })
    // What arrived is on record by its event; the row keeps control id and attempts.
    if (delivered && evented) return
    await audit.append(trx, {
      action: 'delivery.settled',
      outcome: delivered ? 'success' : 'refused',
      actor: { kind: 'gateway', id: gatewayId },
      object: { kind: 'alert', id: row.alert_id },
      detail: {
        target: target.name,
        message: row.kind,
        controlId: row.control_id,
        attempts: row.attempts,
        ...(delivered ? {} : { error: verdict.error, receiverText: finished.receiverText ?? '' }),
      },
    })
  }

  return {
    writeRow: (trx, finished) => writeRow(trx, finished),
    async write(trx, finished) {
      const { row } = finished
      const verdict = final(finished)
      await writeRow(trx, finished, true)
      const facts = { alert: row.alert_id, target: target.name }
      if (verdict.outcome === 'retry')
        return () => {
          announcements.announce({ kind: 'alert-changed', alertId: row.alert_id })
          log.warn({ ...facts, error: verdict.error }, 'alert not delivered yet')
        }
      const said = { target: target.name, message: row.kind }
      const delivered = verdict.outcome === 'delivered'
      const standing: AlertStanding = await events.append(
        trx,
        row.alert_id,
        delivered ? { kind: 'delivered', ...said } : { kind: 'refused', ...said, error: verdict.error },
      )
      return () => {
        events.announce(standing, delivered ? undefined : 'refused')
        // The open count on every worklist changes with it.
        announcements.announce({ kind: 'worklist-changed' })
        if (!delivered) log.error({ ...facts, error: verdict.error }, 'alert refused')
      }
    },
  }
}
