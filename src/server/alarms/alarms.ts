import type { Logger } from 'pino'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import type { AuditEntry, AuditTrail } from '../audit/index.ts'
import type { Store } from '../store/index.ts'
import type { Alarms, RaisedAlarm } from './index.ts'

/** Alarms over the `alarms` table: at most one of a kind and subject stands at a time. */
export function createAlarms(deps: {
  store: Store
  audit: AuditTrail
  clock: Clock
  random: RandomBytes
  log: Logger
}): Alarms {
  const { store, audit, clock, random, log } = deps
  const listeners: (() => void)[] = []
  const changed = () => {
    for (const listener of listeners) listener()
  }

  const entry = (
    action: string,
    { kind, subject = '', facts = {} }: Omit<RaisedAlarm, 'severity'>,
  ): AuditEntry => ({
    action,
    outcome: 'success',
    actor: { kind: 'gateway', id: 'gateway' },
    object: { kind: 'alarm', id: subject === '' ? kind : `${kind}:${subject}` },
    detail: facts,
  })

  async function raise(alarm: RaisedAlarm): Promise<void> {
    const { kind, severity, subject = '', facts = {} } = alarm
    const now = clock()
    const isNew = await store.transaction(async (trx) => {
      const stands = await trx
        .selectFrom('alarms')
        .select(['id', 'severity'])
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .where('cleared_at', 'is', null)
        .executeTakeFirst()
      if (stands) {
        await trx
          .updateTable('alarms')
          .set((eb) => ({ facts: JSON.stringify(facts), last_seen_at: now, count: eb('count', '+', 1) }))
          .where('id', '=', stands.id)
          .execute()
        if (stands.severity === severity) return false
        await trx.updateTable('alarms').set({ severity }).where('id', '=', stands.id).execute()
        await audit.append(trx, entry('alarm.raised', alarm))
        return true
      }
      await trx
        .insertInto('alarms')
        .values({
          id: Buffer.from(random(12)).toString('base64url'),
          kind,
          severity,
          subject,
          facts: JSON.stringify(facts),
          raised_at: now,
          last_seen_at: now,
          count: 1,
        })
        .execute()
      await audit.append(trx, entry('alarm.raised', alarm))
      return true
    })
    if (isNew) changed()
  }

  async function clear(kind: RaisedAlarm['kind'], subject = ''): Promise<void> {
    const stands = await store.db
      .selectFrom('alarms')
      .select('id')
      .where('kind', '=', kind)
      .where('subject', '=', subject)
      .where('cleared_at', 'is', null)
      .executeTakeFirst()
    if (!stands) return
    await store.transaction(async (trx) => {
      const cleared = await trx
        .updateTable('alarms')
        .set({ cleared_at: clock() })
        .where('id', '=', stands.id)
        .where('cleared_at', 'is', null)
        .executeTakeFirst()
      if (cleared.numUpdatedRows > 0n) await audit.append(trx, entry('alarm.cleared', { kind, subject }))
    })
    changed()
  }

  /** Whatever keeps an alarm from being written must not stop what raised it. */
  const surely =
    <A extends unknown[]>(work: (...args: A) => Promise<void>) =>
    async (...args: A) => {
      try {
        await work(...args)
      } catch (error) {
        log.error({ code: (error as { code?: unknown }).code }, 'alarm not written')
      }
    }

  return {
    raise: surely(raise),
    clear: surely(clear),
    onChange: (listener) => void listeners.push(listener),
  }
}
