import { describe, expect, it } from 'vitest'
import {
  completenessOf,
  missingNumbers,
  numberRuns,
} from '../../../../src/renderer/viewer/display/completeness.ts'
import type { DisplaySet } from '../../../../src/renderer/viewer/display/display-sets.ts'
import { hangsMirrored } from '../../../../src/renderer/viewer/display/mammography.ts'

describe('whether a series is complete', () => {
  it('names the numbers that the archive lacks', () => {
    expect(missingNumbers([1, 2, 4, 5, 9])).toEqual([3, 6, 7, 8])
    expect(missingNumbers([5, 4, 3])).toEqual([])
    expect(missingNumbers([7])).toEqual([])
    expect(missingNumbers([100, 200, 300])).toEqual([])
  })

  it('claims nothing where the numbers do not tell: none, twice the same, uneven leaps', () => {
    expect(missingNumbers([1, null, 3])).toBeNull()
    expect(missingNumbers([1, 1, 2])).toBeNull()
    expect(missingNumbers([1, 2, 3, 81, 82, 83])).toBeNull()
  })

  it('says them in runs', () => {
    expect(numberRuns([3, 6, 7, 8])).toBe('3, 6–8')
    expect(numberRuns([1, 3, 5, 7, 9])).toBe('1, 3, 5, 7…')
  })

  it('counts what came and what failed', () => {
    const instances = [1, 2, 4].map((instanceNumber) => ({ instanceNumber }))
    const set = { count: 3, instances } as DisplaySet
    const store = {
      loaded: (id: string) => id !== 'c',
      problem: (id: string) => (id === 'b' ? {} : undefined),
    }
    expect(completenessOf(set, ['a', 'b', 'c'], store)).toEqual({
      total: 3,
      loaded: 1,
      failed: 1,
      missing: [3],
    })
  })
})

describe('mammograms', () => {
  const mg = (side: string, rows: string) => ({
    '00080060': { vr: 'CS', Value: ['MG'] },
    '00200062': { vr: 'CS', Value: [side] },
    '00200020': { vr: 'CS', Value: [rows, 'F'] },
  })

  it('are mirrored where the chest wall would hang outside', () => {
    expect(hangsMirrored(mg('R', 'P'))).toBe(false)
    expect(hangsMirrored(mg('R', 'A'))).toBe(true)
    expect(hangsMirrored(mg('L', 'A'))).toBe(false)
    expect(hangsMirrored(mg('L', 'P'))).toBe(true)
    expect(hangsMirrored({ ...mg('L', 'P'), '00080060': { vr: 'CS', Value: ['DX'] } })).toBe(false)
  })
})
