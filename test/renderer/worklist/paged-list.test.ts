import { describe, expect, it } from 'vitest'
import { createPagedList } from '../../../src/renderer/worklist/paged-list.ts'
import {
  indexOf,
  newKeys,
  pageSize,
  received,
  rowAt,
  stretchOf,
} from '../../../src/renderer/worklist/pages.ts'
import { rowKey } from '../../../src/renderer/worklist/reading-order.ts'
import type { WorklistPage, WorklistQuery } from '../../../src/shared/api/index.ts'
import { WorklistFilter, type WorklistRow } from '../../../src/shared/worklist/index.ts'
import { worklist } from '../window/facts.ts'

const base = worklist(1_790_000_000_000, 1)[0]!
const row = (n: number): WorklistRow => ({ ...base, accessionNumber: `A${n}`, studyInstanceUid: `1.${n}` })
const filter = WorklistFilter.parse({})

/** A gateway whose list can change under the window. */
function gateway(count: number) {
  let rows = Array.from({ length: count }, (_, n) => row(n))
  let revision = 1
  const asked: WorklistQuery[] = []
  const held: (() => void)[] = []
  let hold = false
  return {
    asked,
    change: (next: (rows: WorklistRow[]) => WorklistRow[]) => {
      rows = next(rows)
      revision += 1
    },
    hold: () => {
      hold = true
    },
    release: () => {
      hold = false
      for (const go of held.splice(0)) go()
    },
    async fetch(query: WorklistQuery): Promise<WorklistPage> {
      asked.push(query)
      if (hold) await new Promise<void>((resolve) => held.push(resolve))
      const { offset, limit } = query
      return { rows: rows.slice(offset, offset + limit), offset, total: rows.length, revision, broken: [] }
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function listOf(count: number) {
  const far = gateway(count)
  const timers: (() => void)[] = []
  const list = createPagedList({ fetch: far.fetch, after: (_, call) => void timers.push(call) })
  return { far, list, timers, at: (index: number) => rowAt(list.state().pages, index)?.accessionNumber }
}

describe('pages of a list', () => {
  it('are asked for with what lies around the screen, whole', () => {
    expect(stretchOf(0, 30)).toEqual({ offset: 0, limit: pageSize })
    expect(stretchOf(0, 60)).toEqual({ offset: 0, limit: 2 * pageSize })
    expect(stretchOf(99_970, 100_000).offset % pageSize).toBe(0)
    expect(stretchOf(0, 99_999).limit).toBe(1000)
  })

  it('of one revision stand beside each other, those of another go', () => {
    const answer = (offset: number, revision: number): WorklistPage => ({
      rows: Array.from({ length: pageSize }, (_, n) => row(offset + n)),
      offset,
      total: 1000,
      revision,
      broken: [],
    })
    const two = received(received(null, answer(0, 1)), answer(300, 1))
    expect(rowAt(two, 0)?.accessionNumber).toBe('A0')
    expect(rowAt(two, 399)?.accessionNumber).toBe('A399')
    expect(rowAt(two, 150)).toBeUndefined()
    expect(indexOf(two, rowKey(row(350)), 0)).toBe(350)
    const other = received(two, answer(300, 2))
    expect(rowAt(other, 0)).toBeUndefined()
    expect(indexOf(other, rowKey(row(0)))).toBeNull()
  })

  it('are forgotten far from where one is', () => {
    let pages = null
    for (let page = 0; page < 200; page += 1) {
      pages = received(pages, {
        rows: Array.from({ length: pageSize }, (_, n) => row(page * pageSize + n)),
        offset: page * pageSize,
        total: 20_000,
        revision: 1,
        broken: [],
      })
    }
    expect(pages?.byNumber.size).toBe(40)
    expect(rowAt(pages, 19_999)?.accessionNumber).toBe('A19999')
  })

  it('tell what was added from what slid in', () => {
    const page = (ns: number[], revision: number, total: number): WorklistPage => ({
      rows: ns.map(row),
      offset: 0,
      total,
      revision,
      broken: [],
    })
    const ns = Array.from({ length: pageSize }, (_, n) => n)
    const before = received(null, page(ns, 1, 500))
    const seen = new Set(ns.map((n) => rowKey(row(n))))
    // 900 came in on top; nothing else is new.
    expect(newKeys(before, page([900, ...ns.slice(0, -1)], 2, 501), seen)).toEqual([rowKey(row(900))])
    // 0 went, and 100 slid in from the next page.
    expect(newKeys(before, page([...ns.slice(1), 100], 2, 499), seen)).toEqual([])
    expect(newKeys(before, page(ns, 1, 500), seen)).toEqual([])
  })
})

describe('a list that is fetched as one looks', () => {
  it('asks for what is seen, once, and for the end when one goes there', async () => {
    const { far, list, at } = listOf(100_000)
    list.ask({ filter, sort: null })
    await settled()
    list.look(0, 40)
    list.look(1, 41)
    await settled()
    expect(far.asked.length).toBe(1)
    expect(list.state().pages?.total).toBe(100_000)
    list.look(99_960, 100_000)
    await settled()
    expect(at(99_999)).toBe('A99999')
    expect(far.asked.length).toBe(2)
  })

  it('does not ask for what is scrolled past while a call is on its way', async () => {
    const { far, list, at } = listOf(100_000)
    list.ask({ filter, sort: null })
    await settled()
    far.hold()
    for (let first = 1000; first < 90_000; first += 1000) list.look(first, first + 40)
    far.release()
    await settled()
    await settled()
    expect(far.asked.length).toBe(3)
    expect(at(89_000)).toBe('A89000')
  })

  it('shows what it has until a change is there, and then the change whole', async () => {
    const { far, list, at, timers } = listOf(300)
    list.ask({ filter, sort: null })
    await settled()
    far.change((rows) => [row(900), ...rows])
    far.hold()
    list.refresh()
    await settled()
    expect(at(0)).toBe('A0')
    far.release()
    await settled()
    expect(at(0)).toBe('A900')
    expect(at(1)).toBe('A0')
    expect([...list.state().fresh]).toEqual([rowKey(row(900))])
    for (const due of timers.splice(0)) due()
    expect(list.state().fresh.size).toBe(0)
  })

  it('throws away the answer to a question that has changed meanwhile', async () => {
    const { far, list } = listOf(300)
    far.hold()
    list.ask({ filter, sort: null })
    list.ask({ filter: { ...filter, search: '王' }, sort: null })
    expect(far.asked.length).toBe(2)
    far.release()
    await settled()
    expect(list.state().stale).toBe(false)
    expect(far.asked.map(({ filter: { search } }) => search)).toEqual([undefined, '王'])
  })

  it('keeps its rows when a call fails, says so, and tries again when told', async () => {
    const { far, list, at } = listOf(300)
    list.ask({ filter, sort: null })
    await settled()
    const fetch = far.fetch
    let down = true
    const flaky = createPagedList({
      fetch: (query) => (down ? Promise.reject(new Error('down')) : fetch(query)),
      after: () => undefined,
    })
    flaky.ask({ filter, sort: null })
    await settled()
    expect(flaky.state().failure).toBeInstanceOf(Error)
    down = false
    flaky.refresh()
    await settled()
    expect(flaky.state().failure).toBeNull()
    expect(at(0)).toBe('A0')
  })

  it('finds its way back when the list shrinks below what one looks at', async () => {
    const { far, list, at } = listOf(1000)
    list.ask({ filter, sort: null })
    await settled()
    list.look(960, 1000)
    await settled()
    far.change((rows) => rows.slice(0, 120))
    list.refresh()
    await settled()
    await settled()
    expect(list.state().pages?.total).toBe(120)
    expect(at(119)).toBe('A119')
  })
})
