import { z } from 'zod'
import { type Alarm, AlarmKind } from '../../shared/alarm/index.ts'
import { ErrorFacts, VigilError } from '../../shared/errors/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'

/** How long an alarm that was cleared is still shown. */
const shownForMs = 30 * 86_400_000

const notePlace = (id: string): Place => ({ table: 'alarms', column: 'sealed_note', row: id })

/** Alarms as the officers see them, and what they say to them. */
export function alarmHandlers(
  foundation: Foundation,
  deps: {
    announcements: Announcements
    displayNames: () => Promise<Map<string, string>>
    damage: DamageReports
  },
): Handlers<'alarms' | 'acknowledgeAlarm'> {
  const { store, protection, audit, clock } = foundation
  const { announcements, displayNames, damage } = deps

  return {
    alarms: async () => {
      const rows = await store.db
        .selectFrom('alarms')
        .selectAll()
        .where((eb) => eb.or([eb('cleared_at', 'is', null), eb('cleared_at', '>', clock() - shownForMs)]))
        .orderBy('raised_at', 'desc')
        .execute()
      const names = rows.some((row) => row.acknowledged_by !== null) ? await displayNames() : new Map()
      return Promise.all(rows.map((row) => shown(row, names)))
    },

    acknowledgeAlarm: async ({ principal, params, body, address }) => {
      const now = clock()
      await store.transaction(async (trx) => {
        const row = await trx.selectFrom('alarms').selectAll().where('id', '=', params.id).executeTakeFirst()
        if (!row) throw new VigilError('not-found')
        if (row.acknowledged_at !== null) throw new VigilError('conflict', { field: 'acknowledged' })
        await trx
          .updateTable('alarms')
          .set({
            acknowledged_at: now,
            acknowledged_by: principal.accountId,
            sealed_note: protection.seal(notePlace(row.id), body.note),
          })
          .where('id', '=', row.id)
          .execute()
        await audit.append(trx, {
          action: 'alarm.acknowledged',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'alarm', id: row.subject === '' ? row.kind : `${row.kind}:${row.subject}` },
          detail: { alarm: row.id, severity: row.severity, note: body.note },
        })
      })
      announcements.announce({ kind: 'alarm-changed' })
      return {}
    },
  }

  async function shown(row: Schema['alarms'], names: ReadonlyMap<string, string>): Promise<Alarm> {
    const { acknowledged_at: at, acknowledged_by: by } = row
    return {
      id: row.id,
      kind: AlarmKind.parse(row.kind),
      severity: z.enum(['warning', 'serious']).parse(row.severity),
      subject: row.subject,
      facts: ErrorFacts.parse(JSON.parse(row.facts)),
      raisedAt: row.raised_at,
      lastSeenAt: row.last_seen_at,
      count: row.count,
      clearedAt: row.cleared_at,
      acknowledged:
        at === null || by === null ? null : { by: names.get(by) ?? by, at, note: await noteOf(row) },
    }
  }

  /** A note that was changed on the disk is not shown, and said to be damaged; the alarm is shown all the same. */
  async function noteOf({ id, sealed_note: sealed }: Schema['alarms']): Promise<string> {
    if (sealed === null) return ''
    try {
      return protection.open(notePlace(id), sealed)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      return ''
    }
  }
}
