import { clamp01, createField, mix } from '../raster/noise.ts'
import { paintRegion, type Slice } from '../raster/slice.ts'
import { paintDeepBrain } from './brain.ts'
import { paintFace } from './face.ts'
import type { HeadFinding } from './finding.ts'
import { paintFinding } from './finding.ts'
import { type Depths, measureDepths, petrousRidge, tentorium } from './skull.ts'
import type { TissueTable } from './tissue.ts'

const folds = createField(4201)
const secondary = createField(4202)
const marrow = createField(4203)

/** Everything that one person's head may differ in. */
export interface HeadOptions {
  readonly tissue: TissueTable
  readonly finding: HeadFinding
}

/** Paints an axial plane of a head: scalp, skull, brain, face, then what is wrong with it. */
export function paintHead(slice: Slice, { tissue, finding }: HeadOptions): void {
  const depths: Depths = { skin: 0, outerTable: 0, innerTable: 0, aboveFloor: 0 }
  const { z, spacing } = slice
  const box = { left: -84, right: 84, top: -99, bottom: 99 }
  const skin = (x: number, y: number) => {
    measureDepths(x, y, z, depths)
    return -depths.skin
  }
  paintRegion(slice, box, skin, (x, y) => layered(x, y, z, depths, tissue, spacing))
  paintFace(slice, tissue)
  paintDeepBrain(slice, tissue, finding)
  paintFinding(slice, tissue, finding)
}

function layered(x: number, y: number, z: number, d: Depths, t: TissueTable, soft: number): number {
  const inside = Math.min(d.innerTable, d.aboveFloor * 0.85)
  if (inside > soft) return brainAt(x, y, z, inside, t)
  const edge = (depth: number) => clamp01(0.5 + depth / soft)
  let value = mix(t.skin, t.fat, edge(d.skin - 2))
  value = mix(value, t.muscle, edge(d.skin - 4.4))
  const floor = d.aboveFloor
  if (floor < 0 && d.skin > 3) value = mix(value, t.fat, fatBetweenMuscles(x, y, z, d.skin))
  if (d.outerTable > -soft && floor > -7) {
    const bone = mix(value, boneAt(x, y, z, d, t, edge), edge(d.outerTable))
    value = mix(value, bone, edge(Math.min(floor + 3.2, 40)))
  }
  if (inside > -soft) value = mix(value, brainAt(x, y, z, inside, t), edge(inside))
  return value
}

/** Fascial planes of the face and the skull's base. */
function fatBetweenMuscles(x: number, y: number, z: number, depth: number): number {
  const plane = folds(Math.abs(x) / 15, y / 17, z / 20) + 0.35 * secondary(Math.abs(x) / 7, y / 7, z / 12)
  return (
    clamp01((0.17 - Math.abs(plane - 0.12)) * 9) * clamp01((depth - 2) / 2) +
    clamp01((9 - depth) / 4) * clamp01(-z / 20)
  )
}

function boneAt(
  x: number,
  y: number,
  z: number,
  d: Depths,
  t: TissueTable,
  edge: (n: number) => number,
): number {
  const spongy = Math.min(d.outerTable - 1.5, -d.innerTable - 1.5)
  const diploe = t.diploe * (1 + 0.22 * marrow(x / 2.5, y / 2.5, z / 2.5))
  return mix(t.cortical, diploe, edge(spongy))
}

/** Cortex with sulci, white matter, cerebellum; `inside` is the distance to the inner table or floor. */
function brainAt(x: number, y: number, z: number, inside: number, t: TissueTable): number {
  if (y > petrousRidge(x) && z < tentorium(x, y)) return cerebellumAt(x, y, z, inside, t)
  const depth = inside - 1.1
  const fissure = z > 30 ? clamp01((1.1 - Math.abs(x + 0.8 * secondary(2, y / 11, z / 11))) / 0.8) : 0
  if (depth > 24) return mix(t.white, t.csf, fissure * clamp01((42 - depth) / 6))
  const fold = folds(x / 13, y / 13, z / 13) + 0.42 * secondary(x / 6.5 + 9, y / 6.5, z / 6.5)
  const crease = Math.abs(fold) * 10
  const open = 0.95 * clamp01((24 - depth) / 12)
  const sulcus = clamp01(open - crease + 0.5) * clamp01((19 - depth) / 5)
  const ribbon = Math.max(
    clamp01((3.4 - depth) / 1.2),
    clamp01((open + 2.9 - crease) / 1.1) * clamp01((22 - depth) / 5),
  )
  const matter = mix(t.white, t.gray, ribbon)
  const fluid = Math.max(sulcus * 0.8, clamp01(0.5 - depth), fissure * clamp01((42 - depth) / 6))
  return mix(matter, t.csf, fluid)
}

function cerebellumAt(x: number, y: number, z: number, inside: number, t: TissueTable): number {
  const roof = tentorium(x, y) - z
  if (roof < 1.4) return t.dura
  const leaf = Math.sin((roof * 1.2 + Math.hypot(x, y - 30) * 0.7 + 2 * folds(x / 8, y / 8, z / 8)) * 1.55)
  const core = clamp01((Math.min(inside, roof + 4, 40) - 12) / 4) * clamp01((Math.abs(x) - 6) / 4)
  const cortex = mix(mix(t.gray, t.white, 0.3), mix(t.gray, t.csf, 0.3), clamp01(leaf - 0.35))
  return mix(mix(cortex, t.white, core), t.csf, clamp01(1.6 - inside))
}
