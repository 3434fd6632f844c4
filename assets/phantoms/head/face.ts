import { createField } from '../raster/noise.ts'
import { type Joint, mirrored, paintEllipsoid, paintRegion, paintTube, type Slice } from '../raster/slice.ts'
import type { TissueTable } from './tissue.ts'

const cells = createField(4401)

const zygoma: Joint[] = [
  [60, -62, -10, 4.5],
  [67, -45, -11, 3],
  [67, -25, -10, 2.6],
  [63, -8, -7, 3.2],
]
const orbitRim: Joint[] = [
  [52, -70, 16, 3.5],
  [57, -66, 4, 4],
  [53, -68, -12, 4],
  [38, -78, -18, 3],
]
const ramus: Joint[] = [
  [54, -6, -12, 5],
  [55, -8, -26, 4.2],
  [52, -14, -60, 4.5],
]
const petrous: Joint[] = [
  [62, 14, -4, 11],
  [44, 6, -2, 8.5],
  [26, -3, 0, 7],
  [13, -10, 2, 4],
]

/** Orbits, sinuses, nose, ears, petrous bones and jaw: what shows below the brain. */
export function paintFace(slice: Slice, t: TissueTable): void {
  if (slice.z > 40) return
  const each = (joints: Joint[], value: number, soft?: number) => {
    paintTube(slice, joints, value, soft)
    paintTube(slice, mirrored(joints), value, soft)
  }
  each(
    [
      [62, 22, -12, 12],
      [58, 20, -30, 8],
    ],
    t.cortical,
  )
  each(petrous, t.cortical)
  paintTube(
    slice,
    [
      [0, -18, 6, 8],
      [0, -4, -20, 7],
      [0, 0, -30, 6],
    ],
    t.cortical,
  )
  paintTube(
    slice,
    [
      [-22, 22, -38, 6],
      [-14, 8, -38, 6],
      [14, 8, -38, 6],
      [22, 22, -38, 6],
      [16, 40, -38, 4],
      [-16, 40, -38, 4],
      [-22, 22, -38, 6],
    ],
    t.cortical,
  )
  each(ramus, t.cortical)
  each(zygoma, t.cortical)
  each(orbitRim, t.cortical)
  paintFatPlanes(slice, t)
  paintNose(slice, t)
  for (const side of [1, -1]) {
    paintOrbit(slice, t, side)
    paintMastoid(slice, t, side)
    paintEar(slice, t, side)
  }
}

function paintFatPlanes(slice: Slice, t: TissueTable): void {
  if (slice.z > -6) return
  for (const side of [1, -1]) {
    paintEllipsoid(slice, [side * 46, -44, -30], [9, 16, 24], t.fat, { soft: 3 })
    paintEllipsoid(slice, [side * 32, -14, -30], [5, 12, 20], t.fat, { soft: 3 })
    paintEllipsoid(slice, [side * 40, 40, -44], [22, 6, 22], t.fat, { soft: 3, yaw: 0.4 * side })
    paintTube(
      slice,
      [
        [side * 26, -22, 0, 2],
        [side * 27, -20, -40, 2],
      ],
      t.cortical,
    )
  }
}

function paintOrbit(slice: Slice, t: TissueTable, side: number): void {
  const cone = (grow: number): Joint[] => [
    [side * 33, -72, 2, 18.5 + grow],
    [side * 28, -55, 2, 15 + grow],
    [side * 17, -32, 5, 4 + grow],
  ]
  paintTube(slice, cone(2.2), t.cortical)
  paintTube(slice, cone(0), t.fat)
  paintEllipsoid(slice, [side * 34, -90, 2], [17, 7, 15], t.skin)
  const muscle: Joint[] = [
    [side * 47, -70, 2, 1.4],
    [side * 40, -52, 3, 2.6],
    [side * 20, -35, 5, 1.6],
  ]
  paintTube(slice, muscle, t.muscle)
  paintTube(
    slice,
    [
      [side * 21, -70, 2, 1.4],
      [side * 20, -54, 3, 2.8],
      [side * 17, -35, 5, 1.6],
    ],
    t.muscle,
  )
  paintTube(
    slice,
    [
      [side * 33, -72, 15, 1.2],
      [side * 28, -52, 13, 2.4],
      [side * 18, -36, 7, 1.6],
    ],
    t.muscle,
  )
  paintTube(
    slice,
    [
      [side * 33, -72, -11, 1.2],
      [side * 28, -52, -8, 2.4],
      [side * 18, -36, 3, 1.6],
    ],
    t.muscle,
  )
  paintTube(
    slice,
    [
      [side * 33, -66, 2, 2.6],
      [side * 28, -50, 3, 2.2],
      [side * 17, -33, 6, 2],
    ],
    t.muscle,
  )
  paintEllipsoid(slice, [side * 34, -78, 2], [12.4, 12.4, 12.4], t.muscle)
  paintEllipsoid(slice, [side * 34, -78, 2], [11.2, 11.2, 11.2], t.globe)
  paintEllipsoid(slice, [side * 34.5, -86, 2], [4.6, 2.2, 4.6], t.lens)
}

function paintNose(slice: Slice, t: TissueTable): void {
  const { z } = slice
  paintTube(
    slice,
    [
      [0, -90, 12, 6],
      [0, -94, -8, 9],
      [0, -98, -24, 11],
      [0, -95, -34, 9],
    ],
    t.skin,
  )
  paintTube(
    slice,
    [
      [0, -88, 14, 3.6],
      [0, -93, 6, 3],
    ],
    t.cortical,
  )
  paintEllipsoid(slice, [0, -84, 28], [17, 5, 11], t.cortical)
  for (const side of [1, -1]) paintEllipsoid(slice, [side * 8, -84, 28], [6.6, 3.4, 9], t.air)
  const septa = (x: number, y: number) =>
    Math.abs(x) < 1.1 || Math.abs(cells(x / 7, y / 7, z / 7)) < 0.07
      ? t.muscle + 0.25 * (t.cortical - t.muscle)
      : t.air
  paintEllipsoid(slice, [0, -58, 6], [13.5, 26, 16], t.cortical)
  paintEllipsoid(slice, [0, -58, 6], [12.5, 25, 15], septa)
  paintEllipsoid(slice, [0, -24, -2], [15.5, 12.5, 11], t.cortical)
  paintEllipsoid(slice, [0, -24, -2], [14, 11, 9.5], (x) => (Math.abs(x - 2) < 0.8 ? t.cortical : t.air))
  for (const side of [1, -1]) {
    paintEllipsoid(slice, [side * 33, -60, -30], [17, 19, 17], t.cortical, { yaw: 0.5 * side })
    paintEllipsoid(slice, [side * 33, -60, -30], [15.6, 17.6, 15.6], t.air, { yaw: 0.5 * side })
  }
  paintEllipsoid(slice, [0, -62, -26], [15, 32, 22], t.muscle)
  const meatus = (x: number, y: number) => {
    const ax = Math.abs(x)
    const turbinate = Math.hypot((ax - 8) / 4, (y + 60) / 22) < 1
    return ax < 1.2 || turbinate ? t.muscle : t.air
  }
  paintEllipsoid(slice, [0, -64, -26], [13.5, 34, 20], meatus)
  paintEllipsoid(slice, [0, -24, -36], [13, 9, 20], t.air, { soft: 1 })
}

function paintMastoid(slice: Slice, t: TissueTable, side: number): void {
  const { z } = slice
  const foam = (x: number, y: number) =>
    cells(x / 3.2, y / 3.2, z / 3.2) > -0.12 ? t.air + 0.15 * (t.cortical - t.air) : t.cortical * 0.6
  paintEllipsoid(slice, [side * 61, 22, -10], [9, 11, 15], foam)
  paintTube(
    slice,
    [
      [side * 78, 4, -6, 3.4],
      [side * 55, 3, -6, 3.2],
    ],
    t.air,
  )
  paintEllipsoid(slice, [side * 46, 3, -3], [4, 5, 5], t.air)
  paintTube(
    slice,
    [
      [side * 36, 4, 0, 2.2],
      [side * 24, 4, 1, 2],
    ],
    t.muscle,
  )
}

function paintEar(slice: Slice, t: TissueTable, side: number): void {
  const { z } = slice
  if (z < -34 || z > 22) return
  const tall = Math.sqrt(1 - ((z + 6) / 29) ** 2)
  const shell = (x: number, y: number) => {
    const u = side * x - 67
    const back = y - 6
    return Math.max(Math.abs(u - 0.42 * back - 2) - 1.6, Math.abs(back - 6) - 14 * tall)
  }
  const box = { left: side > 0 ? 60 : -92, right: side > 0 ? 92 : -60, top: -16, bottom: 34 }
  paintRegion(slice, box, shell, t.skin)
}
