import { describe, expect, it } from 'vitest'
import {
  type AlertEvent,
  type AlertState,
  maybeSame,
  mayWithdraw,
  nextAlertState,
} from '../../../src/shared/alert/index.ts'

const minute = 60_000
const timing = {
  deadlines: { receiveMinutes: 5, handleMinutes: 30, hopMinutes: 5 },
  closeAfterHours: 24,
}
const by = { accountId: 'li', name: '李医师' }
const nurse = { id: 'n1', name: '周护士', role: 'nurse' as const }
const raised: AlertEvent = { kind: 'raised' }
const asked: AlertEvent = { kind: 'check-requested', until: 3 * minute }
const released: AlertEvent = { kind: 'released', unchecked: false }
const received: AlertEvent = { kind: 'received', by: nurse, readBack: true, source: 'http', at: 0 }
const handled: AlertEvent = {
  kind: 'handled',
  by: nurse,
  measure: '已处理',
  opinion: '',
  source: 'phone',
  at: 0,
}
const called = (reached: boolean): AlertEvent => ({
  kind: 'called',
  by,
  called: { name: '周护士', role: 'nurse', phone: '' },
  reached,
  readBack: reached,
  remark: '',
  at: 0,
})

/** The events one minute after another. */
const after = (...events: AlertEvent[]) =>
  events.reduce<AlertState | null>(
    (state, event, index) => nextAlertState(state, event, index * minute, timing),
    null,
  )!

describe('an alert', () => {
  it('waits for its second check until then, and its deadlines count from its release', () => {
    expect(after(raised, asked)).toMatchObject({
      status: 'awaiting-check',
      due: { awaited: 'check', at: 3 * minute },
    })
    expect(after(raised, asked, released)).toMatchObject({
      status: 'sent',
      due: { awaited: 'receive', at: 7 * minute },
    })
  })

  it('that was told by telephone before its check still waits for that, and keeps what was said', () => {
    const told = after(raised, asked, called(true), handled)
    expect(told).toMatchObject({
      status: 'awaiting-check',
      receivedAt: 2 * minute,
      handledAt: 3 * minute,
      due: { awaited: 'check', at: 3 * minute },
    })
    expect(mayWithdraw(told)).toBe(false)
    expect(after(raised, asked, called(true), released)).toMatchObject({
      status: 'received',
      due: { awaited: 'handle', at: 33 * minute },
    })
    expect(after(raised, asked, called(true), handled, released)).toMatchObject({
      status: 'handled',
      due: { awaited: 'close', at: (3 + 24 * 60) * minute },
    })
  })

  it('is received by telephone only where somebody was reached', () => {
    expect(after(raised, released, called(false)).status).toBe('sent')
    expect(after(raised, released, called(true))).toMatchObject({
      status: 'received',
      due: { awaited: 'handle', at: 31 * minute },
    })
  })

  it('that was handled cannot be withdrawn, and what comes after the end changes nothing', () => {
    const withdrawn: AlertEvent = { kind: 'withdrawn', by, reason: '误报' }
    expect(after(raised, released, handled, withdrawn).status).toBe('handled')
    expect(after(raised, released, withdrawn, received)).toMatchObject({
      status: 'withdrawn',
      receivedAt: null,
      due: null,
    })
    expect(() => nextAlertState(null, released, 0, timing)).toThrow(RangeError)
  })
})

describe('two findings of one patient', () => {
  it('are one where the type is, unless one is left and the other right', () => {
    const type = 'PNEUMOTHORAX'
    expect(maybeSame({ type, side: 'left' }, { type, side: 'right' })).toBe(false)
    expect(maybeSame({ type, side: 'right' }, { type, side: 'left' })).toBe(false)
    for (const side of ['left', 'bilateral', null, undefined] as const)
      expect(maybeSame({ type, side: 'left' }, { type, side })).toBe(true)
    expect(maybeSame({ type }, { type: 'ICH' })).toBe(false)
  })
})
