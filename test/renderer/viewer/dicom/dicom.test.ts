import { describe, expect, it } from 'vitest'
import { attributesOfFrame, frameOrder } from '../../../../src/renderer/viewer/dicom/functional-groups.ts'
import { describePixels } from '../../../../src/renderer/viewer/dicom/pixel-description.ts'
import { planeOf } from '../../../../src/renderer/viewer/dicom/plane.ts'
import { expandSegments } from '../../../../src/renderer/viewer/dicom/segmented-palette.ts'
import { rangeOf, voiTablesOf, windowBetween, windowsOf } from '../../../../src/renderer/viewer/dicom/voi.ts'
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

  it('reads padding in the sign of the samples, whichever end is the lower, of floats too', () => {
    const padding = (change: DicomJson) =>
      describePixels({ ...plain, '00280004': values('MONOCHROME2'), ...change }).padding
    expect(padding({})).toBeNull()
    expect(padding({ '00280120': values(0) })).toEqual({ low: 0, high: 0 })
    const signed = { '00280103': values(1) }
    expect(padding({ ...signed, '00280120': values(63536) })).toEqual({ low: -2000, high: -2000 })
    expect(padding({ ...signed, '00280120': values(0x830) })).toEqual({ low: -2000, high: -2000 })
    expect(padding({ '00280120': values(4095), '00280121': values(4000) })).toEqual({ low: 4000, high: 4095 })
    const float = { '00280100': values(32), '00280101': undefined, '00280122': values(-1.5) }
    expect(padding(float)).toEqual({ low: -1.5, high: -1.5 })
    expect(padding({ '00280004': values('PALETTE COLOR'), '00280120': values(0) })).toBeNull()
  })

  it('knows what is white at its low end', () => {
    const inverted = (photometric: string, shape: string) =>
      describePixels({ ...plain, '00280004': values(photometric), '20500020': values(shape) }).inverted
    expect(inverted('MONOCHROME2', 'IDENTITY')).toBe(false)
    expect(inverted('MONOCHROME2', 'INVERSE')).toBe(true)
    expect(inverted('MONOCHROME1', 'INVERSE')).toBe(true)
    expect(inverted('MONOCHROME1', '')).toBe(true)
    expect(inverted('RGB', 'INVERSE')).toBe(false)
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

  it('takes window, LUT, rescale and orientation of the frame', () => {
    const transformation = (intercept: number) =>
      values({ '00281052': values(intercept), '00281053': values(2) })
    const lut = { '00283002': values(2, 0, 8), '00283006': values(0, 255) }
    const instance: DicomJson = {
      '00281052': values(7),
      '52009229': values({ '00289145': transformation(-1) }),
      '52009230': values(
        { '00289132': values({ '00281050': values(5), '00281051': values(9) }) },
        {
          '00289145': transformation(-1000),
          '00289132': values({ '00283010': values(lut) }),
          '00209116': values({ '00200037': values(0, 1, 0, 0, 0, -1) }),
          // A real world value mapping does not change what is seen.
          '00409096': values({ '00409224': values(99) }),
        },
      ),
    }
    const [first, second] = [attributesOfFrame(instance, 1), attributesOfFrame(instance, 2)]
    expect(first['00281052']).toEqual(values(-1))
    expect(windowsOf(first)).toEqual([{ centre: 5, width: 9, explanation: '' }])
    expect(second['00281052']).toEqual(values(-1000))
    expect(windowsOf(second)).toEqual([])
    expect(voiTablesOf(second)).toHaveLength(1)
    expect(planeOf(second).rowDirection).toEqual([0, 1, 0])
    expect('00409224' in second).toBe(false)
  })

  it('orders frames that were stored out of order, and leaves sensible orders alone', () => {
    const of = (...contents: DicomJson[]) =>
      frameOrder(
        { '52009230': values(...contents.map((one) => ({ '00209111': values(one) }))) },
        contents.length,
      )
    const at = (position: number, time = 1, stack = '1') => ({
      '00209056': values(stack),
      '00209057': values(position),
      '00209128': values(time),
    })
    expect(of(at(3), at(1), at(2))).toEqual([2, 3, 1])
    expect(of(at(1), at(2), at(1, 2), at(2, 2))).toEqual([1, 2, 3, 4])
    // A cine of each place is as sensible as a stack of each time.
    expect(of(at(1), at(1, 2), at(2), at(2, 2))).toEqual([1, 2, 3, 4])
    expect(of(at(2, 2), at(1), at(1, 2), at(2))).toEqual([2, 4, 3, 1])
    expect(of(at(1, 1, 'B'), at(2, 1, 'A'), at(1, 1, 'A'), at(2, 1, 'B'))).toEqual([1, 4, 3, 2])
    // Two echoes, one whole stack after the other.
    expect(of(at(1), at(2), at(1), at(2))).toEqual([1, 2, 3, 4])
    const dimensions = (...indices: number[]) => ({ '00209157': values(...indices) })
    expect(of(dimensions(2, 1), dimensions(1, 2), dimensions(1, 1))).toEqual([3, 2, 1])
    expect(of(dimensions(2, 1), {}, dimensions(1, 1))).toEqual([1, 2, 3])
    expect(frameOrder({}, 3)).toEqual([1, 2, 3])
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

  it('reads every VOI LUT with its name, its first input negative where values may be', () => {
    const lut = (first: number, name: string) => ({
      '00283002': values(2, first, 8),
      '00283003': values(name),
      '00283006': values(0, 255),
    })
    const both = values(lut(0, 'NORMAL'), lut(64512, 'CONTRAST'), { '00283002': values(9, 0, 8) })
    expect(
      voiTablesOf({ '00283010': both }).map(({ explanation, table }) => [explanation, table.first]),
    ).toEqual([
      ['NORMAL', 0],
      ['CONTRAST', 64512],
    ])
    const hounsfield = { '00283010': both, '00281052': values(-1024) }
    expect(voiTablesOf(hounsfield)[1]!.table.first).toBe(-1024)
    expect(voiTablesOf({ '00283010': both, '00280002': values(3) })).toEqual([])
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
