import { describe, expect, it } from 'vitest'
import { dueMessages } from '../../../../src/server/critical/delivery/due.ts'
import type { Waiting } from '../../../../src/server/critical/delivery/outbox.ts'

/** `id patient alert [attempts [due]]` */
function rows(...texts: string[]): Waiting[] {
  return texts.map((text) => {
    const [id = '', patient = '', alert = '', attempts = '0', due = '0'] = text.split(' ')
    return {
      id,
      message_id: id,
      patient_index: patient,
      alert_id: alert,
      attempts: Number(attempts),
      next_attempt_at: Number(due),
      created_at: 0,
    }
  })
}
const ids = (text: string) => new Set(text.split(' '))
const due = (waiting: Waiting[], { now = 100, most = 9, flying = '', refused = '' } = {}) =>
  dueMessages(
    waiting,
    { inFlight: ids(flying), refused: ids(refused), free: most, longestDelayMs: 1000 },
    now,
  )
const minute = 60_000

describe('due messages', () => {
  it.each([
    ['the first of each patient', rows('1 p a', '2 p b', '3 q c'), {}, ['1', '3']],
    ['none behind one in flight', rows('1 p a', '2 p b', '3 q c'), { flying: '1' }, ['3']],
    ['none behind one that waits', rows('1 p a 1 200', '2 p b', '3 q c'), {}, ['3']],
    ['none of an alert before its notice, its patient merged', rows('1 p a 1 200', '2 q a', '3 q c'), {}, []],
    [
      'not for ever behind one that the target goes on refusing',
      rows('1 p a 5 60900', '2 p b', '3 p c'),
      { now: minute, refused: '1' },
      ['2'],
    ],
    ['yet none of the same alert', rows('1 p a 5 60900', '2 p a'), { now: minute, refused: '1' }, []],
    ['behind one refused a few times', rows('1 p a 4 60900', '2 p b'), { now: minute, refused: '1' }, []],
    ['behind one refused a short while', rows('1 p a 5 500', '2 p b'), { refused: '1' }, []],
    ['behind one that nobody answers', rows('1 p a 9 60900', '2 p b'), { now: minute }, []],
    ['one whose time is beyond every delay, the clock put back', rows('1 p a 1 1101'), {}, ['1']],
    ['as many as are free', rows('1 p a', '2 q b', '3 r c'), { most: 2 }, ['1', '2']],
    ['the least tried first', rows('1 p a 7', '2 q b 1', '3 r c 0'), { most: 2 }, ['3', '2']],
  ] as const)('%s', (_, waiting, options, expected) => {
    expect(due([...waiting], options).ids).toEqual(expected)
  })

  it('says when to look again', () => {
    expect(due(rows('1 p a 1 300', '2 p b 0 150', '3 q c 1 200')).at).toBe(200)
    expect(due(rows('1 p a')).at).toBe(Number.POSITIVE_INFINITY)
  })
})
