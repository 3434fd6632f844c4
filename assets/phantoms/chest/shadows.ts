import { clamp01 } from '../raster/noise.ts'
import { type Joint, mirrored } from '../raster/slice.ts'
import { drawTube, type Plate } from './plate.ts'
import { clavicle, ribs, scapula, scapularBlade, vertebralPitch } from './skeleton.ts'

/* What casts a sharp shadow on a chest film. */

/** Ribs, clavicles, shoulder blades and spine. */
export function addBones(plate: Plate): void {
  for (const { bone, cartilage } of ribs()) {
    drawTube(plate, bone, 1.5, 1.5)
    drawTube(plate, cartilage, 0.2)
  }
  const both = (joints: readonly Joint[], density: number, wall: number) => {
    drawTube(plate, joints, density, wall)
    drawTube(plate, mirrored(joints), density, wall)
  }
  both(clavicle, 1.7, 1.9)
  const outward = (joints: readonly Joint[]): Joint[] =>
    joints.map(([x, y, z, r]) => [x + 34, y, z, r] as const)
  for (const part of scapula) both(outward(part), 1, 1.4)
  addBlades(plate)
  addSpine(plate)
}

function addBlades(plate: Plate): void {
  for (let r = 0; r < plate.rows; r++)
    for (let c = 0; c < plate.columns; c++) {
      const x = Math.abs(plate.left + c * plate.spacing) - 34
      if (x < 70 || x > 150) continue
      const z = plate.top - r * plate.spacing
      const middle = 98 - 0.008 * (x - 78) * (x - 78)
      plate.pixels[r * plate.columns + c]! += 4.5 * clamp01(-scapularBlade(x, middle, z) / 1.8)
    }
}

function addSpine(plate: Plate): void {
  for (let level = -8; level <= 6; level++) {
    const z = level * vertebralPitch
    const wide = 15 + 0.25 * (4 - level)
    for (let k = -3; k <= 3; k++) {
      const waist = wide - (Math.abs(k) < 2 ? 1.6 : 0)
      drawTube(
        plate,
        [
          [-waist, 58, z + 3 * k, 1.9],
          [waist, 58, z + 3 * k, 1.9],
        ],
        Math.abs(k) === 3 ? 3 : 1.5,
      )
    }
    for (const side of [1, -1]) {
      drawTube(
        plate,
        [
          [side * 10, 76, z + 4, 4.4],
          [side * 10.4, 76, z + 1, 4.4],
        ],
        1.4,
        1.2,
      )
      drawTube(
        plate,
        [
          [side * 13, 78, z + 3, 4.4],
          [side * 31, 88, z + 4, 3.4],
        ],
        0.8,
        1.2,
      )
    }
    drawTube(
      plate,
      [
        [0, 92, z - 4, 3.4],
        [0, 104, z - 14, 3.2],
      ],
      1.3,
      1.2,
    )
  }
}

/** The lead letter R that the radiographer puts on the right side. */
export function addSideMarker(plate: Plate): void {
  const [x, z] = [-158, 104]
  const stroke = (...points: readonly (readonly [number, number])[]) =>
    drawTube(
      plate,
      points.map(([dx, dz]) => [x + dx, 0, z + dz, 1.1] as const),
      130,
    )
  stroke([0, 0], [0, 16])
  stroke([0, 16], [6, 16], [9, 14], [9, 10], [6, 8], [0, 8])
  stroke([5, 8], [10, 0])
}

/** A chest tube, its tip at the right apex. */
export function addDrain(plate: Plate): void {
  const tube: Joint[] = [
    [-152, 0, -46, 4],
    [-124, 0, -26, 4],
    [-112, 8, 10, 4],
    [-98, 14, 52, 4],
    [-78, 14, 84, 4],
  ]
  drawTube(plate, tube, 2.6, 1.3)
}
