import { describe, expect, it } from 'vitest'
import {
  type Arrangement,
  asStack,
  oneUp,
  toggleMaximised,
  withActive,
  withGrid,
  withNextActive,
  withNextSet,
  withoutMissing,
  withShowing,
} from '../../../../src/renderer/viewer/hanging/arrangement.ts'
import { wordsOf } from '../../../../src/renderer/viewer/hanging/protocol-form.tsx'
import { swapped } from '../../../../src/renderer/viewer/hanging/protocol-list.tsx'

const sets = (a: Arrangement) => a.panes.slice(0, a.rows * a.columns).map((pane) => pane?.set ?? null)
const start = withGrid(oneUp, 1, 1, ['a', 'b', 'c'])

describe('an arrangement', () => {
  it('keeps what is shown, fills free panes with what is not, and finds it again in a larger grid', () => {
    const four = withGrid(withShowing(start, 0, asStack('b')), 2, 2, ['a', 'b', 'c'])
    expect(sets(four)).toEqual(['b', 'a', 'c', null])
    const moved = withShowing(four, 3, asStack('b'))
    expect(sets(withGrid(moved, 1, 1, ['a', 'b', 'c']))).toEqual(['b'])
    expect(sets(withGrid(withGrid(moved, 1, 1, []), 2, 2, []))).toEqual(['b', 'a', 'c', 'b'])
  })

  it('stays between 1×1 and 4×4, and its active pane inside', () => {
    const all = withGrid(start, 9, 0, ['a'])
    expect([all.rows, all.columns]).toEqual([4, 1])
    const last = withActive(withGrid(start, 4, 4, []), 15)
    expect(last.active).toBe(15)
    expect(withGrid(last, 1, 2, []).active).toBe(1)
    expect(withActive(last, 16)).toBe(last)
    expect(withShowing(start, 1, asStack('b'))).toBe(start)
  })

  it('goes from pane to pane and from series to series', () => {
    const two = withGrid(start, 1, 2, ['a', 'b', 'c'])
    expect(withNextActive(two, 1).active).toBe(1)
    expect(withNextActive(two, -1).active).toBe(1)
    expect(sets(withNextSet(two, 1, ['a', 'b', 'c']))).toEqual(['b', 'b'])
    expect(withNextSet(two, -1, ['a', 'b', 'c'])).toBe(two)
  })

  it('puts one pane alone and back; a single one is alone anyway', () => {
    const two = withGrid(start, 1, 2, ['a', 'b'])
    const alone = toggleMaximised(two, 1)
    expect(alone).toMatchObject({ active: 1, maximised: true })
    expect(toggleMaximised(alone)).toMatchObject({ active: 1, maximised: false })
    expect(toggleMaximised(start)).toBe(start)
  })

  it('forgets sets that are gone', () => {
    const two = withGrid(start, 1, 2, ['a', 'b'])
    expect(sets(withoutMissing(two, ['b']))).toEqual([null, 'b'])
    expect(withoutMissing(two, ['a', 'b'])).toBe(two)
  })
})

describe('a person’s protocols', () => {
  it('change places', () => {
    expect(swapped(['a', 'b', 'c'], 1)).toEqual(['a', 'c', 'b'])
    expect(swapped(['a'], 0)).toEqual(['a'])
  })

  it('take words as they are typed', () => {
    expect(wordsOf(' 头，颅、BRAIN  头', 20, 40)).toEqual(['头', '颅', 'BRAIN'])
    expect(wordsOf('abcdef', 20, 3)).toEqual(['abc'])
    expect(wordsOf('a b c', 2, 40)).toEqual(['a', 'b'])
  })
})
