import { createField, ramp } from '../raster/noise.ts'
import { type Joint, paintEllipsoid, paintRegion, paintTube, type Slice } from '../raster/slice.ts'
import { cage, depthIn } from './shape.ts'
import * as v from './vessels.ts'

const lump = createField(5301)

/** Hounsfield units of what blood fills, in the pulmonary arterial phase or without contrast. */
function bloodValues(contrast: boolean) {
  return contrast
    ? { venous: 430, pulmonary: 385, left: 265, aorta: 240, late: 90, muscle: 105 }
    : { venous: 40, pulmonary: 41, left: 41, aorta: 42, late: 40, muscle: 48 }
}

/** Fat, heart, great vessels, airway and oesophagus. */
export function paintMediastinum(slice: Slice, contrast: boolean): void {
  const blood = bloodValues(contrast)
  const { z } = slice
  const fat = (x: number, y: number) => -92 + 14 * lump(x / 7, y / 7, z / 9)
  const sheath = (joints: readonly Joint[], by: number) =>
    paintTube(
      slice,
      joints.map(([x, y, zz, r]) => [x, y, zz, r + by] as const),
      fat,
    )
  const wall = cage(z)
  const between = (x: number, y: number) => {
    const surface = mediastinalSurface(x, y, z)
    if (surface > 3) return surface
    const rough = surface > -3 ? 2 * lump(x / 12, y / 12, z / 12) : 0
    return Math.max(surface + rough, -depthIn(wall, x, y))
  }
  paintRegion(slice, { left: -60, right: 70, top: wall.cy - wall.b, bottom: 80 }, between, fat, 1.5)
  for (const vessel of [v.aorta, v.venaCava, v.pulmonaryTrunk, v.rightPulmonaryArtery]) sheath(vessel, 4)
  for (const bronchus of v.bronchi) sheath(bronchus.slice(0, 3), 4)
  paintEllipsoid(slice, [8, -20, -74], [60, 46, 46], fat, { yaw: -0.4, soft: 1.5 })
  for (const { centre, radii, yaw } of v.heartMuscle)
    paintEllipsoid(slice, centre, [radii[0] + 4, radii[1] + 4, radii[2] + 4], fat, { yaw, soft: 1.5 })
  for (const { centre, radii, yaw } of v.heartMuscle)
    paintEllipsoid(slice, centre, radii, blood.muscle, { yaw, soft: 1.5 })
  const chamber = (part: keyof typeof v.chambers, value: number) => {
    const { centre, radii, yaw } = v.chambers[part]
    paintEllipsoid(slice, centre, radii, value, { yaw, soft: 2 })
  }
  chamber('rightVentricle', blood.pulmonary)
  chamber('rightAtrium', blood.venous)
  chamber('leftAtrium', blood.left)
  chamber('leftVentricle', blood.left)
  paintTube(
    slice,
    [
      [3, -60, -64, 3],
      [-6, -50, -72, 3],
      [-10, -40, -90, 3],
    ],
    -85,
  )
  paintTube(slice, v.inferiorVenaCava, blood.late)
  paintTube(slice, v.brachiocephalicVein, blood.venous)
  paintTube(slice, v.venaCava, blood.venous)
  paintTube(slice, v.aorta, blood.aorta)
  for (const branch of v.archBranches) paintTube(slice, branch, blood.aorta)
  paintTube(slice, v.rightPulmonaryArtery, blood.pulmonary)
  paintTube(slice, v.pulmonaryTrunk, blood.pulmonary)
  paintTube(
    slice,
    [
      [-9, 42, 40, 3],
      [-9, 44, -60, 3],
      [-8, 44, -160, 3],
    ],
    blood.late,
  )
  paintNodesAndThyroid(slice, contrast)
  paintAirway(slice)
}

/** mm outside the fat between the lungs: narrow behind the sternum, wide at the hila, narrow before the spine. */
export function mediastinalSurface(x: number, y: number, z: number): number {
  if (z < -112) return Math.hypot(x - 6, (y - 38) * 0.8) - 24
  const front = ramp(-20, -84, y)
  const wide = 27 - 21 * front + 5 * Math.exp(-((z - 10) ** 2) / 1800) - 8 * ramp(30, 70, y)
  const centre = 1 + 6 * front + 5 * ramp(0, -80, z)
  return Math.abs(x - centre) - wide
}

function paintNodesAndThyroid(slice: Slice, contrast: boolean): void {
  for (const side of [1, -1]) paintEllipsoid(slice, [side * 17, -6, 124], [8, 10, 20], contrast ? 170 : 105)
  paintEllipsoid(slice, [-16, -2, 22], [3.5, 4.5, 6], 50)
  paintEllipsoid(slice, [20, 0, 14], [3, 4, 6], 50)
  const gullet: Joint[] = [
    [4, 22, 130, 6.5],
    [7, 27, 40, 6.5],
    [6, 33, -40, 7],
    [12, 26, -120, 8],
  ]
  paintTube(slice, gullet, 44)
  paintTube(
    slice,
    gullet.map(([x, y, z]) => [x, y, z, 1.8] as const),
    -350,
    2,
  )
}

function paintAirway(slice: Slice): void {
  for (const [i, tube] of [v.trachea, ...v.bronchi].entries()) {
    const wall = i === 0 ? 1.8 : 1.3
    paintTube(
      slice,
      tube.map(([x, y, z, r]) => [x, y, z, r + wall] as const),
      20,
    )
  }
  for (const tube of [v.trachea, ...v.bronchi]) paintTube(slice, tube, -985)
}
