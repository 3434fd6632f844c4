import { describe, expect, it } from 'vitest'
import { rowsInView } from '../../../src/renderer/table/row-window.ts'

describe('the rows that are drawn', () => {
  it('are the visible ones and a margin, however long the list', () => {
    expect(rowsInView(0, 640, 100_000)).toMatchObject({ first: 0, end: 28 })
    const { first, end } = rowsInView(32 * 50_000, 640, 100_000)
    expect([first, end]).toEqual([49_992, 50_028])
  })

  it('stay within the list where it has become shorter than the scroll position', () => {
    const { first, end } = rowsInView(32 * 500, 640, 3)
    expect(first).toBeLessThanOrEqual(end)
    expect(end).toBe(3)
  })

  it('move by nearly a page, and by one at least', () => {
    expect(rowsInView(0, 640, 10).pageRows).toBe(18)
    expect(rowsInView(0, 20, 10).pageRows).toBe(1)
  })
})
