import { describe, expect, it } from 'vitest'
import type { Plane, Triple } from '../../../../src/renderer/viewer/dicom/plane.ts'
import { type VolumeGeometry, volumeGeometry } from '../../../../src/renderer/viewer/volume/geometry.ts'
import { grayLevels } from '../../../../src/renderer/viewer/volume/gray-levels.ts'
import { fitted, placed, placement, unplaced } from '../../../../src/renderer/viewer/volume/placement.ts'
import {
  type Axis,
  ownAxis,
  placeOf,
  planeGrid,
  pointAt,
} from '../../../../src/renderer/viewer/volume/plane-grid.ts'
import { reslice, type Slab, samplesOf } from '../../../../src/renderer/viewer/volume/reslice.ts'

const size = 12
const slice = (position: Triple, change: Partial<Plane> = {}) => ({
  rows: size,
  columns: size,
  colour: false,
  plane: {
    position,
    rowDirection: [1, 0, 0] as Triple,
    columnDirection: [0, 1, 0] as Triple,
    spacing: { row: 1, column: 1 },
    aspect: 1,
    thickness: 2,
    location: null,
    frameOfReference: '1.2',
    letters: null,
    ...change,
  },
})
const series = (zs: number[], shear = 0) => zs.map((z) => slice([10, 20 + z * shear, z]))
const regular = [0, 2, 4, 6, 8, 10]
const made = (slices: Parameters<typeof volumeGeometry>[0]): VolumeGeometry => {
  const found = volumeGeometry(slices)
  if (typeof found === 'string') throw new Error(found)
  return found
}
/** What stands in the patient at a place: different along each axis. */
const field = ([x, y, z]: Triple) => 100 * x + 10 * y + z
const filled = (g: VolumeGeometry) =>
  g.slices.map(({ along, i, j }) => {
    const values = new Float32Array(size * size)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const at = (k: 0 | 1 | 2) =>
          g.row[k] * (i + x) * g.dx + g.column[k] * (j + y) * g.dy + g.normal[k] * along
        values[y * size + x] = field([at(0), at(1), at(2)])
      }
    return values
  })
const single: Slab = { projection: 'max', thickness: 0 }

describe('what makes a volume', () => {
  it('refuses with the reason', () => {
    const refused = (slices: Parameters<typeof volumeGeometry>[0]) => volumeGeometry(slices)
    expect(refused(series([0]))).toBe('single-slice')
    expect(refused(series(regular).map((one) => ({ ...one, colour: true })))).toBe('colour')
    expect(refused([...series(regular), slice([0, 0, 12], { position: null })])).toBe('no-position')
    expect(refused(series(regular).map((one) => ({ ...one, plane: { ...one.plane, spacing: null } })))).toBe(
      'no-spacing',
    )
    expect(refused([...series(regular), slice([0, 0, 12], { rowDirection: [0, 0, 1] })])).toBe('not-parallel')
    expect(refused([...series(regular), { ...slice([10, 20, 12]), rows: 5 }])).toBe('sizes-differ')
    expect(refused([...series(regular), slice([10, 20, 12], { frameOfReference: '9' })])).toBe(
      'frames-of-reference',
    )
    expect(refused([...series(regular), ...series([4])])).toBe('positions-repeat')
  })

  it('names missing slices, and knows uneven distances and a tilted gantry', () => {
    expect(made(series([0, 2, 4, 10, 12, 14, 16, 18])).missing).toEqual([6, 8])
    expect(made(series(regular)).missing).toEqual([])
    expect(made(series([0, 1, 4, 9, 11, 17])).irregular).toBe(true)
    expect(made(series(regular)).tilt).toBeCloseTo(0)
    expect(made(series(regular, Math.tan(Math.PI / 9))).tilt).toBeCloseTo(20)
    expect(ownAxis(made(series(regular)))).toBe('axial')
  })
})

describe('pictures through a volume', () => {
  const check = (
    g: VolumeGeometry,
    axis: Axis,
    digits: number,
    without: (point: Triple) => boolean = () => false,
  ) => {
    const grid = planeGrid(g, axis)
    const values = filled(g)
    let seen = 0
    for (const index of [0, grid.count >> 1, grid.count - 1]) {
      const picture = reslice(g, values, grid, index, single)
      for (let y = 0; y < grid.height; y++)
        for (let x = 0; x < grid.width; x++) {
          const value = picture[y * grid.width + x]!
          const point = pointAt(grid, index, x, y)
          if (Number.isNaN(value) || without(point)) continue
          seen++
          expect(value).toBeCloseTo(field(point), digits)
        }
    }
    return seen
  }

  it.each(['axial', 'coronal', 'sagittal'] as const)('%s: every pixel is what stands there', (axis) => {
    const g = made(series(regular))
    const grid = planeGrid(g, axis)
    expect(check(g, axis, 2)).toBe(grid.width * grid.height * 3)
  })

  it('the own plane gives back the very pixels', () => {
    const g = made(series(regular))
    const values = filled(g)
    const grid = planeGrid(g, 'axial')
    expect(grid).toMatchObject({ width: size, height: size, count: 6, step: 2 })
    expect(regular.map((_, index) => reslice(g, values, grid, index, single))).toEqual(values)
  })

  it('a tilted gantry and uneven distances come out as the patient is', () => {
    const edge = ([x, y]: Triple, g: VolumeGeometry) => {
      // Half a pixel over the edge of a slice belongs to it and takes the edge's value.
      const ys = g.slices.map(({ j }) => j)
      return y < Math.max(...ys) || y > Math.min(...ys) + size - 1 || x < 10 || x > 9 + size
    }
    const tilted = made(series(regular, 0.4))
    for (const axis of ['axial', 'coronal', 'sagittal'] as const)
      expect(check(tilted, axis, 2, (point) => edge(point, tilted))).toBeGreaterThan(20)
    expect(check(made(series([0, 1, 4, 9, 11, 17])), 'coronal', 2)).toBeGreaterThan(100)
  })

  it('makes nothing up where a slice is missing or has not come', () => {
    const g = made(series([0, 2, 4, 10, 12, 14, 16, 18]))
    const grid = planeGrid(g, 'coronal')
    const column = (values: Parameters<typeof reslice>[1]) =>
      Array.from({ length: grid.height }, (_, y) => reslice(g, values, grid, 0, single)[y * grid.width]!)
    const z = (y: number) => pointAt(grid, 0, 0, y)[2]
    const empty = column(filled(g)).map((value) => Number.isNaN(value))
    expect(empty).toEqual(empty.map((_, y) => z(y) > 5 && z(y) < 9))
    const waiting = filled(g).map((values, k) => (k === 5 ? null : values))
    expect(column(waiting).some((value, y) => z(y) === 14 && Number.isNaN(value))).toBe(true)
  })

  it('projects a slab: greatest, least, mean of what is there', () => {
    const g = made(series(regular))
    const values = regular.map((_, k) => new Int16Array(size * size).fill([0, 50, -20, 7, 9, 11][k]!))
    const grid = planeGrid(g, 'axial')
    const at = (projection: Slab['projection'], thickness: number, index = 1) =>
      reslice(g, values, grid, index, { projection, thickness })[0]
    expect(at('max', 6)).toBe(50)
    expect(at('min', 6)).toBe(-20)
    expect(at('mean', 6)).toBe(10)
    expect(at('max', 6, 0)).toBe(50)
    expect(at('mean', 6, 5)).toBe(10)
    // Fewer samples lie over the same thickness.
    const coarse = (most: number) =>
      reslice(g, values, grid, 2, { projection: 'mean', thickness: 12 }, most)[0]!
    expect(samplesOf(g, grid, { projection: 'mean', thickness: 12 })).toBe(6)
    expect(coarse(6)).toBe(coarse(Number.POSITIVE_INFINITY))
    expect(coarse(1)).toBe(-20)
    expect(coarse(2)).toBeCloseTo((0.5 * 0 + 0.5 * 50 + (0.5 * 7 + 0.5 * 9)) / 2, 5)
  })

  it('finds a point on the picture again', () => {
    const grid = planeGrid(made(series(regular)), 'sagittal')
    const { x, y, index } = placeOf(grid, pointAt(grid, 3, 4.5, 6))
    expect([x, y, index].map((one) => Math.round(one * 1000) / 1000)).toEqual([4.5, 6, 3])
  })

  it('is done for a slice of 512 × 512 well within a frame', () => {
    const many = Array.from({ length: 100 }, (_, z) => ({
      ...slice([0, 0, z * 1.25], { spacing: { row: 0.7, column: 0.7 } }),
      rows: 512,
      columns: 512,
    }))
    const g = made(many)
    const values = g.slices.map(() => new Int16Array(512 * 512))
    const grid = planeGrid(g, 'coronal')
    reslice(g, values, grid, 100, single)
    // Processor time: others use the machine, too.
    const start = process.cpuUsage()
    for (let i = 0; i < 5; i++) reslice(g, values, grid, 100 + i, single)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 5000).toBeLessThan(60)
  })
})

describe('on the screen', () => {
  it('windows as PS3.3 C.11.2.1.2 has it, and leaves outside black', () => {
    const levels = (voi: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID', inverted = false) =>
      [
        ...grayLevels(
          Float32Array.from([-200, -160, 40, 239, 300, Number.NaN]),
          { centre: 40, width: 400 },
          voi,
          inverted,
        ),
      ].filter((_, i) => i % 4 === 0)
    expect(levels('LINEAR')).toEqual([0, 0, 128, 255, 255, 0])
    expect(levels('LINEAR', true)).toEqual([255, 255, 127, 0, 0, 0])
    expect(levels('LINEAR_EXACT')).toEqual([0, 0, 128, 254, 255, 0])
    expect(levels('SIGMOID')[2]).toBe(128)
  })

  it('lies in the pane and comes back through every turn and flip', () => {
    const picture = { width: 100, height: 50 }
    const pane = { width: 400, height: 400 }
    expect(placed(placement(picture, pane, fitted), 0, 0)).toEqual([0, 100])
    const turned = placement(picture, pane, {
      zoom: 2,
      pan: [5, -3],
      rotation: 90,
      flipHorizontal: true,
      flipVertical: false,
    })
    const [x, y] = placed(turned, 12, 34)
    const back = unplaced(turned, x, y)
    expect(back[0]).toBeCloseTo(12)
    expect(back[1]).toBeCloseTo(34)
    expect(placed(turned, 50, 25).map(Math.round)).toEqual([210, 194])
  })
})
