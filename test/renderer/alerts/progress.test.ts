import { describe, expect, it } from 'vitest'
import { progressOf } from '../../../src/renderer/alerts/progress.ts'
import { everyEvent, type Happened, head, later, madeAlert, second, stateAfter } from './made-alert.ts'

const at = Date.UTC(2026, 10, 22, 2, 30)
const { raised, released, delivered, received, handled, refused, called, withdrawn } = everyEvent

const sent: Happened[] = [
  [raised, at],
  [released, at],
]
const marks = (happened: readonly Happened[]) =>
  progressOf(stateAfter(happened)).map(({ name, mark }) => `${name}:${mark}`)

describe('the progress of an alert', () => {
  it('goes station by station to the closed loop', () => {
    const way: Happened[] = [
      ...sent,
      [delivered, later(at, 1)],
      [received, later(at, 2)],
      [handled, later(at, 9)],
      [{ kind: 'closed', by: second }, later(at, 12)],
    ]
    const seen = [2, 3, 4, 5, 6].map((count) => marks(way.slice(0, count)))
    expect(seen).toEqual([
      ['sent:done', 'delivered:now', 'received:later', 'handled:later', 'closed:later'],
      ['sent:done', 'delivered:done', 'received:now', 'handled:later', 'closed:later'],
      ['sent:done', 'delivered:done', 'received:done', 'handled:now', 'closed:later'],
      ['sent:done', 'delivered:done', 'received:done', 'handled:done', 'closed:now'],
      ['sent:done', 'delivered:done', 'received:done', 'handled:done', 'closed:done'],
    ])
  })

  it('says who acknowledged it, when and by read-back, what was done, and who closed it', () => {
    const { alert, events } = madeAlert('A1', [
      ...sent,
      [delivered, later(at, 1)],
      [received, later(at, 2)],
      [handled, later(at, 9)],
      [{ kind: 'closed', by: second }, later(at, 12)],
    ])
    const [, , got, done, closed] = progressOf(alert.state, events)
    expect(got).toMatchObject({
      at: later(at, 2),
      fact: { by: '陈静怡', role: 'nurse', readBack: true, phone: false },
    })
    expect(done).toMatchObject({ at: later(at, 9), fact: { by: '孙医生', measure: '急诊手术' } })
    expect(closed).toMatchObject({ at: later(at, 12), fact: { by: '周晓彤' } })
  })

  it('takes the first acknowledgement and leaves later ones to the record', () => {
    const other = { ...received, by: { id: 'X', name: '迟到者', role: 'doctor' as const } }
    const { alert, events } = madeAlert('A1', [...sent, [received, later(at, 2)], [other, later(at, 3)]])
    expect(progressOf(alert.state, events)[2]?.fact).toMatchObject({ by: '陈静怡' })
  })

  it('passes over delivery where the telephone was quicker, and says that it was the telephone', () => {
    const { alert, events } = madeAlert('A1', [...sent, [called, later(at, 2)]])
    const [, way, got] = progressOf(alert.state, events)
    expect([way?.mark, got?.mark]).toEqual(['skipped', 'done'])
    expect(got?.fact).toMatchObject({ phone: true, by: '陈静怡' })
  })

  it('does not take a call that reached nobody for an acknowledgement', () => {
    const { alert, events } = madeAlert('A1', [...sent, [{ ...called, reached: false }, later(at, 2)]])
    expect(progressOf(alert.state, events)[2]).toMatchObject({ mark: 'later', fact: null })
  })

  it('shows that a hospital system gave it up, until it is sent again', () => {
    expect(marks([...sent, [refused, later(at, 1)]])[1]).toBe('delivered:failed')
    expect(
      marks([
        ...sent,
        [refused, later(at, 1)],
        [{ kind: 'replayed', target: 'HIS', by: second }, later(at, 2)],
      ])[1],
    ).toBe('delivered:now')
  })

  it('begins with the check where a second person is waited for, and remembers how that ended', () => {
    const waiting: Happened[] = [
      [raised, at],
      [{ kind: 'check-requested', until: later(at, 5) }, at],
    ]
    expect(marks(waiting)).toEqual([
      'check:now',
      'sent:later',
      'delivered:later',
      'received:later',
      'handled:later',
      'closed:later',
    ])
    const ended = (...more: Happened[]) => {
      const { alert, events } = madeAlert('A1', [...waiting, ...more])
      return progressOf(alert.state, events)[0]
    }
    expect(ended([everyEvent.checked, later(at, 1)], [released, later(at, 1)])).toMatchObject({
      name: 'check',
      mark: 'done',
      fact: { by: '周晓彤', twice: false },
    })
    expect(ended([{ kind: 'released', unchecked: true }, later(at, 5)])).toMatchObject({
      name: 'check',
      mark: 'skipped',
      fact: { kind: 'unchecked' },
    })
  })

  it('ends with the withdrawal, keeping what had been', () => {
    const { alert, events } = madeAlert('A1', [...sent, [delivered, later(at, 1)], [withdrawn, later(at, 2)]])
    expect(progressOf(alert.state, events).map(({ name, mark }) => `${name}:${mark}`)).toEqual([
      'sent:done',
      'delivered:done',
      'withdrawn:done',
    ])
  })

  it('is not moved by escalation', () => {
    const escalated = { kind: 'escalated', hop: 1, to: head, awaited: 'receive' } as const
    const before: Happened[] = [...sent, [delivered, later(at, 1)]]
    expect(marks([...before, [escalated, later(at, 5)]])).toEqual(marks(before))
  })
})
