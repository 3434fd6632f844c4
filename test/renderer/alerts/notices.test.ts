import { describe, expect, it } from 'vitest'
import {
  type AttentionMemory,
  type Heard,
  nextMemory,
  nothingHeard,
  noticesOf,
} from '../../../src/renderer/alerts/attention/notices.ts'
import { everyEvent, type Happened, later, madeAlert } from './made-alert.ts'

const at = Date.UTC(2026, 10, 22, 2, 30)
const { raised, released, delivered, received, handled, escalated, exhausted, refused, withdrawn } =
  everyEvent
const viewer = { mayCheck: true, mayManage: true }
const sent: Happened[] = [
  [raised, at],
  [released, at],
  [delivered, later(at, 0.2)],
]
const late: Happened[] = [...sent, [escalated, later(at, 5)]]
const waiting: Happened[] = [
  [raised, at],
  [{ kind: 'check-requested', until: later(at, 5) }, at],
]
const made = (id: string, happened: readonly Happened[], given = {}) => madeAlert(id, happened, given).alert
const hear = (memory: AttentionMemory, alertId: string, why: Heard['why'], when = later(at, 9)) =>
  nextMemory(memory, { kind: 'heard', alertId, why, level: 'red', at: when })
const whys = (alerts: ReturnType<typeof made>[], memory = nothingHeard, who = viewer) =>
  noticesOf(alerts, memory, who).map(({ alert, why }) => `${alert.id} ${why}`)

describe('what is to be noticed', () => {
  it('is nothing while an alert goes its way', () => {
    expect(whys([made('A', sent), made('B', [...sent, [received, later(at, 1)]])])).toEqual([])
  })

  it('follows from the state alone, so that nothing is lost over a lock or a shift', () => {
    expect(
      whys([
        made('A', late),
        made('B', [...late, [exhausted, later(at, 10)]]),
        made('C', [...sent, [refused, later(at, 1)]]),
        made('D', waiting, { own: false }),
      ]),
    ).toEqual(['B exhausted', 'C refused', 'A escalated', 'D check-requested'])
  })

  it('concerns the reporter; but a chain at its end concerns all who can telephone', () => {
    const others = [
      made('A', late, { own: false }),
      made('B', [...late, [exhausted, later(at, 10)]], { own: false }),
      made('C', [...sent, [refused, later(at, 1)]], { own: false }),
      made('D', waiting),
    ]
    expect(whys(others)).toEqual(['B exhausted'])
    expect(whys(others, nothingHeard, { mayCheck: true, mayManage: false })).toEqual([])
    expect(
      whys([made('E', waiting, { own: false })], nothingHeard, { mayCheck: false, mayManage: true }),
    ).toEqual([])
  })

  it('ends when the matter does: acknowledged, handled, withdrawn, checked by somebody', () => {
    const ended = [
      made('A', [...late, [exhausted, later(at, 10)], [received, later(at, 11)]]),
      made('B', [...late, [handled, later(at, 11)]]),
      made('C', [...late, [withdrawn, later(at, 11)]]),
      made('D', [...waiting, [everyEvent.checked, later(at, 1)], [released, later(at, 1)]], { own: false }),
    ]
    expect(whys(ended)).toEqual([])
  })

  it('holds an objection, an unchecked release and a late answer for as long as they matter', () => {
    let memory = hear(nothingHeard, 'A', 'check-objected')
    memory = hear(memory, 'B', 'released-unchecked')
    memory = hear(memory, 'C', 'answered-late')
    const unchecked: Happened[] = [...waiting, [{ kind: 'released', unchecked: true }, later(at, 5)]]
    expect(
      whys(
        [made('A', waiting), made('B', unchecked), made('C', [...sent, [withdrawn, later(at, 1)]])],
        memory,
      ),
    ).toEqual(['C answered-late', 'A check-objected', 'B released-unchecked'])
    expect(
      whys(
        [made('A', unchecked), made('B', [...unchecked, [received, later(at, 6)]]), made('C', sent)],
        memory,
      ),
    ).toEqual([])
  })

  it('tells an escalation for the handling, too, when it is heard of', () => {
    const got: Happened[] = [
      ...late,
      [received, later(at, 7)],
      [{ ...escalated, hop: 2, awaited: 'handle' }, later(at, 30)],
    ]
    expect(whys([made('A', got)])).toEqual([])
    expect(whys([made('A', got)], hear(nothingHeard, 'A', 'escalated', later(at, 30)))).toEqual([
      'A escalated',
    ])
  })

  it('is said once per alert, for its gravest reason, and put away altogether', () => {
    const alert = made('A', [...late, [refused, later(at, 6)], [exhausted, later(at, 10)]])
    const [notice] = noticesOf([alert], nothingHeard, viewer)
    expect(notice).toMatchObject({ why: 'exhausted', keys: { length: 3 } })
    const memory = nextMemory(nothingHeard, { kind: 'seen', keys: notice?.keys ?? [] })
    expect(whys([alert], memory)).toEqual([])
  })

  it('comes back with the next hop, and when it is told again', () => {
    const [notice] = noticesOf([made('A', late)], nothingHeard, viewer)
    const memory = nextMemory(nothingHeard, { kind: 'seen', keys: notice?.keys ?? [] })
    expect(whys([made('A', late)], memory)).toEqual([])
    expect(whys([made('A', [...late, [{ ...escalated, hop: 2 }, later(at, 10)]])], memory)).toEqual([
      'A escalated',
    ])
    const ended = made('A', [...late, [exhausted, later(at, 10)]])
    const seen = nextMemory(memory, {
      kind: 'seen',
      keys: noticesOf([ended], memory, viewer).flatMap(({ keys }) => keys),
    })
    expect(whys([ended], seen)).toEqual([])
    expect(whys([ended], hear(seen, 'A', 'exhausted', later(at, 15)))).toEqual(['A exhausted'])
  })

  it('rings again only for what is told again', () => {
    const key = noticesOf([made('A', late)], nothingHeard, viewer)[0]?.key ?? ''
    const rung = nextMemory(hear(nothingHeard, 'A', 'escalated'), { kind: 'rung', keys: [key] })
    expect(rung.rung).toEqual([key])
    expect(hear(rung, 'B', 'escalated').rung).toEqual([key])
    expect(hear(rung, 'A', 'refused').rung).toEqual([key])
    expect(hear(rung, 'A', 'escalated').rung).toEqual([])
  })

  it('does not take one alert for another whose id begins with it', () => {
    const rung = nextMemory(nothingHeard, { kind: 'rung', keys: ['A1 escalated 1'] })
    expect(hear(rung, 'A', 'escalated').rung).toEqual(['A1 escalated 1'])
  })

  it('puts the gravest first, then red, then the oldest', () => {
    const ten = Array.from({ length: 10 }, (_, n) =>
      made(`N${n}`, n === 7 ? [...late, [exhausted, later(at, 10)]] : late, {
        level: n % 2 ? 'red' : 'yellow',
        raisedAt: at - n,
      }),
    )
    expect(whys(ten).map((each) => each.slice(0, 2))).toEqual([
      'N7',
      'N9',
      'N5',
      'N3',
      'N1',
      'N8',
      'N6',
      'N4',
      'N2',
      'N0',
    ])
  })
})
