import { setImmediate as turnOfOthers } from 'node:timers/promises'
import type { RecordedEvent } from '../../../shared/alert/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { AlertEvents } from './alert-events.ts'
import type { AlertStore, KeptAlert } from './alert-store.ts'

/** What figures over alerts are made from. */
export interface AlertFact extends KeptAlert {
  /** The clinician was told by telephone, before any other acknowledgement. */
  byPhone: boolean
}

/** Alerts raised from `from` (epoch ms, included) to `to` (not), oldest first; null in the place of one that was changed. */
export type AlertFacts = (period: { from: number; to: number }) => AsyncGenerator<AlertFact | null>

const pageSize = 50

export function createAlertFacts(
  { store }: Pick<Foundation, 'store'>,
  deps: { alerts: AlertStore; events: AlertEvents; damage: DamageReports },
): AlertFacts {
  const { alerts, events, damage } = deps

  async function fact(id: string): Promise<AlertFact> {
    const alert = await alerts.read(id)
    const standing = await events.standing(store.db, id)
    const answered = standing.state.receivedAt !== null
    return { alert, standing, byPhone: answered && toldByPhone(await events.of(store.db, id)) }
  }

  return async function* scan({ from, to }) {
    let last = { raised_at: from - 1, id: '' }
    for (;;) {
      const rows = await store.db
        .selectFrom('alerts')
        .select(['id', 'raised_at'])
        .where('raised_at', '>=', from)
        .where('raised_at', '<', to)
        .where(({ eb, refTuple, tuple }) =>
          eb(refTuple('raised_at', 'id'), '>', tuple(last.raised_at, last.id)),
        )
        .orderBy('raised_at')
        .orderBy('id')
        .limit(pageSize)
        .execute()
      for (const row of rows) {
        last = row
        try {
          yield await fact(row.id)
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error
          await damage.report(error.place)
          yield null
        }
      }
      if (rows.length < pageSize) return
      await turnOfOthers()
    }
  }
}

function toldByPhone(recorded: readonly RecordedEvent[]): boolean {
  const answer = recorded.find(
    ({ event }) =>
      event.kind === 'received' || event.kind === 'handled' || (event.kind === 'called' && event.reached),
  )?.event
  return answer?.kind === 'called' || (answer?.kind === 'received' && answer.source === 'phone')
}
