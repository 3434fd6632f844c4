import { describe, expect, it } from 'vitest'
import { pointsFrom } from '../../../../src/renderer/viewer/measure/figure.ts'
import type { Point } from '../../../../src/renderer/viewer/measure/geometry.ts'
import {
  geometryValues,
  type MeasuredPixels,
  pixelValues,
  type Scale,
} from '../../../../src/renderer/viewer/measure/values.ts'
import type { MeasurementKind } from '../../../../src/shared/measurement/index.ts'

const square: Scale = { row: 0.5, column: 0.5, unit: 'mm' }
const oblong: Scale = { row: 1.2, column: 0.4, unit: 'mm' }
const unknown: Scale = { row: 1, column: 1, unit: 'px' }

const of = (kind: MeasurementKind, points: Point[], scale: Scale) =>
  Object.fromEntries(geometryValues(kind, points, scale).map(({ name, value }) => [name, value]))

describe('lengths', () => {
  it('are Pythagoras’ in millimetres, also where pixels are not square', () => {
    expect(
      of(
        'length',
        [
          [10, 10],
          [16, 18],
        ],
        square,
      ),
    ).toEqual({ length: 5 })
    // 3 columns of 0.4 mm and 0.5 rows of 1.2 mm... as 30 × 0.4 = 12 and 4.1666 × 1.2 = 5.
    expect(
      of(
        'length',
        [
          [0, 0],
          [30, 5 / 1.2],
        ],
        oblong,
      ).length,
    ).toBeCloseTo(13, 10)
  })

  it('are in pixels where no size is known, and say so', () => {
    expect(
      geometryValues(
        'length',
        [
          [0, 0],
          [3, 4],
        ],
        unknown,
      ),
    ).toEqual([{ name: 'length', value: 5, unit: '{pixels}' }])
  })

  it('of both axes', () => {
    expect(
      of(
        'bidirectional',
        [
          [0, 0],
          [20, 0],
          [10, -2],
          [10, 4],
        ],
        square,
      ),
    ).toEqual({
      'long-axis': 10,
      'short-axis': 3,
    })
  })
})

describe('angles', () => {
  it.each([
    [
      [
        [10, 0],
        [0, 0],
        [0, 10],
      ],
      90,
    ],
    [
      [
        [10, 0],
        [0, 0],
        [10, 10],
      ],
      45,
    ],
    [
      [
        [10, 0],
        [0, 0],
        [-10, 0],
      ],
      180,
    ],
    [
      [
        [10, 0],
        [0, 0],
        [10, 0],
      ],
      0,
    ],
    [
      [
        [10, 0],
        [0, 0],
        [0, 0],
      ],
      0,
    ],
  ] as [Point[], number][])('at the vertex: %j is %d°', (points, truth) => {
    expect(of('angle', points, square).angle).toBeCloseTo(truth, 10)
  })

  it('are those of the body, not of the pixels', () => {
    // 3 columns of 0.4 mm across and one row of 1.2 mm down: 45 degrees.
    expect(
      of(
        'angle',
        [
          [3, 0],
          [0, 0],
          [3, 1],
        ],
        oblong,
      ).angle,
    ).toBeCloseTo(45, 10)
  })

  it('of Cobb are between lines, whichever way each was drawn, and never over 90', () => {
    const slope = 50 * Math.tan((25 * Math.PI) / 180)
    const lines: Point[] = [
      [0, 0],
      [50, 0],
      [0, 40],
      [50, 40 + slope],
    ]
    const turned: Point[] = [
      [0, 0],
      [50, 0],
      [50, 40 + slope],
      [0, 40],
    ]
    expect(of('cobb', lines, square).angle).toBeCloseTo(25, 10)
    expect(of('cobb', turned, square).angle).toBeCloseTo(25, 10)
  })
})

describe('areas', () => {
  it('are those of the figure drawn', () => {
    expect(
      of(
        'rectangle',
        [
          [10, 10],
          [30, 20],
        ],
        square,
      ),
    ).toEqual({ area: 50 })
    expect(
      of(
        'rectangle',
        [
          [30, 20],
          [10, 10],
        ],
        oblong,
      ).area,
    ).toBeCloseTo(96, 10)
    const ellipse = pointsFrom(
      'ellipse',
      [
        [10, 10],
        [30, 20],
      ],
      square,
    )
    expect(of('ellipse', ellipse, square).area).toBeCloseTo(Math.PI * 10 * 5 * 0.25, 10)
    expect(of('ellipse', ellipse, oblong).area).toBeCloseTo(Math.PI * 10 * 5 * 0.48, 10)
  })

  it('hold for an ellipse that lies aslant', () => {
    const c = Math.SQRT1_2
    const aslant: Point[] = [
      [50 - 20 * c, 50 - 20 * c],
      [50 + 20 * c, 50 + 20 * c],
      [50 + 10 * c, 50 - 10 * c],
      [50 - 10 * c, 50 + 10 * c],
    ]
    expect(of('ellipse', aslant, square).area).toBeCloseTo(Math.PI * 200 * 0.25, 8)
  })
})

const grey = (columns: number, rows: number, value: (x: number, y: number) => number): MeasuredPixels => ({
  columns,
  rows,
  channels: 1,
  unit: "[hnsf'U]",
  values: Float32Array.from({ length: columns * rows }, (_, i) =>
    value(i % columns, Math.floor(i / columns)),
  ),
})

const said = (kind: MeasurementKind, points: Point[], pixels: MeasuredPixels) =>
  Object.fromEntries(pixelValues(kind, points, pixels).map(({ name, value }) => [name, value]))

describe('what pixels say', () => {
  const slope = grey(100, 80, (x, y) => x + 1000 * y)

  it('of a probe is the pixel pointed into, to the very edge', () => {
    expect(said('probe', [[3.99, 7.01]], slope)).toEqual({ value: 7003 })
    expect(said('probe', [[100, 80]], slope)).toEqual({ value: 79_099 })
  })

  it('of colour are red, green and blue', () => {
    const rgb: MeasuredPixels = { columns: 2, rows: 1, channels: 3, unit: '1', values: [1, 2, 3, 40, 50, 60] }
    expect(pixelValues('probe', [[1.5, 0.5]], rgb).map(({ value }) => value)).toEqual([40, 50, 60])
    expect(
      said(
        'rectangle',
        [
          [0, 0],
          [2, 1],
        ],
        rgb,
      ),
    ).toEqual({ count: 2 })
  })

  it('of a rectangle are the pixels whose centres it holds', () => {
    // Columns 10 to 19, row 5 alone.
    expect(
      said(
        'rectangle',
        [
          [10.4, 5.2],
          [19.9, 5.9],
        ],
        slope,
      ),
    ).toEqual({
      count: 10,
      mean: 5014.5,
      sd: Math.sqrt(8.25),
      min: 5010,
      max: 5019,
    })
    expect(
      said(
        'rectangle',
        [
          [10.6, 5],
          [10.9, 6],
        ],
        slope,
      ),
    ).toEqual({ count: 0 })
  })

  it('of an ellipse leave out its corners, and what lies beyond the image', () => {
    const disc = grey(100, 100, (x, y) => ((x - 49.5) ** 2 + (y - 49.5) ** 2 <= 400 ? 40 : -1000))
    const inside = said(
      'ellipse',
      pointsFrom(
        'ellipse',
        [
          [30.5, 30.5],
          [69.5, 69.5],
        ],
        square,
      ),
      disc,
    )
    expect(inside).toMatchObject({ mean: 40, sd: 0, min: 40, max: 40 })
    expect(Math.abs(inside.count! / (Math.PI * 19.5 ** 2) - 1)).toBeLessThan(0.01)
    const corner = said(
      'ellipse',
      pointsFrom(
        'ellipse',
        [
          [-20, -20],
          [20, 20],
        ],
        square,
      ),
      disc,
    )
    expect(Math.abs(corner.count! / ((Math.PI * 400) / 4) - 1)).toBeLessThan(0.06)
  })

  it('lose no digits where values are large and near each other', () => {
    const large = grey(100, 100, (x) => 16_000_000 + (x % 2) * 2)
    expect(
      said(
        'rectangle',
        [
          [0, 0],
          [100, 100],
        ],
        large,
      ),
    ).toMatchObject({ mean: 16_000_001, sd: 1 })
  })

  it('are those of a direct computation, for a region of noise', () => {
    let seed = 7
    const noise = grey(64, 64, () => {
      seed = (seed * 48_271) % 2_147_483_647
      return (seed % 2000) - 1000
    })
    const points = pointsFrom(
      'ellipse',
      [
        [5.3, 8.1],
        [57.9, 44.4],
      ],
      square,
    )
    const [cx, cy, a, b] = [31.6, 26.25, 26.3, 18.15]
    const held: number[] = []
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++)
        if (((x + 0.5 - cx) / a) ** 2 + ((y + 0.5 - cy) / b) ** 2 <= 1) held.push(noise.values[y * 64 + x]!)
    const mean = held.reduce((sum, one) => sum + one, 0) / held.length
    const sd = Math.sqrt(held.reduce((sum, one) => sum + (one - mean) ** 2, 0) / held.length)
    const got = said('ellipse', points, noise)
    expect(got.count).toBe(held.length)
    expect(got.mean).toBeCloseTo(mean, 8)
    expect(got.sd).toBeCloseTo(sd, 8)
  })
})
