import { clamp01, createField, mix } from '../raster/noise.ts'
import { type Paint, paintRegion, type Slice } from '../raster/slice.ts'
import { disc, type Shape, shape, strip, union } from './shape.ts'
import type { KneeTissue } from './tissue.ts'

/*
 * A sagittal plane of the left knee. Picture x runs from front to back (DICOM +y), picture y downwards (DICOM −z);
 * the slice's place is DICOM x, 0 in the notch, the medial condyle on the negative side. Joint line at picture y = 0.
 */

const marrowField = createField(8101)
const fibres = createField(8102)

/** Paints one sagittal plane of a normal knee. */
export function paintKnee(slice: Slice, t: KneeTissue): void {
  const off = slice.z
  const side = Math.abs(off)
  const fill: Fill = (d, paint, soft = 0.8) => paintRegion(slice, d.box, d, paint, soft)

  const reach = Math.sqrt(Math.max(0.02, 1 - (side / 58) ** 2))
  const bulk = (x: number, y: number) => {
    const front = -50 * reach - 6 * Math.exp(-(((y + 18) / 24) ** 2)) + 0.1 * Math.abs(y)
    const back = 52 * reach - 5 * Math.exp(-(((y + 4) / 22) ** 2)) + 0.07 * Math.abs(y)
    return Math.max(front - x, x - back)
  }
  fill(shape(bulk), t.skin)
  fill(
    shape((x, y) => bulk(x, y) + 1.6),
    (x, y) => t.fat * (1 + 0.05 * marrowField(x / 6, y / 6, off)),
  )
  paintMuscles(slice, t, fill, reach)

  const condyle = clamp01((side - 5) / 7) * Math.sqrt(Math.max(0, 1 - (Math.max(0, side - 22) / 22) ** 2))
  const shaft = Math.max(0, 1 - (side / 27) ** 2)
  const trabecular = (x: number, y: number) =>
    t.marrow * (1 + 0.1 * marrowField(x / 2.2, y / 2.2, off / 3) + 0.05 * marrowField(x / 9, y / 9, off / 9))
  const bone = (d: Shape, shell = 1.5) => {
    fill(d, t.cortical)
    fill(
      shape((x, y) => d(x, y) + shell, d.box),
      trabecular,
    )
  }
  const femurParts: Shape[] = []
  if (shaft > 0.05)
    femurParts.push(
      strip(-10, -95, -8, -40, 15 * Math.sqrt(shaft)),
      disc(-12, -31, 21 * Math.sqrt(shaft) + 2, 17),
    )
  if (condyle > 0.1)
    femurParts.push(disc(4, -23, 27 * condyle, 21 * condyle, -0.2), disc(12, -20, 18 * condyle, 18 * condyle))
  const plateau = Math.sqrt(Math.max(0, 1 - (side / 43) ** 2))
  const tibiaParts: Shape[] = []
  if (plateau > 0.15) {
    const head = (x: number, y: number) =>
      Math.max(Math.abs(x - 2) - 27 * plateau + 0.35 * Math.max(0, y - 8), 2.5 - y + 0.04 * (x - 2), y - 26) -
      2
    tibiaParts.push(shape(head, { left: -32, right: 36, top: -4, bottom: 32 }))
  }
  if (side < 20) tibiaParts.push(strip(0, 28, 4, 98, 17 * Math.sqrt(1 - (side / 20) ** 2) + 0.5))
  if (side < 7) tibiaParts.push(strip(2, 8, 3, -1 + side * 0.6, 4, 2))

  if (tibiaParts.length > 0) {
    const tibia = union(6, tibiaParts[0]!, ...tibiaParts.slice(1))
    if (side > 5)
      fill(
        shape((x, y) => Math.max(tibia(x, y) - 2.4, y - 7, Math.abs(x - 2) - 24 * plateau), tibia.box),
        t.cartilage,
      )
    bone(tibia)
  }
  if (femurParts.length > 0) {
    const femur = union(7, femurParts[0]!, ...femurParts.slice(1))
    fill(
      shape((x, y) => Math.max(femur(x, y) - (side > 5 ? 2.6 : 1.6), -y - 44, -42 - y + 0.4 * x), femur.box),
      t.cartilage,
    )
    bone(femur)
  }
  if (off > 33 && off < 46) bone(strip(22, 22, 24, 98, 6, 5))
  paintExtensor(slice, t, fill, bone)
  if (side < 8) paintCruciates(off, t, fill)
  if (side > 8 && side < 38) paintMenisci(side, plateau, t, fill)
}

type Fill = (d: Shape, paint: Paint, soft?: number) => void

function paintMuscles(slice: Slice, t: KneeTissue, fill: Fill, reach: number): void {
  const grain = (x: number, y: number) =>
    mix(t.muscle, t.fat, clamp01((fibres(x / 4, y / 30, slice.z / 8) - 0.42) * 3) * 0.5)
  const back = 46 * reach
  fill(strip(back - 13, -95, back - 16, -36, 13, 6), grain, 2)
  fill(strip(back - 20, -30, back - 12, 95, 4, 16), grain, 2)
  fill(strip(14, 34, 16, 95, 7, 12), grain, 2)
  fill(strip(-31 * reach, -95, -26 * reach, -62, 11, 3), grain, 2)
  if (Math.abs(slice.z) < 9) {
    fill(strip(back - 15, -95, back - 14, 95, 3.8), t.cortical)
    fill(strip(back - 15, -95, back - 14, 95, 3), t.vessel)
  }
}

/** Quadriceps tendon, patella, patellar ligament, Hoffa's fat and the little fluid that is normal. */
function paintExtensor(
  slice: Slice,
  t: KneeTissue,
  fill: Fill,
  bone: (d: Shape, shell?: number) => void,
): void {
  const side = Math.abs(slice.z)
  if (side > 23) return
  const cut = Math.sqrt(1 - (side / 23) ** 2)
  if (side < 14) fill(strip(-38, -62, -36, -46, 1.2, 1.6), t.fluid)
  if (side < 15) {
    fill(strip(-36, -95, -44, -42, 3.2, 3), t.ligament)
    fill(strip(-45, -16, -25, 33, 2.6, 2.4), t.ligament)
  }
  fill(disc(-36.5, -28, 5 * cut, 14.5 * cut, -0.1), t.cartilage)
  bone(disc(-42, -29, 8.8 * cut + 0.5, 18 * cut, -0.1), 1.2)
  if (side < 12) fill(disc(-26, 1, 2, 1.2), t.fluid)
}

function paintCruciates(off: number, t: KneeTissue, fill: Fill): void {
  const stripes = (x: number, y: number) => t.ligament * (1.3 + 0.8 * fibres(x / 1.6, y / 8, 5))
  if (off > -3) fill(strip(14, -24, -9, 3, 3.2, 4.2), stripes)
  if (off < 5) {
    fill(strip(-3, -20, 15, -16, 4.4, 4.2), t.ligament)
    fill(strip(15, -16, 26, 9, 4.2, 3.2), t.ligament)
  }
  fill(strip(19, -9, 22, 0, 1, 0.8), t.fluid)
}

/** The horns as dark triangles between the cartilages; nearer the rim they join into a band. */
function paintMenisci(side: number, plateau: number, t: KneeTissue, fill: Fill): void {
  const rim = 25 * plateau
  const inner = side > 30 ? -1 : 9
  const wedge = (to: number) =>
    shape(
      (x, y) => {
        const along = (x - 2) * to
        const height = 0.7 + 3.6 * clamp01((along - inner) / (rim - inner))
        return Math.max(Math.abs(y - 0.2 + 0.12 * height) - height, inner - along, along - rim) * 0.9
      },
      { left: -30, right: 34, top: -12, bottom: 14 },
    )
  fill(wedge(1), t.meniscus, 1)
  fill(wedge(-1), t.meniscus, 1)
  fill(strip(2 + rim, -1, 3 + rim, 3, 0.8), t.fluid)
}
