import { createField } from '../raster/noise.ts'
import { paintEllipsoid, paintRegion, paintTube, type Slice } from '../raster/slice.ts'
import { cage, depthIn, diaphragm } from './shape.ts'

const grain = createField(5401)

/** Liver, spleen, stomach and fat under the diaphragm: the lowest slices of a chest CT. */
export function paintUpperAbdomen(slice: Slice, contrast: boolean): void {
  const { z } = slice
  const inner = cage(z)
  const under = (x: number, y: number) => z - diaphragm(x, y)
  const box = { left: -inner.a, right: inner.a, top: inner.cy - inner.b, bottom: inner.cy + inner.b }
  paintRegion(slice, box, (x, y) => Math.max(-depthIn(inner, x, y), under(x, y)), 52)
  paintRegion(
    slice,
    box,
    (x, y) => Math.max(3 - depthIn(inner, x, y), under(x, y) + 3),
    (x, y) => -98 + 12 * grain(x / 8, y / 8, z / 8),
  )
  const liverValue = contrast ? 82 : 60
  const liver = (x: number, y: number) => {
    const edge = 34 - 0.32 * (y + 60) - 0.3 * Math.max(0, -150 - z) + 6 * grain(2, y / 22, z / 22)
    const fissure = Math.hypot((x - 4) / 26, (y - 38) / 30, 0) - 1
    return Math.max(5 - depthIn(inner, x, y), under(x, y) + 4, x - edge, -fissure * 20)
  }
  paintRegion(slice, box, liver, (x, y) => liverValue + 3 * grain(x / 6, y / 6, z / 6), 1.5)
  for (const [dx, dy, r] of [
    [-36, -14, 4.5],
    [-62, 4, 4],
    [-48, 30, 3.6],
    [-84, -20, 2.6],
    [-88, 24, 2.8],
    [-20, -40, 3],
  ] as const)
    if (z < -124)
      paintTube(
        slice,
        [
          [-30, 8, -122, r],
          [dx, dy, -160, r],
          [dx * 1.2, dy * 1.2, -215, r * 0.7],
        ],
        contrast ? 98 : 42,
        1.5,
      )
  paintEllipsoid(slice, [92, 46, -172], [24, 36, 36], contrast ? 105 : 50, { yaw: 0.55, soft: 1.5 })
  paintEllipsoid(slice, [62, -26, -176], [36, 40, 44], contrast ? 62 : 45, { yaw: 0.3, soft: 1.5 })
  paintEllipsoid(
    slice,
    [62, -26, -176],
    [32, 36, 40],
    (x, y) => (y < -32 ? -960 : 18 + 22 * grain(x / 5, y / 5, z / 5)),
    { yaw: 0.3 },
  )
}
