import { clamp01, createField, ramp } from '../raster/noise.ts'
import { drawTube, drawTubes, type Plate, plateAt, resample } from './plate.ts'
import { addBones, addDrain, addSideMarker } from './shadows.ts'
import { cage, depthIn, depthInCavity, diaphragm, skin } from './shape.ts'
import {
  aorta,
  heartMuscle,
  lungVessels,
  pulmonaryTrunk,
  rightPulmonaryArtery,
  trachea,
  venaCava,
} from './vessels.ts'

/**
 * What the radiologist is to find on a postero-anterior film. Pneumothorax: right, `collapse` is the depth in mm of the
 * air around the lung; `drain` adds a chest tube. Free air: a crescent under the right diaphragm.
 */
export type RadiographFinding =
  | { readonly kind: 'none' }
  | { readonly kind: 'pneumothorax'; readonly collapse: number; readonly drain: boolean }
  | { readonly kind: 'free-air' }

const grain = createField(6101)

/** Height of the picture's centre above the carina, mm. */
const centreZ = -40

/**
 * A projection along y through the same chest that the CT cuts: absorbance (water millimetres, log scale) of a film of
 * `columns` × `rows` pixels of `spacing` mm, the patient's right on the picture's left. Soft tissue is integrated on a coarse grid,
 * bones and vessels are added at half the resolution, where their edges matter.
 */
export function projectChest(
  columns: number,
  rows: number,
  spacing: number,
  finding: RadiographFinding,
): Float32Array {
  const coarse = integrateSoftTissue(columns, rows, spacing, finding)
  const fine = resample(coarse, Math.ceil(columns / 2), Math.ceil(rows / 2), spacing * 2)
  addVessels(fine, finding)
  addBones(fine)
  addSideMarker(fine)
  if (finding.kind === 'pneumothorax' && finding.drain) addDrain(fine)
  return resample(fine, columns, rows, spacing).pixels
}

/** mm that the visceral pleura has come away from the chest wall: most at the apex of an upright patient. */
function collapseAt(finding: RadiographFinding, x: number, z: number): number {
  if (finding.kind !== 'pneumothorax' || x > 0) return -1
  return finding.collapse * (0.5 + 0.75 * ramp(-120, 100, z))
}

function integrateSoftTissue(
  columns: number,
  rows: number,
  spacing: number,
  finding: RadiographFinding,
): Plate {
  const step = 8 * spacing
  const plate = plateAt(Math.ceil(columns / 8) + 1, Math.ceil(rows / 8) + 1, step, centreZ)
  const depthStep = 3.5
  for (let r = 0; r < plate.rows; r++) {
    const z = plate.top - r * step
    const outer = skin(Math.min(z, 124))
    const inner = cage(Math.min(z, 128))
    for (let c = 0; c < plate.columns; c++) {
      const x = plate.left + c * step
      if (Math.abs(x) > outer.a) continue
      const gap = collapseAt(finding, x, z)
      let sum = 0
      for (let y = -116; y < 118; y += depthStep) sum += densityAt(x, y, z, outer, inner, gap, finding)
      plate.pixels[r * plate.columns + c] = sum * depthStep
    }
  }
  return plate
}

type Outline = ReturnType<typeof cage>

function densityAt(
  x: number,
  y: number,
  z: number,
  outer: Outline,
  inner: Outline,
  gap: number,
  finding: RadiographFinding,
): number {
  const shoulder = (172 - 0.4 * Math.max(0, Math.abs(x) - 58) - z) / 70
  if (shoulder <= 0) return 0
  const thin = shoulder < 1 ? Math.sqrt(shoulder) : 1
  const body = clamp01(depthIn(outer, x * (z > 120 && Math.abs(x) < 58 ? 0.9 : 1), y / thin) / 3)
  if (body === 0) return 0
  const inside = depthInCavity(inner, x, y)
  if (z > 124 || inside <= 0) return 0.94 * body
  const above = z - diaphragm(x, y) - 6
  if (above <= 0) return finding.kind === 'free-air' ? 1 - freeAir(x, y, above) : stomachGas(x, y, z)
  if (inHeart(x, y, z)) return 1
  const middle = y > -66 && y < 56 ? clamp01(mediastinalShadow(x, z) / 3) : 0
  const lung = 0.2 + 0.0007 * y + 0.02 * grain(x / 9, y / 9, z / 9)
  const within = inside - gap
  const pleura = 0.85 * Math.exp(-(((within - 1) / 1.9) ** 2))
  const aerated = gap < 0 ? lung : Math.max(within < 0 ? 0.01 : lung * 1.15, pleura)
  const edge = clamp01(Math.min(above, inside) / 3)
  return 1 + (aerated - 1) * edge * (1 - middle)
}

/** mm inside the outline of aortic knob, pulmonary trunk, venae cavae and great vessels as seen from the front. */
function mediastinalShadow(x: number, z: number): number {
  const bump = (at: number, wide: number) => Math.exp(-(((z - at) / wide) ** 2))
  const left = 25 + 10 * bump(32, 17) + 10 * bump(-20, 18) + 10 * ramp(90, 130, z)
  const right = 24 + 6 * bump(58, 42) + 8 * bump(-14, 20) + 6 * ramp(95, 130, z)
  return x > 0 ? left - x : right + x
}

function inHeart(x: number, y: number, z: number): boolean {
  for (const { centre, radii, yaw } of heartMuscle) {
    const cos = Math.cos(yaw)
    const sin = Math.sin(yaw)
    const dx = x - centre[0]
    const dy = y - centre[1]
    const u = (dx * cos + dy * sin) / radii[0]
    const v = (dy * cos - dx * sin) / radii[1]
    const w = (z - centre[2]) / (radii[2] * 1.12)
    if (u * u + v * v + w * w < 1) return true
  }
  return false
}

/** Air between diaphragm and liver, `below` mm under the dome (negative numbers). */
function freeAir(x: number, y: number, below: number): number {
  if (x > -22 || x < -116) return 0
  const thick = 10 * Math.sqrt(Math.max(0, 1 - ((x + 68) / 46) ** 2)) * ramp(75, 30, Math.abs(y + 10))
  return below > -3.5 || below < -3.5 - thick ? 0 : 0.97
}

/** The bubble above the fluid level of an upright stomach. */
function stomachGas(x: number, y: number, z: number): number {
  const q = ((x - 66) / 36) ** 2 + ((y + 24) / 36) ** 2 + ((z + 160) / 27) ** 2
  return q < 1 && z > -161 ? 0.05 : 1
}

function addVessels(plate: Plate, finding: RadiographFinding): void {
  const trees = lungVessels(5201).filter(({ joints }) => {
    const [x, y, z] = joints[1]
    const inner = cage(Math.min(z, 126))
    if (z < diaphragm(x, y) + 4 || z > 116) return false
    return depthInCavity(inner, x, y) >= 3 + Math.max(0, collapseAt(finding, x, z))
  })
  for (const side of [1, -1]) {
    const own = trees.filter(({ joints }) => joints[0][0] * side > 0)
    drawTubes(
      plate,
      own.map(({ joints }) => joints),
      2.7,
    )
  }
  for (const trunk of [aorta, pulmonaryTrunk, rightPulmonaryArtery, venaCava]) drawTube(plate, trunk, 0.16)
  for (const side of [1, -1]) {
    const hilum = side > 0 ? 6 : -6
    drawTube(
      plate,
      [
        [side * 34, 14, hilum - 2, 7],
        [side * 45, 18, hilum - 18, 7],
        [side * 53, 24, hilum - 42, 4.5],
        [side * 60, 30, hilum - 70, 2.5],
      ],
      0.5,
    )
    drawTube(
      plate,
      [
        [side * 34, 10, hilum - 4, 6],
        [side * 48, 6, hilum + 14, 4],
        [side * 60, 2, hilum + 40, 2.5],
      ],
      0.5,
    )
  }
  drawTube(plate, trachea, -0.85)
  drawTube(
    plate,
    [
      [0, 12, 8, 7],
      [-20, 16, -14, 6.4],
      [-38, 18, -26, 4.8],
    ],
    -0.7,
  )
  drawTube(
    plate,
    [
      [0, 12, 8, 6.5],
      [28, 19, -18, 5.6],
      [44, 22, -28, 4.6],
    ],
    -0.7,
  )
}
