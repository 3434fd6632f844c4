import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { PolledTarget } from '../../../../src/server/critical/delivery/adapter.ts'
import { createPolls } from '../../../../src/server/critical/loop/polls.ts'
import type { Reply } from '../../../../src/server/critical/loop/reply.ts'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { anAnswer, auditOf, openWard, raise, stateOf, until } from './ward.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(): Promise<ReadingRoom> {
  const room = await openWard()
  cleanups.push(() => room.close())
  return room
}

/** As if the target had acknowledged it. */
const delivered = (room: ReadingRoom, alert: string) =>
  room.store.db.updateTable('outbox').set({ state: 'delivered' }).where('alert_id', '=', alert).execute()

function poll(room: ReadingRoom, poll: PolledTarget['poll']) {
  const polls = createPolls(room.foundation, {
    targets: [{ target: 'his', everySeconds: 0.05, poll }],
    takeReply: room.critical.takeReply,
  })
  polls.start()
  cleanups.push(() => polls.stop())
  return polls
}

describe('a target that is asked for answers', () => {
  it('is asked about what it has and is not handled, and its answers are taken once', async () => {
    const room = await open()
    const alert = await raise(room)
    const undelivered = await raise(room, { patientId: 'P2' })
    await delivered(room, alert)
    const asked: (readonly string[])[] = []
    let step: Reply['step'] = 'received'
    poll(room, async (ids) => {
      asked.push(ids)
      return [anAnswer(alert, { id: `T-${step}`, step }) as Reply]
    })
    await until(async () => (await stateOf(room, alert)).status === 'received', 'received')
    await until(() => asked.length > 3, 'asked again')
    step = 'handled'
    await until(async () => (await stateOf(room, alert)).status === 'handled', 'handled')
    const times = asked.length
    await sleep(300)
    // One that was on its way, and no more: what is handled is not asked about.
    expect(asked.length - times).toBeLessThanOrEqual(1)
    expect(asked.flat()).not.toContain(undelivered)
    expect(await auditOf(room, 'alert.received')).toHaveLength(1)
  })

  it('that fails is left alone longer and longer, and asked again when it answers', async () => {
    const room = await open()
    const alert = await raise(room)
    await delivered(room, alert)
    const times: number[] = []
    poll(room, async () => {
      times.push(performance.now())
      if (times.length <= 4) throw new Error('http:503')
      return [anAnswer(alert) as Reply]
    })
    await until(async () => (await stateOf(room, alert)).status === 'received', 'received')
    const gaps = times.slice(1).map((time, index) => time - times[index]!)
    expect(gaps[3]!).toBeGreaterThan(gaps[0]! * 2)
  })

  it('that says nonsense about one alert does not lose its answer about another; it is on record once', async () => {
    const room = await open()
    const alert = await raise(room)
    await delivered(room, alert)
    let asked = 0
    poll(room, async () => {
      asked += 1
      return [
        'no answer',
        { ...anAnswer(alert), opinion: '好'.repeat(501) },
        anAnswer('7ZZZZZZZZZZZZZZZ'),
        { ...anAnswer(alert), id: '' },
        anAnswer(alert),
      ]
    })
    await until(async () => (await stateOf(room, alert)).status === 'received', 'received')
    const before = asked
    await until(() => asked > before + 3, 'asked again')
    expect(await auditOf(room, 'reply.refused')).toHaveLength(4)
  })

  it('that hangs does not hold up a stop', async () => {
    const room = await open()
    await delivered(room, await raise(room))
    let asked = false
    const polls = poll(
      room,
      (_ids, signal) =>
        new Promise((_resolve, reject) => {
          asked = true
          signal.addEventListener('abort', () => reject(new Error('aborted')))
        }),
    )
    await until(() => asked, 'asked')
    const began = performance.now()
    await polls.stop()
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
