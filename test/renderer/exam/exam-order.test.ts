import { expect, it } from 'vitest'
import { inExamOrder, passesExamFilter } from '../../../src/renderer/exam/exam-order.ts'
import { worklist } from '../window/facts.ts'

it('lists what is to do first: ordered, then done, then arrived; emergencies before the rest', () => {
  const rows = inExamOrder(worklist(1_790_000_000_000))
  const stages = rows.map((row) => ['ordered', 'done', 'arrived'].indexOf(row.examStatus))
  expect(stages).toEqual(stages.toSorted())
  const arrived = rows.filter((row) => row.examStatus === 'arrived')
  expect(arrived.slice(0, 4).every((row) => row.priority === 'stat')).toBe(true)
  expect(
    rows.filter((row) => passesExamFilter(row, 'waiting')).every((row) => row.examStatus === 'ordered'),
  ).toBe(true)
})
