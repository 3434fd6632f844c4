import type { Transaction } from 'kysely'
import type { Foundation } from '../foundation.ts'
import type { Schema } from '../store/index.ts'
import type { LivePolicy } from './live-policy.ts'
import { redatedTimes, resumedTimes, type SessionFacts } from './policy.ts'
import { factsOf, liveStates, sessionRecords } from './records.ts'
import type { SessionClock } from './session-clock.ts'

/** A clock that was set by less than this is worth no audit row. */
const worthTellingMs = 5000

export interface ClockSteps {
  /** Takes over the sessions that a gateway before this one left. */
  resume(): Promise<void>
  /** Where the wall clock was set, brings the live sessions' times over to it. */
  follow(): Promise<void>
}

/**
 * What a clock that jumps does to live sessions. Set back: their times move with it, so that none lives longer. Set ahead, or
 * the machine slept: as after a restart, each may report before it is judged; shifts and grants end by the clock.
 */
export function createClockSteps(
  { store, audit }: Foundation,
  { clock, policy }: { clock: SessionClock; policy: LivePolicy },
): ClockSteps {
  return {
    async resume() {
      await store.transaction(async (trx) => {
        await nameRoles(trx)
        const now = clock.now()
        // The latest time that the gateway before this one wrote: a clock behind it was set back meanwhile.
        const { latest } = await trx
          .selectFrom('sessions')
          .select((eb) => eb.fn.max('last_seen_at').as('latest'))
          .where('state', 'in', liveStates)
          .executeTakeFirstOrThrow()
        const stepMs = Math.min(0, now - Number(latest ?? now))
        await rewrite(trx, (facts) => resumedTimes(redatedTimes(facts, stepMs), now, policy.current()))
      }, 'adopting-sessions')
    },

    async follow() {
      const byMs = clock.step()
      if (byMs === 0) return
      const isWorthTelling = Math.abs(byMs) >= worthTellingMs
      let undo = () => {}
      try {
        await store.transaction(
          async (trx) => {
            // Whoever waits for this transaction reads the new times under the new clock.
            undo = clock.follow()
            const now = clock.now()
            await rewrite(trx, (facts) =>
              byMs < 0 ? redatedTimes(facts, byMs) : resumedTimes(facts, now, policy.current()),
            )
            if (!isWorthTelling) return
            await audit.append(trx, {
              action: 'gateway.clock-changed',
              outcome: 'success',
              actor: { kind: 'gateway', id: 'gateway' },
              detail: { byMs },
            })
          },
          isWorthTelling ? undefined : 'following-clock',
        )
        policy.forgiveSilence()
      } catch (error) {
        undo()
        throw error
      }
    },
  }
}

async function rewrite(
  trx: Transaction<Schema>,
  change: (facts: SessionFacts) => SessionFacts,
): Promise<void> {
  for (const record of await sessionRecords(trx).where('sessions.state', 'in', liveStates).execute()) {
    const times = change(factsOf(record))
    await trx
      .updateTable('sessions')
      .set({
        started_at: times.startedAt,
        expires_at: times.expiresAt,
        last_seen_at: times.lastSeenAt,
        last_activity_at: times.lastActivityAt,
        locked_at: times.lockedAt,
      })
      .where('id', '=', record.id)
      .execute()
  }
}

/** Sessions that an older release began named no roles: they began with those that the account has. */
async function nameRoles(trx: Transaction<Schema>): Promise<void> {
  await trx
    .updateTable('sessions')
    .set((eb) => ({
      roles: eb
        .selectFrom('accounts')
        .select('accounts.roles')
        .whereRef('accounts.id', '=', 'sessions.account_id')
        .$asScalar()
        .$notNull(),
    }))
    .where('state', 'in', liveStates)
    .where('roles', '=', '[]')
    .execute()
}
