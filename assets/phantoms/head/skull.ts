import { clamp01, createField, mix, ramp } from '../raster/noise.ts'

/*
 * The head's geometry. Millimetres, DICOM patient directions (x to the patient's left, y to the back, z up);
 * z = 0 is the orbitomeatal plane, the vertex is near z = 100.
 */

const relief = createField(4101)

/** Where a point lies between skin and brain. */
export interface Depths {
  /** mm inside the skin; negative outside the head. */
  skin: number
  /** mm inside the outer table. */
  outerTable: number
  /** mm inside the inner table. */
  innerTable: number
  /** mm above the floor of the skull. */
  aboveFloor: number
}

/** Fills `out` for one point: called for every pixel, so nothing is allocated. */
export function measureDepths(x: number, y: number, z: number, out: Depths): void {
  const front = clamp01(-y / 92)
  const back = clamp01(y / 92)
  const low = ramp(10, -48, z)
  const a = 77 + 5 * back - 9 * front * front - 8 * low
  const b = y < 0 ? 97 - 3 * low : 97 - 16 * low
  const top = z > 18 ? (z - 18) / 84 : 0
  const q = Math.sqrt((x * x) / (a * a) + (y * y) / (b * b) + top * top)
  const zr = z > 18 ? z - 18 : 0
  const radius = Math.sqrt(x * x + y * y + zr * zr)
  out.skin = q < 1e-6 ? 90 : radius * (1 / q - 1)
  out.outerTable = out.innerTable = out.aboveFloor = -20
  if (out.skin < -4) return
  if (out.skin > 42) {
    out.outerTable = out.skin - 6
    out.innerTable = out.skin - 12
    out.aboveFloor = z > 44 ? 40 : z - skullFloor(x, y)
    return
  }
  const side = ramp(34, 58, Math.abs(x)) * ramp(28, 2, y) * ramp(-78, -58, y)
  const scalp = 5.2 + 9 * side * ramp(52, 14, z)
  const rough = out.skin < 28 ? relief(x / 24, y / 24, z / 24) : 0
  const thick = 5.6 + 1.3 * rough + 2.2 * ramp(60, 90, Math.abs(y)) - 1.6 * side
  out.outerTable = out.skin - scalp
  out.innerTable = out.outerTable - thick
  out.aboveFloor = z > 44 ? 40 : z - skullFloor(x, y)
}

/** Line of the petrous ridge: behind it lies the posterior fossa. */
export function petrousRidge(x: number): number {
  return -14 + 0.5 * Math.abs(x)
}

/** Height of the skull's floor: anterior, middle and posterior fossa with sella and petrous ridges. */
function skullFloor(x: number, y: number): number {
  const ax = Math.abs(x)
  const anterior = 19 - 5 * ramp(13, 6, ax) + 3 * Math.sin(ax / 9)
  const middle = -6 + 19 * Math.exp(-((x / 15) ** 2)) + 5 * ramp(50, 64, ax)
  const posterior = -36 + 16 * (x / 52) ** 2 + 10 * ramp(50, 85, y)
  const ridge = petrousRidge(x)
  const behind = ramp(ridge - 5, ridge + 7, y)
  const crest = 11 * Math.exp(-(((y - ridge) / 6) ** 2)) * ramp(8, 20, ax)
  const wing = ramp(-30 + ax * 0.12, -37 + ax * 0.12, y)
  return mix(mix(middle, posterior, behind), anterior, wing) + crest
}

/** Height of the tentorium, the roof of the cerebellum. */
export function tentorium(x: number, y: number): number {
  return 40 - 0.42 * Math.abs(x) - 0.32 * Math.max(0, y - 25)
}
