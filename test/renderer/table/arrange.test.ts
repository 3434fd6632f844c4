import { expect, it } from 'vitest'
import { shiftOf } from '../../../src/renderer/table/anchor.ts'
import {
  arrange,
  moveBefore,
  moveBy,
  settingsOf,
  widest,
  withShown,
  withWidth,
} from '../../../src/renderer/table/arrange.ts'
import type { Column } from '../../../src/renderer/table/column.ts'

const column = (key: string, more: Partial<Column<object>> = {}): Column<object> => ({
  key,
  title: key,
  width: 100,
  grow: 1,
  render: () => key,
  ...more,
})
const columns = [column('a', { needed: true }), column('b'), column('c', { hidden: true }), column('d')]
const keys = (own: Parameters<typeof arrange>[1]) => arrange(columns, own).map(({ key }) => key)
const delivered = settingsOf(columns, [])

it('shows the columns as delivered until somebody changes them', () => {
  expect(keys([])).toEqual(['a', 'b', 'd'])
})

it('keeps the order, adds what is new, and forgets what is no longer delivered', () => {
  const own = [
    { key: 'd', shown: true, width: 60 },
    { key: 'old', shown: true, width: null },
    { key: 'd', shown: false, width: null },
  ]
  expect(keys(own)).toEqual(['d', 'a', 'b'])
  expect(arrange(columns, own)[0]).toMatchObject({ width: 60, grow: 0 })
})

it('hides and shows, but never what a row is told by', () => {
  expect(keys(withShown(delivered, 'b', false))).toEqual(['a', 'd'])
  expect(keys(withShown(delivered, 'c', true))).toEqual(['a', 'b', 'c', 'd'])
  expect(keys(withShown(delivered, 'a', false))).toEqual(['a', 'b', 'd'])
})

it('moves before another column, to the end, and by one among those shown', () => {
  expect(keys(moveBefore(delivered, 'd', 'a'))).toEqual(['d', 'a', 'b'])
  expect(keys(moveBefore(delivered, 'a', null))).toEqual(['b', 'd', 'a'])
  expect(keys(moveBefore(delivered, 'a', 'a'))).toEqual(['a', 'b', 'd'])
  expect(keys(moveBy(delivered, 'b', 1))).toEqual(['a', 'd', 'b'])
  expect(keys(moveBy(delivered, 'b', -1))).toEqual(['b', 'a', 'd'])
  expect(keys(moveBy(delivered, 'a', -1))).toEqual(['a', 'b', 'd'])
  expect(keys(moveBy(delivered, 'd', 1))).toEqual(['a', 'b', 'd'])
})

it('keeps widths within what can be used', () => {
  expect(withWidth(delivered, 'b', 3).find(({ key }) => key === 'b')?.width).toBe(40)
  expect(withWidth(delivered, 'b', 9_999).find(({ key }) => key === 'b')?.width).toBe(widest)
  expect(withWidth(delivered, 'b', null).find(({ key }) => key === 'b')?.width).toBeNull()
})

it('a changed list stands still by the first row that is still there', () => {
  const now: Record<string, number> = { x: 14, y: 20 }
  const placeOf = (key: string) => now[key] ?? null
  const standing = [
    { key: 'gone', index: 10 },
    { key: 'x', index: 11 },
    { key: 'y', index: 12 },
  ]
  expect(shiftOf(standing, placeOf)).toBe(3)
  expect(shiftOf([{ key: 'gone', index: 10 }], placeOf)).toBe(0)
})
