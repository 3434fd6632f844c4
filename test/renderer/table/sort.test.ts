import { describe, expect, it } from 'vitest'
import { isSortable, nextSort, sortRows } from '../../../src/renderer/table/sort.ts'
import { columns, people } from './people.ts'

const names = (column: string, direction: 'ascending' | 'descending', language = 'zh-CN') =>
  sortRows(people, columns, { column, direction }, language).map(({ name }) => name)

describe('the order of a table', () => {
  it('goes up, down and back with clicks on one head, and starts anew on another', () => {
    const up = nextSort(null, 'name')
    const down = nextSort(up, 'name')
    expect([up?.direction, down?.direction, nextSort(down, 'name')]).toEqual([
      'ascending',
      'descending',
      null,
    ])
    expect(nextSort(down, 'room')).toEqual({ column: 'room', direction: 'ascending' })
  })

  it('follows pinyin for names, and counts numbers within texts', () => {
    expect(names('name', 'ascending')).toEqual(['阿依古丽', '李明华', '张伟', 'ＬＩ Ming'])
    expect(names('room', 'ascending')).toEqual(['李明华', '阿依古丽', '张伟', 'ＬＩ Ming'])
  })

  it('compares numbers as numbers, and keeps what has no value last both ways', () => {
    expect(names('seen', 'ascending')).toEqual(['ＬＩ Ming', '李明华', '张伟', '阿依古丽'])
    expect(names('seen', 'descending')).toEqual(['张伟', '李明华', 'ＬＩ Ming', '阿依古丽'])
    expect(names('room', 'descending').at(-1)).toBe('ＬＩ Ming')
  })

  it('leaves the rows as they came without a sort, and for a column that says nothing', () => {
    expect(sortRows(people, columns, null, 'zh-CN')).toBe(people)
    expect(names('action', 'ascending')).toEqual(people.map(({ name }) => name))
    expect(columns.map(isSortable)).toEqual([true, true, true, true, false])
  })

  it('keeps equal rows in their places', () => {
    const rows = Array.from({ length: 50 }, (_, n) => ({ ...people[0]!, seen: n % 2, name: String(n) }))
    const sorted = sortRows(rows, columns, { column: 'seen', direction: 'descending' }, 'zh-CN')
    expect(sorted.slice(0, 3).map(({ name }) => name)).toEqual(['1', '3', '5'])
  })
})
