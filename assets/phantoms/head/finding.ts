import { clamp01, createField } from '../raster/noise.ts'
import type { Point, Slice } from '../raster/slice.ts'
import { paintEllipsoid, paintRegion, paintTube } from '../raster/slice.ts'
import { type Depths, measureDepths } from './skull.ts'
import type { TissueTable } from './tissue.ts'

/**
 * What the radiologist is to find. Haemorrhage: in the left basal ganglia, `growth` 1 about 30 ml with mass effect.
 * Epidural: a lens under the right parietal skull. Infarct: the territory of the left middle cerebral artery.
 */
export type HeadFinding =
  | { readonly kind: 'none' }
  | { readonly kind: 'basal-ganglia-haemorrhage'; readonly growth: number; readonly ventricular: boolean }
  | { readonly kind: 'epidural-haematoma' }
  | { readonly kind: 'middle-cerebral-infarct' }

const ragged = createField(4301)

/** How far, in mm along x, a lesion pushes a deep structure at `point`. */
export function midlineShift(finding: HeadFinding, [x, y, z]: Point): number {
  const near = Math.exp(-(((y + 4) / 45) ** 2)) * Math.exp(-(((z - 42) / 32) ** 2))
  if (finding.kind === 'basal-ganglia-haemorrhage') return -6.5 * finding.growth * near * (x > 4 ? 1.25 : 0.8)
  if (finding.kind === 'epidural-haematoma') return 5 * near
  return 0
}

export function paintFinding(slice: Slice, t: TissueTable, finding: HeadFinding): void {
  if (finding.kind === 'basal-ganglia-haemorrhage') paintHaemorrhage(slice, t, finding)
  if (finding.kind === 'epidural-haematoma') paintEpidural(slice, t)
  if (finding.kind === 'middle-cerebral-infarct') paintInfarct(slice, t)
}

function paintHaemorrhage(
  slice: Slice,
  t: TissueTable,
  { growth, ventricular }: { growth: number; ventricular: boolean },
): void {
  const centre: Point = [29, -4, 40]
  const size = Math.cbrt(growth)
  if (Math.abs(slice.z - centre[2]) > 30 * size) return
  const ball = (grow: number) => (x: number, y: number) => {
    const u = ((x - centre[0]) * 0.96 + (y - centre[1]) * 0.28) / (15 * size)
    const v = ((y - centre[1]) * 0.96 - (x - centre[0]) * 0.28) / (24 * size)
    const w = (slice.z - centre[2]) / (19 * size)
    const q = Math.sqrt(u * u + v * v + w * w)
    if (q > 1.7 || q < 0.6) return (q - 1) * 17 * size - grow
    const wave = 0.16 * ragged(x / 9, y / 9, slice.z / 9) + 0.08 * ragged(x / 4, y / 4, slice.z / 4)
    return (q - 1 - wave) * 17 * size - grow
  }
  const box = { left: -20, right: 72, top: -50, bottom: 50 }
  paintRegion(slice, box, ball(4.5), t.oedema, 4)
  paintRegion(slice, box, ball(0), (x, y) => t.blood + 5 * ragged(x / 5 + 7, y / 5, slice.z / 5), 1.6)
  if (!ventricular) return
  const settled = 0.75 * t.blood
  paintTube(
    slice,
    [
      [18, 30, 40, 3.4],
      [19, 44, 36, 3.2],
      [17, 56, 35, 1.4],
    ],
    settled,
    2,
  )
  paintTube(
    slice,
    [
      [-20, 44, 35, 2.4],
      [-17, 56, 35, 1.4],
    ],
    settled * 0.9,
    2,
  )
  paintEllipsoid(slice, [4, -10, 46], [4, 10, 5], settled, { soft: 2.5 })
}

/** Biconvex collection: between the inner table and a plane cut of the brain's surface. */
function paintEpidural(slice: Slice, t: TissueTable): void {
  const depths: Depths = { skin: 0, outerTable: 0, innerTable: 0, aboveFloor: 0 }
  const { z } = slice
  const bulge = (x: number, y: number) => {
    const s = ((y - 14) / 38) ** 2 + ((z - 48) / 34) ** 2
    if (s > 1 || x > 0) return 9
    measureDepths(x, y, z, depths)
    return Math.max(depths.innerTable - 23 * (1 - s), -depths.innerTable)
  }
  const box = { left: -80, right: -20, top: -30, bottom: 60 }
  paintRegion(slice, box, bulge, (x, y) => t.blood + 4 * ragged(x / 6, y / 6, z / 6), 1)
  const swelling = (x: number, y: number) => {
    const s = ((y - 14) / 42) ** 2 + ((z - 46) / 36) ** 2
    if (s > 1 || x > 0) return 9
    measureDepths(x, y, z, depths)
    return Math.max(-depths.skin - 7 * (1 - s), depths.skin - 5)
  }
  paintRegion(slice, box, swelling, t.muscle, 1)
}

/** A wedge from the insula to the cortex, swollen and without the usual grey-white difference. */
function paintInfarct(slice: Slice, t: TissueTable): void {
  const { pixels } = slice
  const { z } = slice
  const wedge = (x: number, y: number) => {
    const angle = Math.abs(Math.atan2(y - 2, x - 20))
    const wave = 0.2 * ragged(x / 11, y / 11, z / 11)
    return (Math.max(angle / 0.72, Math.abs(z - 46) / 27, (27 - x) / 8) - 1 - wave) * 20
  }
  const at = (x: number, y: number) =>
    pixels[
      Math.round((y - slice.y0) / slice.spacing) * slice.columns + Math.round((x - slice.x0) / slice.spacing)
    ]!
  const tone = (x: number, y: number) => {
    const under = at(x, y)
    const low = Math.min(t.gray, t.white)
    const high = Math.max(t.gray, t.white)
    const isBrain = clamp01((under - low * 0.8) / (low * 0.1)) * clamp01((high * 1.3 - under) / (high * 0.1))
    return under + (t.infarct * (1 + 0.06 * ragged(x / 5, y / 5, z / 5)) - under) * isBrain
  }
  paintRegion(slice, { left: 18, right: 70, top: -60, bottom: 60 }, wedge, tone, 5)
}
