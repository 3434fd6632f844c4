import { clamp01, createField, mix } from '../raster/noise.ts'
import { mirrored, paintEllipsoid, paintRegion, paintTube, type Slice } from '../raster/slice.ts'
import { paintUpperAbdomen } from './abdomen.ts'
import { type ChestFinding, paintChestFinding, pleuralFluidDepth } from './finding.ts'
import { paintMediastinum } from './mediastinum.ts'
import { cage, depthIn, depthInCavity, diaphragm, skin } from './shape.ts'
import { clavicle, type Rib, ribs, scapula, scapularBlade, sternum, vertebralPitch } from './skeleton.ts'
import { type Branch, lungVessels } from './vessels.ts'

export interface ChestModel {
  readonly ribs: readonly Rib[]
  readonly vessels: readonly Branch[]
  /** Couch and chest wall about a slice, without bones. */
  readonly wallAt: (slice: Slice) => Float32Array
  readonly contrast: boolean
  readonly finding: ChestFinding
}

const tissueField = createField(5101)
const fineField = createField(5102)

/** What does not change from slice to slice, made once per study. */
export function chestModel(contrast: boolean, finding: ChestFinding): ChestModel {
  return { ribs: ribs(), vessels: lungVessels(5201), wallAt: wallCache(), contrast, finding }
}

/** The wall hardly changes over 5 mm, and is the dearest part to paint: slices of one such slab share it. */
function wallCache(): ChestModel['wallAt'] {
  const slab = 5
  let kept: Slice | undefined
  return (slice) => {
    const z = (Math.floor(slice.z / slab) + 0.5) * slab
    if (kept?.z !== z) {
      kept = { ...slice, z, pixels: new Float32Array(slice.pixels.length).fill(-1000) }
      paintCouch(kept)
      paintWall(kept)
    }
    return kept.pixels
  }
}

/** Paints an axial plane of the chest in Hounsfield units, lying on the couch. */
export function paintChest(slice: Slice, model: ChestModel): void {
  const { z } = slice
  slice.pixels.set(model.wallAt(slice))
  paintBones(slice, model)
  const inner = cage(z)
  const box = {
    left: -inner.a - 1,
    right: inner.a + 1,
    top: inner.cy - inner.b - 1,
    bottom: inner.cy + inner.b + 1,
  }
  if (z < -100) paintUpperAbdomen(slice, model.contrast)
  if (z < 126) {
    const lung = (x: number, y: number) => {
      const inside = depthInCavity(inner, x, y) - 1
      return z > -100 ? -inside : -Math.min(inside, (z - diaphragm(x, y)) * 0.7)
    }
    const air = (x: number, y: number) => -872 + 0.55 * (y + 20) + 22 * fineField(x / 3.4, y / 3.4, z / 3.4)
    const wet = (x: number, y: number) =>
      mix(air(x, y), 9, y < 0 ? 0 : clamp01(0.5 + pleuralFluidDepth(model.finding, x, y, z)))
    paintRegion(slice, box, lung, model.finding.kind === 'pulmonary-embolism' ? wet : air)
    paintVessels(slice, model)
  }
  paintMediastinum(slice, model.contrast)
  paintSpine(slice)
  paintChestFinding(slice, model.finding)
}

function paintVessels(slice: Slice, model: ChestModel): void {
  const { z } = slice
  const inner = cage(z)
  const value = model.contrast ? 220 : 38
  for (const { joints } of model.vessels) {
    const [a] = joints
    if (Math.abs(a[2] - z) > 60 || depthInCavity(inner, a[0], a[1]) < 3) continue
    if (z < diaphragm(a[0], a[1]) + 3 || pleuralFluidDepth(model.finding, a[0], a[1], z) > -2) continue
    paintTube(slice, joints, value, slice.spacing * 1.2)
  }
}

/** Skin, subcutaneous fat, muscle with fat between its layers, down to the pleura. */
function paintWall(slice: Slice): void {
  const { z, spacing } = slice
  const outer = skin(z)
  const inner = cage(z)
  const box = {
    left: -outer.a - 2,
    right: outer.a + 2,
    top: outer.cy - outer.b - 2,
    bottom: outer.cy + outer.b + 2,
  }
  const core = { a: 0.6 * inner.a, b: 0.6 * inner.b }
  let deep = 0
  let within = false
  paintRegion(
    slice,
    box,
    (x, y) => {
      within = Math.abs(x) < core.a && Math.abs(y - inner.cy) < core.b
      deep = within ? 60 : depthIn(outer, x, y)
      return -deep
    },
    (x, y) => {
      if (within) return 45
      if (deep < 1.8) return 30
      const wall = -depthIn(inner, x, y)
      if (wall < 2) return 45
      const ax = Math.abs(x)
      const fat = 9 + 5 * tissueField(ax / 45, y / 45, z / 60) + (y < -40 ? 5 : 0)
      if (deep < fat - spacing) return -102 + 8 * fineField(x / 5, y / 5, z / 5)
      const plane = Math.abs(
        tissueField(ax / 24 + 7, y / 13, z / 40) + 0.3 * fineField(ax / 8, y / 8, z / 20),
      )
      const between =
        wall > 9 ? clamp01((0.085 - plane) * 22) : clamp01((fineField(ax / 6, y / 6, z / 8) - 0.1) * 1.4)
      const muscle = mix(54, -80, between)
      return mix(-102 + 8 * fineField(x / 5, y / 5, z / 5), muscle, clamp01((deep - fat) / spacing))
    },
  )
}

function paintBones(slice: Slice, model: ChestModel): void {
  const { z } = slice
  for (const rib of model.ribs) {
    paintTube(slice, rib.cartilage, 95)
    paintTube(slice, rib.bone, 720)
    paintTube(slice, shrunk(rib.bone, 1.7), 190)
  }
  const shell = (joints: readonly (readonly [number, number, number, number])[], wall: number) => {
    paintTube(slice, joints, 740)
    paintTube(slice, shrunk(joints, wall), 240)
  }
  for (const column of sternum) paintTube(slice, column, 420)
  for (const column of sternum) paintTube(slice, shrunk(column, 1.6), 150)
  shell(clavicle, 2)
  shell(mirrored(clavicle), 2)
  if (z > -4 && z < 104)
    for (const left of [-150, 76])
      paintRegion(
        slice,
        { left, right: left + 74, top: 40, bottom: 104 },
        (x, y) => scapularBlade(x, y, z),
        480,
      )
  for (const part of scapula) {
    shell(part, 1.6)
    shell(mirrored(part), 1.6)
  }
}

function shrunk(joints: readonly (readonly [number, number, number, number])[], by: number) {
  return joints.map(([x, y, z, r]) => [x, y, z, Math.max(0.2, r - by)] as const)
}

/** A vertebra or a disc, the canal, and the arch where the level has one. */
function paintSpine(slice: Slice): void {
  const { z } = slice
  const level = Math.round(z / vertebralPitch)
  const offset = z - level * vertebralPitch
  const end = Math.abs(offset) - 8.4
  const bodyAt = end > 1.3 ? 82 : end > 0 ? 430 : 185
  const waist = 1 - 0.1 * clamp01(1 - Math.abs(offset) / 9)
  if (end < 1.3) paintEllipsoid(slice, [0, 58, z], [18.5 * waist, 16 * waist, 9], 620)
  paintEllipsoid(slice, [0, 58, z], [17.2 * waist, 14.6 * waist, 9], (x, y) =>
    bodyAt === 185 ? 185 + 55 * fineField(x / 1.8, y / 1.8, z / 1.8) : bodyAt,
  )
  const arch = offset > -9 && offset < 7
  if (arch)
    for (const side of [1, -1]) {
      paintTube(
        slice,
        [
          [side * 11, 66, z, 4.6],
          [side * 14, 78, z, 5.4],
          [side * 8, 90, z, 4],
        ],
        560,
      )
      if (offset > -4)
        paintTube(
          slice,
          [
            [side * 13, 78, z, 5],
            [side * 33, 88, z, 4],
          ],
          480,
        )
    }
  paintTube(
    slice,
    [
      [0, 90, z, 4.6],
      [0, skin(z).cy + skin(z).b - 13, z, 3.2],
    ],
    arch ? 520 : 330,
  )
  paintEllipsoid(slice, [0, 77, z], [9.5, 8, 9], -20)
  paintEllipsoid(slice, [0, 77, z], [7.6, 6.6, 9], 14)
  paintEllipsoid(slice, [0, 77, z], [4.4, 3.6, 9], 40)
}

function paintCouch(slice: Slice): void {
  const arc = (x: number, y: number) => Math.abs(y - (124 - (x / 190) ** 2 * 22)) - 1.1
  const under = (x: number, y: number) => Math.abs(y - (150 - (x / 190) ** 2 * 34)) - 1.3
  paintRegion(slice, { left: -178, right: 178, top: 95, bottom: 128 }, arc, -420)
  paintRegion(slice, { left: -178, right: 178, top: 110, bottom: 154 }, under, -380)
}
