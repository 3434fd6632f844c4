import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventStreams, type EventStreams } from '../../../src/server/sessions/event-streams.ts'

const listener = { sessionId: 's1', accountId: 'li', roles: ['radiologist' as const] }
let streams: EventStreams
beforeEach(() => {
  vi.useFakeTimers()
  streams = createEventStreams({ clock: () => 0, keepAliveMs: 1e9 })
})
afterEach(() => {
  streams.close()
  vi.useRealTimers()
})

/** The kinds of events that have come on a stream. */
function kinds(stream: ReturnType<EventStreams['open']>): string[] {
  const text = String(stream.read() ?? '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).kind)
}

describe('changes of the worklist', () => {
  it('a hundred in a second are told at once and then twice a second, the last one never lost', async () => {
    const stream = streams.open(listener)
    expect(kinds(stream)).toEqual(['hello'])
    const told: string[] = []
    for (let i = 0; i < 95; i++) {
      streams.announce({ kind: 'worklist-changed' })
      if (i === 0) expect(kinds(stream)).toEqual(['worklist-changed'])
      await vi.advanceTimersByTimeAsync(10)
      told.push(...kinds(stream))
    }
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThanOrEqual(2)
    await vi.advanceTimersByTimeAsync(600)
    expect(kinds(stream)).toEqual(['worklist-changed'])
    await vi.advanceTimersByTimeAsync(5000)
    expect(kinds(stream)).toEqual([])
    streams.announce({ kind: 'worklist-changed' })
    expect(kinds(stream)).toEqual(['worklist-changed'])
  })

  it('hold up no other event', () => {
    const stream = streams.open(listener)
    streams.announce({ kind: 'worklist-changed' })
    streams.announce({ kind: 'worklist-changed' })
    streams.announce({ kind: 'alert-changed', alertId: 'A' })
    streams.announce({ kind: 'alert-changed', alertId: 'B' })
    expect(kinds(stream)).toEqual(['hello', 'worklist-changed', 'alert-changed', 'alert-changed'])
  })
})
