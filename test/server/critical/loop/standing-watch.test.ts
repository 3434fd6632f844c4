import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { anAnswer, attentionOf, auditOf, eventsOf, minute, openWard, raise, stateOf, until } from './ward.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Two alerts; what somebody with the database file then does to it. The gateway is started after that. */
async function tampered(change: (room: ReadingRoom, alert: string) => Promise<unknown>) {
  const room = await openWard()
  cleanups.push(() => room.close())
  const alert = await raise(room)
  const other = await raise(room, { patientId: 'P2' })
  await change(room, alert)
  room.time.now += 6 * minute
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
  const hops = async (id: string) => (await eventsOf(room, id, 'escalated')).map(({ event }) => event.to.name)
  return { room, alert, other, hops }
}

const standings = (room: ReadingRoom, alert: string, change: object) =>
  room.store.db.updateTable('alert_standings').set(change).where('alert_id', '=', alert).execute()

describe('an alert that somebody with the database file wants silent', () => {
  const ways: [string, (room: ReadingRoom, alert: string) => Promise<unknown>][] = [
    ['its deadline taken away', (room, alert) => standings(room, alert, { due_at: null })],
    ['its deadline put off', (room, alert) => standings(room, alert, { due_at: Date.UTC(2099, 0) })],
    ['marked as closed', (room, alert) => standings(room, alert, { status: 'closed', due_at: null })],
    ['its standing overwritten', (room, alert) => standings(room, alert, { sealed_standing: 'v1.AAAA' })],
    [
      'given the standing of another',
      async (room, alert) => {
        const other = await room.store.db
          .selectFrom('alert_standings')
          .selectAll()
          .where('alert_id', '<>', alert)
          .executeTakeFirstOrThrow()
        const { alert_id: _, ...rest } = other
        await standings(room, alert, rest)
      },
    ],
    [
      'its standing deleted',
      (room, alert) => room.store.db.deleteFrom('alert_standings').where('alert_id', '=', alert).execute(),
    ],
  ]
  for (const [what, change] of ways)
    it(`${what}: is found, made good from its events, and escalated`, async () => {
      const { room, alert, other, hops } = await tampered(change)
      await until(async () => (await auditOf(room, 'alert.standing-restored')).length > 0, 'the watch')
      await until(async () => (await stateOf(room, alert)).hops === 1, 'the hop')
      expect(await hops(alert)).toEqual(['陈医生'])
      expect(await auditOf(room, 'integrity.failed')).not.toEqual([])
      expect(await auditOf(room, 'alert.standing-restored')).toHaveLength(1)
      await until(async () => (await hops(other)).length === 1, 'the other')
    })

  it('an event moved to another time or another alert is passed over: it is told rather once more', async () => {
    const { room, alert } = await tampered(async (room, alert) => {
      await room.critical.takeReply(anAnswer(alert), { source: 'http', system: 'his' })
      await sql`drop trigger alert_events_no_update`.execute(room.store.db)
      await room.store.db
        .updateTable('alert_events')
        .set({ recorded_at: 1 })
        .where('alert_id', '=', alert)
        .where('kind', '=', 'received')
        .execute()
      await standings(room, alert, { sealed_standing: 'v1.AAAA' })
    })
    await until(async () => {
      const row = await room.store.db
        .selectFrom('alert_standings')
        .selectAll()
        .where('alert_id', '=', alert)
        .executeTakeFirstOrThrow()
      return row.status !== 'received'
    }, 'restored without the damaged event')
    const kinds = await room.store.db
      .selectFrom('alert_events')
      .select('kind')
      .where('alert_id', '=', alert)
      .orderBy('id')
      .execute()
    await until(async () => (await auditOf(room, 'alert.escalated')).length >= 2, 'told again')
    expect(kinds.map(({ kind }) => kind)).toContain('received')
  })

  it('whose own record is damaged as well: everybody is called on', async () => {
    const { room, alert, other, hops } = await tampered(async (room, alert) => {
      await sql`drop trigger alerts_no_update`.execute(room.store.db)
      await room.store.db
        .updateTable('alerts')
        .set({ sealed_alert: 'v1.AA' })
        .where('id', '=', alert)
        .execute()
      await standings(room, alert, { sealed_standing: 'v1.AAAA' })
    })
    await until(
      () =>
        attentionOf(room).some((one) => one.alert === alert && one.why === 'exhausted' && one.to === 'all'),
      'everybody',
    )
    await until(async () => (await hops(other)).length === 1, 'the other')
  })
})

describe('alerts that nobody touched', () => {
  it('are left as they are', async () => {
    const { room, alert, hops } = await tampered(async () => {})
    await until(async () => (await hops(alert)).length === 1, 'the hop')
    expect(await auditOf(room, 'integrity.failed')).toEqual([])
    expect(await auditOf(room, 'alert.standing-restored')).toEqual([])
  })
})
