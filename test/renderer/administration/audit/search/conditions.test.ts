import { describe, expect, it } from 'vitest'
import {
  back,
  mostSubjects,
  type NamedSubject,
  noConditions,
  onward,
  present,
  queryOf,
  type Trail,
  withoutSubject,
  withSubject,
} from '../../../../../src/renderer/administration/audit/search/conditions.ts'
import {
  choiceOf,
  recordPeriodOf,
  recordPeriods,
} from '../../../../../src/renderer/administration/audit/search/period-choices.ts'
import { AuditQuery } from '../../../../../src/shared/api/audit.ts'

const person = (id: string): NamedSubject => ({ kind: 'account', id, label: '李明华' })

describe('conditions on records', () => {
  it('hold each subject once, no more than the gateway takes, and let go of each', () => {
    const two = withSubject(withSubject(noConditions, person('a')), person('b'))
    expect(withSubject(two, { ...person('a'), label: 'another name' })).toBe(two)
    expect(withoutSubject(two, { kind: 'account', id: 'a' }).subjects).toEqual([person('b')])
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map(person).reduce(withSubject, noConditions)
    expect(many.subjects).toHaveLength(mostSubjects)
  })

  it('are asked as the contract has it, and no label leaves the window', () => {
    const period = { from: 1000, to: 2000 }
    const query = queryOf(
      { ...withSubject(noConditions, person('a')), period, actions: ['report.'] },
      'oldest',
    )
    expect(AuditQuery.parse(query)).toEqual(query)
    expect(query).toMatchObject({
      from: 1000,
      to: 2000,
      order: 'oldest',
      subjects: [{ kind: 'account', id: 'a' }],
    })
    expect(JSON.stringify(query)).not.toContain('李明华')
    expect(queryOf(noConditions)).not.toHaveProperty('from')
  })

  it('are left one by one the way they were come by', () => {
    const first: Trail = [noConditions]
    const next = withSubject(noConditions, person('a'))
    const gone = onward(first, next)
    expect(onward(gone, { ...next })).toBe(gone)
    expect(present(gone)).toEqual(next)
    expect(present(back(gone))).toEqual(noConditions)
    expect(back(first)).toBe(first)
  })

  it('know yesterday from today, over a change of clocks and of month', () => {
    const now = new Date(2026, 2, 1, 0, 30).getTime()
    const at = (...day: [number, number, number]) => new Date(...day).getTime()
    expect(recordPeriodOf('yesterday', now)).toEqual({ from: at(2026, 1, 28), to: at(2026, 2, 1) })
    expect(recordPeriodOf('all', now)).toBeNull()
    for (const choice of recordPeriods.filter((one) => one !== 'month'))
      expect(choiceOf(recordPeriodOf(choice, now), now)).toBe(choice)
    expect(choiceOf({ from: 1, to: 2 }, now)).toBeNull()
  })
})
