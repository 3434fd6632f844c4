import { describe, expect, it } from 'vitest'
import { attributesOfFrame } from '../../../../src/renderer/viewer/dicom/functional-groups.ts'
import { describePixels } from '../../../../src/renderer/viewer/dicom/pixel-description.ts'
import { planeOf } from '../../../../src/renderer/viewer/dicom/plane.ts'
import { expandSegments } from '../../../../src/renderer/viewer/dicom/segmented-palette.ts'
import { rangeOf, windowBetween, windowsOf } from '../../../../src/renderer/viewer/dicom/voi.ts'
import type { DicomJson } from '../../../../src/shared/study/index.ts'

const values = (...Value: unknown[]) => ({ vr: 'XX', Value })
const plain = {
  '00280010': values(4),
  '00280011': values(5),
  '00280100': values(16),
  '00280101': values(12),
}

describe('pixel description', () => {
  it('fills what may be left out and refuses what may not', () => {
    expect(describePixels(plain)).toMatchObject({ rows: 4, columns: 5, highBit: 11, signed: false, slope: 1 })
    expect(() => describePixels({ ...plain, '00280010': values() })).toThrow(
      expect.objectContaining({ code: 'metadata-incomplete', detail: 'Rows' }),
    )
  })

  it('knows float pixel data by the absence of Bits Stored', () => {
    const { '00280101': _, ...rest } = plain
    const float = { ...rest, '00280100': values(32) }
    expect(describePixels(float).float).toBe(true)
    expect(describePixels(plain).float).toBe(false)
  })

  it('reads a table of 65536 entries stated as 0, first input negative for signed pixels', () => {
    const data = btoa(String.fromCharCode(...new Uint8Array(8)))
    const lut = (...descriptor: number[]) => ({
      ...plain,
      '00280103': values(1),
      '00283000': values({ '00283002': values(...descriptor), '00283006': { vr: 'OW', InlineBinary: data } }),
    })
    expect(describePixels(lut(4, 65534, 16)).modalityLut).toMatchObject({ first: -2, bits: 16 })
    expect(describePixels(lut(0, 0, 16)).modalityLut).toBeNull()
  })
})

describe('segmented palettes', () => {
  it('expands discrete, linear and indirect segments', () => {
    const table = Uint16Array.from([0, 2, 10, 20, 1, 2, 40, 2, 1, 0, 0])
    expect([...expandSegments(table, 6)!]).toEqual([10, 20, 30, 40, 10, 20])
  })

  it('refuses what is short or malformed', () => {
    expect(expandSegments(Uint16Array.from([0, 9, 1]), 9)).toBeNull()
    expect(expandSegments(Uint16Array.from([1, 2, 40]), 2)).toBeNull()
    expect(expandSegments(Uint16Array.from([0, 1, 5]), 2)).toBeNull()
    expect(expandSegments(Uint16Array.from([7, 1, 5]), 1)).toBeNull()
  })
})

describe('functional groups', () => {
  it('lays the frame over the shared groups', () => {
    const measures = (thickness: number) => values({ '00180050': values(thickness) })
    const position = (z: number) => ({ '00209113': values({ '00200032': values(0, 0, z) }) })
    const instance: DicomJson = {
      '00280010': values(4),
      '52009229': values({ '00289110': measures(3) }),
      '52009230': values(position(1), { ...position(2), '00289110': measures(9) }),
    }
    expect(planeOf(attributesOfFrame(instance, 1))).toMatchObject({ thickness: 3, position: [0, 0, 1] })
    expect(planeOf(attributesOfFrame(instance, 2))).toMatchObject({ thickness: 9, position: [0, 0, 2] })
  })
})

describe('planes', () => {
  it('takes spacing from the detector or the ultrasound region where there is no other', () => {
    expect(planeOf({ '00181164': values(0.2, 0.1) }).spacing).toEqual({ row: 0.2, column: 0.1 })
    const region = {
      '00186012': values(1),
      '00186024': values(3),
      '0018602C': values(0.01),
      '0018602E': values(0.02),
    }
    expect(planeOf({ '00186011': values(region) }).spacing).toEqual({ row: 0.2, column: 0.1 })
    expect(planeOf({ '00186011': values(region, region) }).spacing).toBeNull()
  })

  it('gives the position along the normal', () => {
    const oblique = { '00200037': values(1, 0, 0, 0, 0, -1), '00200032': values(9, 25, 9) }
    expect(planeOf(oblique).location).toBe(25)
  })
})

describe('windows', () => {
  it('reads several, leaving out those of no width', () => {
    const attributes = {
      '00281050': values(40, 5, 300),
      '00281051': values(80, 0, 1500),
      '00281055': values('A', 'B', 'C'),
    }
    expect(windowsOf(attributes)).toEqual([
      { centre: 40, width: 80, explanation: 'A' },
      { centre: 300, width: 1500, explanation: 'C' },
    ])
  })

  it('turns windows into ranges and back, in whole steps or exactly', () => {
    for (const exact of [false, true])
      expect(
        windowBetween(
          rangeOf({ centre: 40, width: 80 }, exact).lower,
          rangeOf({ centre: 40, width: 80 }, exact).upper,
          exact,
        ),
      ).toEqual({ centre: 40, width: 80 })
    expect(rangeOf({ centre: 128, width: 256 }, false)).toEqual({ lower: 0, upper: 255 })
    expect(rangeOf({ centre: 0.5, width: 1 }, true)).toEqual({ lower: 0, upper: 1 })
  })
})
