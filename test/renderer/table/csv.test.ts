import { describe, expect, it } from 'vitest'
import { csvCell, csvFileName, csvOf } from '../../../src/renderer/table/csv.ts'
import { ipc } from '../../../src/shared/ipc/index.ts'
import { columns, people } from './people.ts'

describe('a table as CSV', () => {
  it('has a head, a line for each row, the columns that say something, and CRLF', () => {
    expect(csvOf(people.slice(0, 2), columns)).toBe(
      '姓名,工作站,最近活动,角色\r\n张伟,阅片室-10,第 100 分,医师\r\n阿依古丽,阅片室-2,,技师、医师\r\n',
    )
  })

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', "'=1+1"],
    ['+86 10', "'+86 10"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['1-2', '1-2'],
    ['', ''],
  ])('writes %j as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell)
  })

  it('is named by what it holds and the day, as main accepts it', () => {
    const at = new Date(2026, 10, 23, 9).getTime()
    expect(csvFileName('账号', at)).toBe('账号-20261123.csv')
    const { fileName } = ipc['administration.export'].args.shape
    expect(fileName.safeParse(csvFileName('a/b:c\u0000\\d', at)).success).toBe(true)
  })
})
