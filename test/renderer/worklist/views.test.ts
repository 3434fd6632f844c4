import { describe, expect, it } from 'vitest'
import { received } from '../../../src/renderer/worklist/pages.ts'
import { followed, selectedAt } from '../../../src/renderer/worklist/place.ts'
import { rowKey } from '../../../src/renderer/worklist/reading-order.ts'
import {
  freeId,
  isAsViewed,
  mostViews,
  noFilter,
  openingView,
  readingViews,
  restricts,
  sameFilter,
  viewsOf,
  withoutView,
  withView,
} from '../../../src/renderer/worklist/views.ts'
import { WorklistSettings } from '../../../src/shared/settings/index.ts'
import { worklist } from '../window/facts.ts'

const none = WorklistSettings.parse({})
const brain = { id: 'own-1', name: '颅脑', filter: { ...noFilter, bodyPart: '头' }, sort: null }

describe('views', () => {
  it('open with all of it, until a person says with which', () => {
    expect(openingView(none, readingViews).id).toBe('all')
    expect(openingView({ ...none, openWith: 'mine' }, readingViews).id).toBe('mine')
    expect(openingView({ ...none, openWith: 'gone' }, readingViews).id).toBe('all')
  })

  it('of one’s own come after those delivered, are changed in place and removed', () => {
    const one = withView(none, brain)
    expect(viewsOf(one, readingViews).at(-1)?.name).toBe('颅脑')
    const renamed = withView(one, { ...brain, name: '头部' })
    expect(renamed.views.map(({ name }) => name)).toEqual(['头部'])
    expect(withoutView({ ...renamed, openWith: 'own-1' }, 'own-1')).toEqual(none)
    expect(freeId(one)).toBe('own-2')
  })

  it('are no more than the gateway keeps', () => {
    let all = none
    for (let n = 0; n < mostViews + 5; n += 1) all = withView(all, { ...brain, id: freeId(all) })
    expect(all.views.length).toBe(mostViews)
    expect(WorklistSettings.safeParse(all).success).toBe(true)
  })

  it('are changed by a filter and by an order, not by a search', () => {
    const view = readingViews[1]!
    expect(isAsViewed(view, { ...view.filter, search: '王' }, null)).toBe(true)
    expect(isAsViewed(view, { ...view.filter, modalities: ['CT'] }, null)).toBe(false)
    expect(isAsViewed(view, view.filter, { column: 'name', direction: 'ascending' })).toBe(false)
  })

  it('compare filters by what they restrict', () => {
    expect(sameFilter({ ...noFilter, modalities: [], search: '' }, noFilter)).toBe(true)
    expect(
      sameFilter({ ...noFilter, modalities: ['MR', 'CT'] }, { ...noFilter, modalities: ['CT', 'MR'] }),
    ).toBe(true)
    expect(restricts({ ...noFilter, urgent: false })).toBe(false)
    expect(restricts({ ...noFilter, days: 1 })).toBe(true)
  })
})

describe('the selection of a list that changes', () => {
  const rows = worklist(1_790_000_000_000, 10)
  const pages = (of: typeof rows, revision: number) =>
    received(null, { rows: of, offset: 0, total: of.length, revision, broken: [] })

  it('follows its exam', () => {
    const selected = { key: rowKey(rows[3]!), index: 3 }
    expect(followed(pages(rows, 1), selected)).toBe(selected)
    expect(followed(pages(rows.slice(1), 2), selected)).toEqual({ ...selected, index: 2 })
  })
  it('of an exam that has gone shows nowhere, and keeps its place for the keyboard', () => {
    const selected = { key: rowKey(rows[3]!), index: 3 }
    const without = pages(rows.toSpliced(3, 1), 2)
    expect(selectedAt(without, selected)).toBe(-1)
    expect(followed(without, selected)).toEqual(selected)
  })
  it('of a row that has not come is named once it has', () => {
    expect(selectedAt(null, { key: null, index: 7 })).toBe(7)
    expect(followed(pages(rows, 1), { key: null, index: 7 })).toEqual({ key: rowKey(rows[7]!), index: 7 })
  })
})
