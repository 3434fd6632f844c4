import { ramp } from '../raster/noise.ts'
import { type Joint, mirrored } from '../raster/slice.ts'
import { cage } from './shape.ts'

/** One rib of the left side: bone from the spine forward, then cartilage. */
export interface Rib {
  readonly bone: readonly Joint[]
  readonly cartilage: readonly Joint[]
}

const bonePortion = [0.96, 0.8, 0.78, 0.78, 0.77, 0.76, 0.74, 0.72, 0.68, 0.62, 0.5, 0.4]

/** Twelve pairs of ribs, the right ones mirrored, sloping forwards and down. */
export function ribs(): Rib[] {
  return bonePortion.flatMap((portion, i) => {
    const left = rib(i, portion)
    return [left, { bone: mirrored(left.bone), cartilage: mirrored(left.cartilage) }]
  })
}

function rib(i: number, portion: number): Rib {
  const head = 116 - 24.5 * i
  const drop = i === 0 ? 28 : 52 + 3.2 * i
  const steps = 48
  const joint = (t: number): Joint => {
    const angle = 0.2 + t * 2.75
    const forward = (1 - Math.cos(angle)) / 2
    const z = head + 6 - drop * forward ** 0.9
    const e = cage(Math.min(z, 112))
    const out = 4.5
    const near = ramp(0.5, 0.2, angle)
    const x = (e.a + out) * Math.sin(angle) ** 0.82
    const y = e.cy + (e.b + out - 8 * near) * Math.sign(Math.cos(angle)) * Math.abs(Math.cos(angle)) ** 0.82
    return [Math.max(x, 18), y, z, i === 0 ? 4.6 : 5.4 - 0.09 * i]
  }
  const all = Array.from({ length: steps + 1 }, (_, k) => joint(k / steps))
  const cut = Math.round(steps * portion)
  const rising: Joint[] =
    i > 5 && i < 10 ? all.slice(cut).map(([x, y, z, r], k) => [x, y, z + k * 4, r] as const) : all.slice(cut)
  return { bone: all.slice(0, cut + 1), cartilage: i > 9 ? [] : rising }
}

/** Height of the middle of the thoracic vertebrae, about 24.5 mm apart. */
export const vertebralPitch = 24.5

export const clavicle: readonly Joint[] = [
  [16, -66, 92, 8],
  [40, -66, 99, 6],
  [80, -58, 108, 5.4],
  [118, -30, 116, 6],
  [146, -2, 122, 7],
]

/** Lateral border and spine of the left scapula; its blade is thin and painted as a plate. */
export const scapula: readonly (readonly Joint[])[] = [
  [
    [146, 40, 104, 9],
    [134, 62, 82, 6],
    [120, 80, 50, 4.2],
    [100, 95, -2, 3.4],
  ],
  [
    [80, 99, 84, 3.2],
    [112, 97, 98, 4.2],
    [146, 66, 118, 6],
  ],
]

/** mm outside the blade of a scapula, of either side. */
export function scapularBlade(x: number, y: number, z: number): number {
  const ax = Math.abs(x)
  const middle = 98 - 0.008 * (ax - 78) * (ax - 78)
  const lateral = 100 + 0.42 * (z + 4)
  return Math.max(
    Math.abs(y - middle) - 1.8,
    78 + 0.2 * Math.max(0, 30 - z) - ax,
    ax - lateral,
    z - 104,
    -4 - z,
  )
}

export const sternum: readonly Joint[][] = [-13, -6.5, 0, 6.5, 13].map((x) => [
  [x * 1.3, -58, 88, 7],
  [x * 1.2, -72, 58, 6.5],
  [x, -86, 0, 6],
  [x * 0.9, -90, -60, 6],
  [x * 0.4, -90, -85, 4],
])
