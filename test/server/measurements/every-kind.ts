import type { Measurement } from '../../../src/shared/measurement/index.ts'

/** One of every kind of measurement, on one image. */
export function everyKind(place: { series: string; instance: string; frame: number }): Measurement[] {
  const one = (
    kind: Measurement['kind'],
    points: Measurement['points'],
    values: Measurement['values'] = [],
    label = '',
  ): Measurement => ({
    ...place,
    id: `m-${kind}`,
    kind,
    points,
    values,
    label,
    calibrated: kind === 'length',
  })
  const region = (mean: number): Measurement['values'] => [
    { name: 'area', value: 150.5, unit: 'mm2' },
    { name: 'mean', value: mean, unit: "[hnsf'U]" },
    { name: 'sd', value: 12.345678901234567, unit: "[hnsf'U]" },
    { name: 'min', value: -20, unit: "[hnsf'U]" },
    { name: 'max', value: 99, unit: "[hnsf'U]" },
    { name: 'count', value: 400, unit: '{pixels}' },
  ]
  return [
    one(
      'length',
      [
        [10, 10],
        [20.25, 20.5],
      ],
      [{ name: 'length', value: 12.5, unit: 'mm' }],
      '右肺上叶结节',
    ),
    one(
      'bidirectional',
      [
        [1, 2],
        [11, 2],
        [6, 1],
        [6, 4],
      ],
      [
        { name: 'long-axis', value: 10, unit: 'mm' },
        { name: 'short-axis', value: 3, unit: 'mm' },
      ],
    ),
    one(
      'angle',
      [
        [1, 1],
        [5, 5],
        [9, 1],
      ],
      [{ name: 'angle', value: 90, unit: 'deg' }],
    ),
    one(
      'cobb',
      [
        [1, 1],
        [9, 1],
        [1, 8],
        [9, 9],
      ],
      [{ name: 'angle', value: 7.1, unit: 'deg' }],
    ),
    one(
      'ellipse',
      [
        [10, 20],
        [30, 20],
        [20, 12],
        [20, 28],
      ],
      region(40),
    ),
    one(
      'rectangle',
      [
        [10, 10],
        [30, 25],
      ],
      region(41),
    ),
    one('probe', [[15.5, 16.5]], [{ name: 'value', value: 55, unit: "[hnsf'U]" }]),
    one(
      'arrow',
      [
        [5, 5],
        [15, 15],
      ],
      [],
      '此处',
    ),
    one('text', [[30, 30]], [], '肝 S4 段低密度灶 <待查>'),
  ]
}
