import { describe, expect, it } from 'vitest'
import { lastTimeAt, timeOfDay } from '../../../src/renderer/alerts/call-time.ts'
import { type CallFields, calleesFor, callOf, freshCall } from '../../../src/renderer/alerts/forms/call.ts'
import { highlighted } from '../../../src/renderer/alerts/highlight.ts'
import { PhoneCall } from '../../../src/shared/api/alerts.ts'
import { head, madeAlert, rules, ward } from './made-alert.ts'

const now = new Date(2026, 10, 22, 10, 32, 40).getTime()
const { alert } = madeAlert('A', [[{ kind: 'raised' }, now]])
const filled: CallFields = {
  ...freshCall(alert, now),
  name: ' 陈静怡 ',
  reached: true,
  readBack: true,
  handling: ' 急诊手术 ',
}

describe('recording a call', () => {
  it('opens on the one who is to answer; a ward is no person', () => {
    expect(freshCall(alert, now)).toMatchObject({
      name: '',
      role: 'nurse',
      phone: ward.phone,
      reached: null,
      time: '10:32',
    })
    expect(freshCall({ recipient: head }, now)).toMatchObject({
      name: '王建业',
      role: 'doctor',
      phone: '8123',
    })
  })

  it('offers the contacts of the department and those for all, and no other department', () => {
    expect(calleesFor(alert, rules.contacts).map(({ name }) => name)).toEqual([
      '神经外科一病区',
      '王建业',
      '总值班',
    ])
  })

  it('makes what the contract takes', () => {
    const answer = callOf(filled, now)
    expect(answer).toEqual({
      call: {
        called: { name: '陈静怡', role: 'nurse', phone: '8120' },
        reached: true,
        readBack: true,
        remark: '',
        at: now,
        handling: '急诊手术',
      },
    })
    expect(PhoneCall.safeParse('call' in answer && answer.call).success).toBe(true)
  })

  it('claims neither read-back nor handling of a call that reached nobody', () => {
    const answer = callOf({ ...filled, reached: false, name: '' }, now)
    expect(answer).toMatchObject({ call: { reached: false, readBack: false } })
    expect('call' in answer && 'handling' in answer.call).toBe(false)
  })

  it.each<[Partial<CallFields>, string]>([
    [{ reached: null }, 'reachedMissing'],
    [{ name: '  ' }, 'nameMissing'],
    [{ time: '25:00' }, 'timeWrong'],
    [{ time: '' }, 'timeWrong'],
    [{ readBack: false }, 'notReadBack'],
  ])('asks for what is missing: %j', (change, mistake) => {
    expect(callOf({ ...filled, ...change }, now)).toEqual({ mistake })
  })

  it('takes a call without read-back where the remark says why', () => {
    expect(callOf({ ...filled, readBack: false, remark: '抢救中，稍后回拨' }, now)).toMatchObject({
      call: { readBack: false, remark: '抢救中，稍后回拨' },
    })
  })
})

describe('the time of a call', () => {
  it('is the last time that it was so, never in the future', () => {
    expect(timeOfDay(now)).toBe('10:32')
    expect(lastTimeAt('10:32', now)).toBe(now)
    expect(lastTimeAt('9:05', now)).toBe(new Date(2026, 10, 22, 9, 5).getTime())
    expect(lastTimeAt('10：30', now)).toBe(new Date(2026, 10, 22, 10, 30).getTime())
    expect(lastTimeAt('23:50', now)).toBe(new Date(2026, 10, 21, 23, 50).getTime())
    for (const wrong of ['', '24:00', '10:60', '1032', 'x']) expect(lastTimeAt(wrong, now)).toBeNull()
  })
})

describe('the keyword in the excerpt', () => {
  it('is marked wherever it stands, and the text stays whole', () => {
    const text = '硬膜外血肿；考虑硬膜外血肿增大'
    const pieces = highlighted(text, '硬膜外血肿')
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(pieces.filter(({ marked }) => marked)).toHaveLength(2)
    expect(highlighted(text, '')).toEqual([{ text, marked: false }])
    expect(highlighted('a.b', '.').map(({ text: piece }) => piece)).toEqual(['a', '.', 'b'])
  })
})
