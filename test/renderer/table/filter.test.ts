import { describe, expect, it } from 'vitest'
import { choicesOf, filterRows, isFiltered, noFilter } from '../../../src/renderer/table/filter.ts'
import { columns, people } from './people.ts'

const names = (search: string, choices: Record<string, string> = {}) =>
  filterRows(people, columns, { search, choices }).map(({ name }) => name)

describe('the filter of a table', () => {
  it('finds a word in any text, whatever its case and width', () => {
    expect(names('阅片室-1')).toEqual(['张伟', '李明华'])
    expect(names(' li ')).toEqual(['ＬＩ Ming'])
    expect(names('第 20')).toEqual(['李明华'])
  })

  it('wants every word, in whichever columns they stand', () => {
    expect(names('阅片室 技师')).toEqual(['阿依古丽', '李明华'])
    expect(names('阅片室 护士')).toEqual([])
  })

  it('takes a choice as a whole value, of which a cell may hold several', () => {
    expect(names('', { roles: '医师' })).toEqual(['张伟', '阿依古丽'])
    expect(names('阿', { roles: '技师' })).toEqual(['阿依古丽'])
    expect(names('', { roles: '师' })).toEqual([])
    expect(names('', { name: '张伟' })).toHaveLength(4)
  })

  it('offers the values that there are, and the chosen one even where it has gone', () => {
    const roles = columns.find(({ key }) => key === 'roles')!
    expect(choicesOf(people, roles, '', 'zh-CN')).toEqual(['技师', '医师'])
    expect(choicesOf([], roles, '医师', 'zh-CN')).toEqual(['医师'])
  })

  it('without a word or a choice is none', () => {
    expect(filterRows(people, columns, noFilter)).toBe(people)
    expect([noFilter, { search: ' ', choices: { roles: '' } }].map(isFiltered)).toEqual([false, false])
  })
})
