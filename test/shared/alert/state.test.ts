import { describe, expect, it } from 'vitest'
import {
  AlertEvent,
  AlertState,
  AlertStatus,
  isOpen,
  mayWithdraw,
  nextAlertState,
} from '../../../src/shared/alert/index.ts'
import { CriticalRules } from '../../../src/shared/critical/model.ts'

const minute = 60_000
const rules = CriticalRules.parse({})
const timing = { deadlines: rules.deadlines.red, closeAfterHours: rules.closeAfterHours }
const person = { accountId: 'li', name: '李医师' }
const nurse = { id: 'N1', name: '王护士', role: 'nurse' } as const
const ward = { kind: 'ward', name: '急诊科', department: '', code: '', phone: '' } as const

/** One event of each kind; keys that begin alike are variants of it. */
const events = {
  raised: { kind: 'raised' },
  'check-requested': { kind: 'check-requested', until: 5 * minute },
  checked: { kind: 'checked', by: person, twice: false },
  'check-objected': { kind: 'check-objected', by: person, remark: '再看一下' },
  released: { kind: 'released', unchecked: false },
  delivered: { kind: 'delivered', target: 'his', message: 'notice' },
  refused: { kind: 'refused', target: 'his', message: 'notice', error: 'AR:101' },
  replayed: { kind: 'replayed', target: 'his', by: person },
  received: { kind: 'received', by: nurse, readBack: true, source: 'http', at: 0 },
  handled: { kind: 'handled', by: nurse, measure: '溶栓', opinion: '', source: 'http', at: 0 },
  'handled by phone': { kind: 'handled', by: nurse, measure: '溶栓', opinion: '', source: 'phone', at: 0 },
  closed: { kind: 'closed', by: person },
  escalated: { kind: 'escalated', hop: 1, to: ward, awaited: 'receive' },
  exhausted: { kind: 'exhausted', awaited: 'receive' },
  rerouted: { kind: 'rerouted', to: ward, ward: '二病区', bed: '3' },
  called: {
    kind: 'called',
    by: person,
    called: { name: '陈医生', role: 'doctor', phone: '' },
    reached: true,
    readBack: true,
    remark: '',
    at: 0,
  },
  'called in vain': {
    kind: 'called',
    by: person,
    called: { name: '', role: 'other', phone: '' },
    reached: false,
    readBack: false,
    remark: '',
    at: 0,
  },
  withdrawn: { kind: 'withdrawn', by: person, reason: '部位有误' },
} as const satisfies Record<string, AlertEvent>
type Name = keyof typeof events

/** The state after these events, a minute between each and the next, the first at 0. */
function stateAfter(...names: Name[]): AlertState {
  return names.reduce<AlertState | null>(
    (state, name, index) => nextAlertState(state, events[name], index * minute, timing),
    null,
  )!
}

const ways: Record<AlertStatus, Name[]> = {
  'awaiting-check': ['raised', 'check-requested'],
  sent: ['raised', 'released'],
  delivered: ['raised', 'released', 'delivered'],
  received: ['raised', 'released', 'delivered', 'received'],
  handled: ['raised', 'released', 'delivered', 'received', 'handled'],
  closed: ['raised', 'released', 'delivered', 'received', 'handled', 'closed'],
  withdrawn: ['raised', 'released', 'withdrawn'],
}

/** The status that follows; what is not named changes no status. */
const moves: Record<AlertStatus, Partial<Record<Name, AlertStatus>>> = {
  // Nobody outside knows of it: no answer counts, and a telephone call does not send it.
  'awaiting-check': { released: 'sent', withdrawn: 'withdrawn' },
  sent: {
    delivered: 'delivered',
    received: 'received',
    called: 'received',
    handled: 'handled',
    'handled by phone': 'handled',
    withdrawn: 'withdrawn',
  },
  delivered: {
    received: 'received',
    called: 'received',
    handled: 'handled',
    'handled by phone': 'handled',
    withdrawn: 'withdrawn',
  },
  received: { handled: 'handled', 'handled by phone': 'handled', withdrawn: 'withdrawn' },
  handled: { closed: 'closed' },
  closed: {},
  withdrawn: {},
}

describe('where an alert stands', () => {
  for (const status of AlertStatus.options)
    for (const name of Object.keys(events) as Name[])
      it(`${status}: ${name} → ${moves[status][name] ?? 'as it is'}`, () => {
        const before = stateAfter(...ways[status])
        expect(before.status).toBe(status)
        const next = nextAlertState(before, events[name], 100 * minute, timing)
        expect(next.status).toBe(moves[status][name] ?? status)
        expect(AlertState.parse(next)).toEqual(next)
      })

  it('begins with being raised, and with nothing else', () => {
    for (const event of Object.values(events))
      if (event.kind !== 'raised') expect(() => nextAlertState(null, event, 0, timing)).toThrow(RangeError)
  })

  it('is received and handled by an answer that says handled first; the late acknowledgement changes nothing', () => {
    const handled = stateAfter('raised', 'released', 'handled')
    expect(handled).toMatchObject({ status: 'handled', receivedAt: 2 * minute, handledAt: 2 * minute })
    expect(nextAlertState(handled, events.received, 9 * minute, timing)).toEqual(handled)
  })

  it('keeps the time of the first of two answers', () => {
    const twice = stateAfter('raised', 'released', 'received', 'received', 'handled', 'handled')
    expect(twice).toMatchObject({ receivedAt: 2 * minute, handledAt: 4 * minute })
  })

  it('is delivered once, and an answer that overtakes the acknowledgement is not undone by it', () => {
    expect(stateAfter('raised', 'released', 'received', 'delivered')).toMatchObject({
      status: 'received',
      deliveredAt: 3 * minute,
    })
    expect(stateAfter('raised', 'released', 'delivered', 'delivered').deliveredAt).toBe(2 * minute)
  })

  it('waits for its check although a clinician was told by telephone; released, it is received', () => {
    const told = stateAfter('raised', 'check-requested', 'called')
    expect(told).toMatchObject({ status: 'awaiting-check', receivedAt: 2 * minute })
    expect(told.due).toEqual({ awaited: 'check', at: 5 * minute })
    expect(nextAlertState(told, events.released, 4 * minute, timing)).toMatchObject({
      status: 'received',
      due: { awaited: 'handle', at: 34 * minute },
    })
    expect(stateAfter('raised', 'check-requested', 'handled by phone', 'released').status).toBe('handled')
  })

  it('takes no answer, escalation or check out of order', () => {
    expect(stateAfter('raised', 'check-requested', 'received', 'handled')).toMatchObject({
      receivedAt: null,
      handledAt: null,
    })
    expect(stateAfter('raised', 'released', 'check-requested').status).toBe('sent')
    expect(stateAfter('raised', 'released', 'received', 'closed').status).toBe('received')
  })
})

describe('whether it may be taken back', () => {
  it('until it is handled, by whatever way', () => {
    for (const status of AlertStatus.options)
      expect(mayWithdraw(stateAfter(...ways[status]))).toBe(
        ['awaiting-check', 'sent', 'delivered', 'received'].includes(status),
      )
    expect(mayWithdraw(stateAfter('raised', 'check-requested', 'handled by phone'))).toBe(false)
  })
})

describe('dead letters', () => {
  const at = (state: AlertState, ...more: AlertEvent[]) =>
    more.reduce((before, event) => nextAlertState(before, event, 9 * minute, timing), state)
  const refusedBy = (target: string, message: 'notice' | 'escalation' = 'notice'): AlertEvent => ({
    kind: 'refused',
    target,
    message,
    error: 'AR',
  })
  const deliveredTo = (target: string, message: 'notice' | 'escalation' = 'notice'): AlertEvent => ({
    kind: 'delivered',
    target,
    message,
  })

  it('stand until that target has that message, whatever another target says', () => {
    const sent = stateAfter('raised', 'released')
    expect(at(sent, refusedBy('a'), deliveredTo('b')).refused).toBe(true)
    expect(at(sent, refusedBy('a'), deliveredTo('a', 'escalation')).refused).toBe(true)
    expect(at(sent, refusedBy('a'), refusedBy('b'), deliveredTo('a')).deadLetters).toEqual([
      { target: 'b', message: 'notice' },
    ])
    expect(at(sent, refusedBy('a'), refusedBy('a'), deliveredTo('a'))).toMatchObject({
      refused: false,
      deadLetters: [],
    })
  })

  it('are off the list once they are sent again', () => {
    const dead = at(stateAfter('raised', 'released'), refusedBy('his'), refusedBy('b'))
    expect(at(dead, events.replayed).deadLetters).toEqual([{ target: 'b', message: 'notice' }])
  })
})

describe('deadlines', () => {
  for (const level of ['red', 'orange', 'yellow'] as const) {
    const deadlines = rules.deadlines[level]
    const { receiveMinutes, handleMinutes, hopMinutes } = deadlines
    const of = (state: AlertState | null, event: AlertEvent, at: number) =>
      nextAlertState(state, event, at, { deadlines, closeAfterHours: 24 })

    it(`${level}: received within ${receiveMinutes}, handled within ${handleMinutes} minutes of its release`, () => {
      const sent = of(of(null, events.raised, 0), events.released, 2 * minute)
      expect(sent.due).toEqual({ awaited: 'receive', at: (2 + receiveMinutes) * minute })
      expect(of(sent, events.delivered, 3 * minute).due).toEqual(sent.due)
      const received = of(sent, events.received, 3 * minute)
      expect(received.due).toEqual({ awaited: 'handle', at: (2 + handleMinutes) * minute })
      const handled = of(received, events.handled, 4 * minute)
      expect(handled.due).toEqual({ awaited: 'close', at: 4 * minute + 24 * 60 * minute })
      expect(of(handled, events.closed, 5 * minute).due).toBeNull()
    })

    it(`${level}: next hop ${hopMinutes} minutes after the one before`, () => {
      const sent = of(of(null, events.raised, 0), events.released, 0)
      const told = of(sent, events.escalated, 77 * minute)
      expect(told).toMatchObject({ hops: 1, due: { awaited: 'receive', at: (77 + hopMinutes) * minute } })
      const end = of(told, events.exhausted, 99 * minute)
      expect(end).toMatchObject({
        exhausted: true,
        due: { awaited: 'receive', at: (99 + hopMinutes) * minute },
      })
      expect(of(end, events.received, 100 * minute).exhausted).toBe(false)
      expect(of(end, events.handled, 100 * minute).exhausted).toBe(false)
    })
  }

  it('who acknowledges it late has the time of a hop to act', () => {
    const sent = stateAfter('raised', 'released')
    const late = nextAlertState(sent, events.received, 60 * minute, timing)
    expect(late.due).toEqual({ awaited: 'handle', at: 65 * minute })
  })

  it('are not moved by a call in vain, by moving house, by dead letters', () => {
    const sent = stateAfter('raised', 'released')
    for (const event of [events['called in vain'], events.rerouted, events.refused, events.replayed])
      expect(nextAlertState(sent, event, 4 * minute, timing).due).toEqual(sent.due)
  })

  it('an objection does not hold up an alert for ever', () => {
    const waiting = stateAfter('raised', 'check-requested', 'check-objected')
    expect(waiting.due).toEqual({ awaited: 'check', at: 5 * minute })
  })

  it('closes at once where the rules say 0 hours', () => {
    const handled = nextAlertState(stateAfter('raised', 'released'), events.handled, 7 * minute, {
      ...timing,
      closeAfterHours: 0,
    })
    expect(handled.due).toEqual({ awaited: 'close', at: 7 * minute })
  })
})

describe('whatever happens, in whatever order', () => {
  /** Deterministic, so that a failure can be seen again. */
  function random(seed: number): () => number {
    let state = seed
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
      return state / 2 ** 32
    }
  }

  it('an end is an end, times stand, and whatever is open and sent is waited for', () => {
    const names = Object.keys(events) as Name[]
    let ends = 0
    for (let seed = 1; seed <= 2000; seed++) {
      const next = random(seed)
      let state = nextAlertState(null, events.raised, 0, timing)
      const told: Name[] = []
      for (let step = 1; step <= 25; step++) {
        const name = names[Math.floor(next() * names.length)]!
        told.push(name)
        const before = state
        state = nextAlertState(before, events[name], step * minute, timing)
        const story = `${seed}: ${told.join(' ')}`
        if (!isOpen(before)) expect(state, story).toEqual(before)
        for (const time of ['releasedAt', 'deliveredAt', 'receivedAt', 'handledAt', 'withdrawnAt'] as const)
          if (before[time] !== null) expect(state[time], story).toBe(before[time])
        if (state.handledAt !== null) expect(mayWithdraw(state), story).toBe(false)
        if (state.status === 'withdrawn') expect(state.handledAt, story).toBeNull()
        if (isOpen(state) && state.releasedAt !== null) expect(state.due, story).not.toBeNull()
        if (!isOpen(state)) expect(state.due, story).toBeNull()
        expect(state.hops, story).toBeGreaterThanOrEqual(before.hops)
      }
      if (!isOpen(state)) ends += 1
    }
    expect(ends).toBeGreaterThan(500)
  })
})

describe('an event as recorded', () => {
  it('is what the schema says', () => {
    for (const event of Object.values(events)) expect(AlertEvent.parse(event)).toEqual(event)
  })
})
