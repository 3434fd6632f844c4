import type { Joint, Slice } from '../raster/slice.ts'
import { mirrored, paintEllipsoid, paintRegion, paintTube } from '../raster/slice.ts'
import type { HeadFinding } from './finding.ts'
import { midlineShift } from './finding.ts'
import type { TissueTable } from './tissue.ts'

const frontalHorn: Joint[] = [
  [7, -36, 36, 2.2],
  [8, -28, 42, 5],
  [8, -14, 50, 5],
  [9, 0, 54, 4.8],
  [12, 14, 53, 5],
  [19, 27, 45, 6.4],
]
const occipitalHorn: Joint[] = [
  [19, 27, 44, 6],
  [20, 42, 38, 4.4],
  [17, 58, 35, 1.6],
]
const temporalHorn: Joint[] = [
  [20, 27, 43, 5],
  [30, 16, 26, 2.6],
  [32, 0, 14, 2],
  [29, -9, 10, 1.2],
]
const septum: Joint[] = [
  [0, -30, 44, 0.7],
  [0, -10, 52, 0.7],
  [0, 4, 55, 0.7],
]
const lateralFissure: Joint[] = [
  [30, -16, 22, 2.4],
  [40, -12, 28, 2.6],
  [45, -2, 34, 2.4],
  [50, 12, 42, 1.8],
  [55, 24, 48, 1.2],
]
const insularFissure: Joint[] = [
  [38, -20, 34, 1.6],
  [41, -6, 38, 1.5],
  [42, 8, 42, 1.3],
  [42, 18, 46, 1],
]
const brainstem: Joint[] = [
  [0, -2, 26, 13],
  [0, 3, 14, 12],
  [0, 8, 0, 12],
  [0, 18, -22, 8],
  [0, 22, -46, 6.5],
]

/** Basal ganglia, ventricles, cisterns, brainstem, falx and the great sinuses. */
export function paintDeepBrain(slice: Slice, t: TissueTable, finding: HeadFinding): void {
  paintBrainstem(slice, t)
  const shift = (joints: readonly Joint[]): Joint[] =>
    joints.map(([x, y, z, r]) => [x + midlineShift(finding, [x, y, z]), y, z, r] as const)
  const both = (joints: Joint[], value: number, soft?: number) => {
    paintTube(slice, shift(joints), value, soft)
    paintTube(slice, shift(mirrored(joints)), value, soft)
  }
  both(insularFissure, t.csf, 1.5)
  both(lateralFissure, t.csf, 1.5)
  paintNuclei(slice, t, finding)
  both(frontalHorn, t.csf, 1)
  both(occipitalHorn, t.csf, 1)
  both(temporalHorn, t.csf, 1)
  const mid = midlineShift(finding, [0, -8, 40])
  paintTube(slice, shift(septum), t.white, 0.8)
  paintEllipsoid(slice, [mid, -1, 33], [1.9, 13, 11], t.csf)
  if (slice.z > 44) paintEllipsoid(slice, [mid, -12, 56], [26, 46, 7], t.white, { soft: 3 })
  if (slice.z > 44) for (const horn of [frontalHorn, occipitalHorn]) both(horn, t.csf, 1)
  paintFalx(slice, t)
}

function paintNuclei(slice: Slice, t: TissueTable, finding: HeadFinding): void {
  for (const side of [1, -1]) {
    const place = (x: number, y: number, z: number) =>
      [side * x + midlineShift(finding, [side * x, y, z]), y, z] as const
    const yaw = -0.3 * side
    paintEllipsoid(slice, place(27, -8, 36), [17, 28, 24], t.white, { soft: 5 })
    paintEllipsoid(slice, place(36.5, -4, 37), [1.8, 20, 14], t.gray, { yaw: -0.08 * side, soft: 1.2 })
    paintEllipsoid(slice, place(27, -8, 36), [5.6, 16, 14], t.deepGray, { yaw, soft: 1 })
    paintEllipsoid(slice, place(20.5, -6, 34), [3.6, 9.5, 9], t.deepGray - (t.gray - t.white) * 0.35, {
      yaw,
      soft: 1,
    })
    paintEllipsoid(slice, place(13, -25, 43), [5.6, 8.5, 12], t.deepGray, { yaw, soft: 1 })
    paintEllipsoid(slice, place(10.5, 8, 38), [9, 15, 12], t.deepGray, { yaw: -0.42 * side, soft: 1.5 })
  }
}

function paintBrainstem(slice: Slice, t: TissueTable): void {
  paintEllipsoid(slice, [0, -12, 19], [17, 11, 9], t.csf, { soft: 1.5 })
  paintEllipsoid(slice, [0, 2, 22], [21, 19, 10], t.csf, { soft: 2 })
  paintTube(
    slice,
    brainstem.map(([x, y, z, r]) => [x, y, z, r + 4] as const),
    t.csf,
    2,
  )
  paintEllipsoid(slice, [11, -6, 22], [7, 12, 10], t.white, { yaw: 0.5 })
  paintEllipsoid(slice, [-11, -6, 22], [7, 12, 10], t.white, { yaw: -0.5 })
  paintTube(slice, brainstem, t.white, 1.5)
  paintEllipsoid(slice, [0, 17, 27], [9, 4, 6], t.csf)
  paintEllipsoid(slice, [0, 25, 2], [8, 5.5, 12], t.csf, { soft: 1.5 })
  paintEllipsoid(slice, [0, 36, 4], [5, 9, 20], t.gray, { soft: 2 })
  paintEllipsoid(slice, [0, 46, -27], [10, 9, 8], t.csf, { soft: 2 })
  for (const x of [-15, 15])
    paintTube(
      slice,
      [
        [x, -18, 12, 1.9],
        [x * 0.5, -22, 22, 1.9],
      ],
      t.dura,
    )
}

function paintFalx(slice: Slice, t: TissueTable): void {
  const z = slice.z
  if (z < 26 || z > 96) return
  const rim = 82 * Math.sqrt(Math.max(0, 1 - ((z - 18) / 73) ** 2))
  const plate = (x: number, y: number) =>
    Math.max(Math.abs(x) - 0.55, Math.abs(y) - rim, z < 62 ? (y < 0 ? y + 44 : 30 - y) : -9)
  paintRegion(slice, { left: -2, right: 2, top: -rim, bottom: rim }, plate, t.dura, 0.9)
  paintEllipsoid(slice, [0, rim - 1, z], [4.5, 4, 9], t.dura)
  if (z > 30) paintEllipsoid(slice, [0, 1 - rim, z], [1.8, 2.4, 9], t.dura)
}
