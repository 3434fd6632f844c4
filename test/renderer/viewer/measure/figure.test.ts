import { describe, expect, it } from 'vitest'
import {
  type Draft,
  isComplete,
  placesShown,
  pressedAt,
  releasedAt,
} from '../../../../src/renderer/viewer/measure/draft.ts'
import {
  handlesOf,
  isSpeck,
  moveHandle,
  moveWhole,
  pointsFrom,
  settled,
} from '../../../../src/renderer/viewer/measure/figure.ts'
import { dot, minus, norm, type Point, toPlane } from '../../../../src/renderer/viewer/measure/geometry.ts'
import { hitAt } from '../../../../src/renderer/viewer/measure/hit.ts'
import { placeLabels } from '../../../../src/renderer/viewer/measure/place-labels.ts'

const square = { row: 1, column: 1 }
const oblong = { row: 2, column: 0.5 }

describe('reshaping', () => {
  it('keeps a box a box, whichever corner moves', () => {
    const box: Point[] = [
      [10, 10],
      [30, 20],
    ]
    expect(handlesOf('rectangle', box)).toEqual([
      [10, 10],
      [30, 10],
      [30, 20],
      [10, 20],
    ])
    const corners = [0, 1, 2, 3].map((handle) => moveHandle('rectangle', box, handle, [40, 40], square))
    expect(corners.map((points) => handlesOf('rectangle', points).toSorted())).toEqual([
      [
        [30, 20],
        [40, 20],
        [40, 40],
        [30, 40],
      ].toSorted(),
      [
        [10, 20],
        [40, 20],
        [40, 40],
        [10, 40],
      ].toSorted(),
      [
        [10, 10],
        [40, 10],
        [40, 40],
        [10, 40],
      ].toSorted(),
      [
        [30, 10],
        [40, 10],
        [40, 40],
        [30, 40],
      ].toSorted(),
    ])
  })

  it('moves one end of an ellipse’s axis, its opposite stays', () => {
    const ellipse = pointsFrom(
      'ellipse',
      [
        [10, 10],
        [30, 20],
      ],
      square,
    )
    expect(ellipse).toEqual([
      [10, 15],
      [30, 15],
      [20, 10],
      [20, 20],
    ])
    expect(moveHandle('ellipse', ellipse, 1, [50, 99], square)).toEqual([
      [10, 15],
      [50, 15],
      [30, 10],
      [30, 20],
    ])
  })

  it('names the longer axis of an ellipse first', () => {
    expect(
      pointsFrom(
        'ellipse',
        [
          [0, 0],
          [10, 40],
        ],
        square,
      ),
    ).toEqual([
      [5, 0],
      [5, 40],
      [0, 20],
      [10, 20],
    ])
    expect(
      settled('ellipse', [
        [0, 20],
        [10, 20],
        [5, 0],
        [5, 40],
      ])[0],
    ).toEqual([5, 0])
  })

  it.each([square, oblong])('keeps the short axis across the long one in the body (%j)', (scale) => {
    const across = (points: Point[]) => {
      const [a, b, c, d] = points.map((point) => toPlane(point, scale)) as [Point, Point, Point, Point]
      const [long, short] = [minus(b, a), minus(d, c)]
      return Math.abs(dot(long, short)) / (norm(long) * norm(short))
    }
    const drawn = pointsFrom(
      'bidirectional',
      [
        [10, 10],
        [60, 40],
      ],
      scale,
    )
    expect(across(drawn)).toBeLessThan(1e-9)
    expect(across(moveHandle('bidirectional', drawn, 1, [20, 90], scale))).toBeLessThan(1e-9)
    expect(across(moveHandle('bidirectional', drawn, 2, [33, 22], scale))).toBeLessThan(1e-9)
  })

  it('keeps the whole in the image', () => {
    const line: Point[] = [
      [10, 10],
      [90, 50],
    ]
    expect(moveWhole(line, [50, -50], { columns: 100, rows: 60 })).toEqual([
      [20, 0],
      [100, 40],
    ])
  })

  it('knows what is too small to be meant', () => {
    expect(
      isSpeck('length', [
        [5, 5],
        [5.2, 5.1],
      ]),
    ).toBe(true)
    expect(
      isSpeck('length', [
        [5, 5],
        [9, 5],
      ]),
    ).toBe(false)
    expect(
      isSpeck('rectangle', [
        [5, 5],
        [9, 5.2],
      ]),
    ).toBe(true)
    expect(isSpeck('probe', [[5, 5]])).toBe(false)
  })
})

describe('drawing', () => {
  const draft = (kind: Draft['kind']): Draft => ({
    kind,
    imageId: 'i',
    places: [],
    at: [0, 0],
    pressed: null,
  })
  const drag = (from: Draft, a: Point, b: Point) => releasedAt(pressedAt(from, a, ...a), b, ...b)
  const click = (from: Draft, at: Point) => drag(from, at, at)

  it('goes by dragging and by clicking, with the same result', () => {
    const dragged = drag(draft('length'), [10, 10], [50, 10])
    const clicked = click(click(draft('length'), [10, 10]), [50, 10])
    expect(dragged.places).toEqual([
      [10, 10],
      [50, 10],
    ])
    expect(clicked.places).toEqual(dragged.places)
    expect(isComplete(dragged) && isComplete(clicked)).toBe(true)
  })

  it('draws a Cobb angle as two lines, an angle as a line and a click', () => {
    const first = drag(draft('cobb'), [0, 0], [50, 0])
    expect(isComplete(first)).toBe(false)
    expect(drag(first, [0, 30], [50, 40]).places).toEqual([
      [0, 0],
      [50, 0],
      [0, 30],
      [50, 40],
    ])
    const arm = drag(draft('angle'), [50, 0], [0, 0])
    expect(click(arm, [0, 50]).places).toEqual([
      [50, 0],
      [0, 0],
      [0, 50],
    ])
  })

  it('shows the next place where the pointer is', () => {
    const begun = click(draft('length'), [10, 10])
    expect(placesShown({ ...begun, at: [30, 30] })).toEqual([
      [10, 10],
      [30, 30],
    ])
  })
})

describe('taking hold', () => {
  const toPane = { a: 2, b: 0, c: 0, d: 2, e: 100, f: 0 }
  const one = { series: '1.2', instance: '1.3', frame: 1, label: '', values: [], calibrated: false }
  const list = [
    {
      ...one,
      id: 'line',
      kind: 'length' as const,
      points: [
        [0, 0],
        [50, 0],
      ] as Point[],
    },
    {
      ...one,
      id: 'box',
      kind: 'rectangle' as const,
      points: [
        [60, 60],
        [90, 90],
      ] as Point[],
    },
  ]

  it('finds handles before lines, and nothing where nothing is', () => {
    expect(hitAt(list, [201, 3], toPane)).toEqual({ id: 'line', handle: 1 })
    expect(hitAt(list, [150, 5], toPane)).toEqual({ id: 'line', handle: null })
    expect(hitAt(list, [280, 121], toPane)).toEqual({ id: 'box', handle: 1 })
    expect(hitAt(list, [220, 150], toPane)).toEqual({ id: 'box', handle: null })
    // Inside a box is not on it.
    expect(hitAt(list, [250, 150], toPane)).toBeNull()
  })
})

describe('labels', () => {
  const pane = { width: 400, height: 300 }
  const size = { width: 80, height: 24 }
  const overlap = (a: { x: number; y: number; width: number; height: number }, b: typeof a) =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

  it('stand beside their figures, off each other, in the pane', () => {
    const wishes = Array.from({ length: 8 }, (_, i) => ({
      id: String(i),
      size,
      around: { x: 150, y: 100 + i * 6, width: 60, height: 2 },
      offset: null,
    }))
    const boxes = [...placeLabels(wishes, pane).values()]
    for (const [i, box] of boxes.entries()) {
      expect(overlap(box, wishes[i]!.around)).toBe(false)
      for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false)
      expect(box.x >= 0 && box.y >= 0 && box.x + 80 <= 400 && box.y + 24 <= 300).toBe(true)
    }
  })

  it('go to the other side at the pane’s edge, and stay where a hand put them', () => {
    const around = { x: 360, y: 150, width: 40, height: 2 }
    expect(placeLabels([{ id: 'a', size, around, offset: null }], pane).get('a')!.x).toBeLessThan(280)
    const moved = placeLabels([{ id: 'a', size, around: { ...around, x: 100 }, offset: [30, -40] }], pane)
    expect(moved.get('a')).toMatchObject({ x: 180, y: 99 })
  })
})
