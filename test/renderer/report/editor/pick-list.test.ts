import { describe, expect, it } from 'vitest'
import { pickByFigure } from '../../../../src/renderer/report/editor/pick-list.ts'

describe('a figure in a pick-list', () => {
  it('means the place of an option', () => {
    expect(pickByFigure(['左', '右', '双'], 0, '2')).toEqual({ take: 1 })
    expect(pickByFigure(['左', '右'], 0, '3')).toBeNull()
    expect(pickByFigure(['左', '右'], 0, '0')).toBeNull()
  })

  it('means the option itself where options begin with figures', () => {
    const rads = ['0', '1', '2', '3', '4A', '4B', '5']
    expect(pickByFigure(rads, 0, '1')).toEqual({ take: 1 })
    expect(pickByFigure(rads, 0, '0')).toEqual({ take: 0 })
    expect(pickByFigure(rads, 0, '4')).toEqual({ moveTo: 4 })
    expect(pickByFigure(rads, 4, '4')).toEqual({ moveTo: 5 })
    expect(pickByFigure(rads, 5, '4')).toEqual({ moveTo: 4 })
    expect(pickByFigure(rads, 0, '9')).toBeNull()
  })
})
