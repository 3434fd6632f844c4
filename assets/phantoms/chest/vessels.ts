import { createRandom } from '../raster/noise.ts'
import type { Joint, Point } from '../raster/slice.ts'

export const aorta: readonly Joint[] = [
  [4, -12, -58, 15],
  [-16, -24, -30, 16],
  [-20, -26, 5, 16],
  [-12, -20, 30, 15.5],
  [2, -4, 42, 14.5],
  [15, 16, 42, 13.5],
  [24, 36, 26, 13],
  [27, 44, 0, 12.5],
  [26, 46, -60, 12.5],
  [18, 44, -130, 12],
  [8, 40, -210, 11.5],
]
export const archBranches: readonly (readonly Joint[])[] = [
  [
    [-12, -16, 40, 7],
    [-24, -14, 80, 6.4],
    [-38, -6, 130, 5.4],
  ],
  [
    [0, -6, 50, 4.6],
    [16, -8, 85, 4.4],
    [22, -6, 130, 4],
  ],
  [
    [12, 8, 50, 5],
    [28, 8, 86, 5],
    [44, 4, 125, 5],
  ],
]
export const venaCava: readonly Joint[] = [
  [-40, -14, 110, 6.5],
  [-32, -18, 70, 8],
  [-28, -14, 30, 9.5],
  [-28, -10, -40, 10],
]
export const brachiocephalicVein: readonly Joint[] = [
  [46, -18, 100, 5.5],
  [12, -30, 72, 6.5],
  [-28, -18, 52, 7.5],
]
export const inferiorVenaCava: readonly Joint[] = [
  [-26, 2, -92, 11],
  [-28, 8, -130, 11],
  [-26, 22, -210, 11],
]
export const pulmonaryTrunk: readonly Joint[] = [
  [18, -42, -48, 13],
  [24, -34, -20, 13.5],
  [24, -14, -4, 12.5],
  [36, 8, 0, 10.5],
  [48, 22, -10, 8.5],
]
export const rightPulmonaryArtery: readonly Joint[] = [
  [22, -16, -8, 11.5],
  [0, -4, -12, 10.5],
  [-24, 4, -14, 10],
  [-44, 10, -20, 8],
  [-52, 20, -42, 6],
]
export const trachea: readonly Joint[] = [
  [0, -8, 130, 8.4],
  [0, 2, 70, 8.4],
  [0, 12, 8, 8.6],
]
export const bronchi: readonly (readonly Joint[])[] = [
  [
    [0, 12, 8, 8],
    [-20, 16, -14, 6.8],
    [-36, 18, -24, 5.2],
    [-46, 26, -52, 3.8],
    [-58, 40, -90, 2.4],
  ],
  [
    [-26, 16, -16, 4.4],
    [-50, 12, 2, 3.2],
    [-66, 6, 26, 2],
  ],
  [
    [0, 12, 8, 7.4],
    [26, 19, -16, 6],
    [42, 22, -26, 5],
    [50, 34, -56, 3.6],
    [60, 46, -94, 2.2],
  ],
  [
    [38, 20, -22, 4],
    [56, 6, -8, 3],
    [68, -4, 18, 1.8],
  ],
]

/** The heart's parts: centre, radii, turn about z. Chambers lie within the muscle. */
export const heartMuscle: readonly { centre: Point; radii: Point; yaw: number }[] = [
  { centre: [26, -30, -82], radii: [55, 43, 44], yaw: -0.55 },
  { centre: [-24, -16, -74], radii: [33, 33, 38], yaw: 0 },
  { centre: [4, 14, -54], radii: [37, 21, 24], yaw: 0 },
]
export const chambers = {
  leftVentricle: { centre: [50, -22, -88] as Point, radii: [20, 31, 26] as Point, yaw: 0.95 },
  rightVentricle: { centre: [14, -48, -80] as Point, radii: [34, 16, 30] as Point, yaw: -0.5 },
  rightAtrium: { centre: [-30, -16, -74] as Point, radii: [23, 26, 31] as Point, yaw: 0 },
  leftAtrium: { centre: [4, 14, -54] as Point, radii: [33, 17, 20] as Point, yaw: 0 },
}

/** A branch of the lung's vessels. */
export interface Branch {
  readonly joints: readonly [Joint, Joint]
}

/** Arteries and veins of both lungs, grown from the hila as bifurcating trees (Murray: r³ = r₁³ + r₂³). */
export function lungVessels(seed: number): Branch[] {
  const random = createRandom(seed)
  const out: Branch[] = []
  for (const side of [-1, 1])
    for (let i = 0; i < 17; i++) {
      const up = 1.05 - (2.1 * (i + 0.5)) / 17 - 0.12
      const swing = (i % 3) - 1 + 0.3 * (random() - 0.5)
      const direction = unit([side * 0.85, swing * 0.75 + 0.1, up])
      grow([side * (i % 2 ? 44 : 40), 12 + 8 * swing, -20 + 12 * up], direction, 3.9 - 0.3 * (i % 3), 0, side)
    }
  return out

  function grow(from: Point, direction: Point, radius: number, depth: number, side: number): void {
    if (radius < 0.5 || depth > 9) return
    const length = (10 + 5 * radius) * (0.75 + 0.5 * random())
    const to: Point = [
      from[0] + direction[0] * length,
      from[1] + direction[1] * length,
      from[2] + direction[2] * length,
    ]
    const tip = radius * 0.93
    out.push({
      joints: [
        [...from, radius],
        [...to, tip],
      ] as [Joint, Joint],
    })
    const share = 0.35 + 0.3 * random()
    const spread = 0.42 + 0.3 * random()
    const normal = unit([random() - 0.5, random() - 0.5, random() - 0.5])
    const bend = (amount: number): Point =>
      unit([
        direction[0] + normal[0] * amount + side * 0.05,
        direction[1] + normal[1] * amount,
        direction[2] + normal[2] * amount,
      ])
    grow(to, bend(spread * (1.3 - share)), tip * Math.cbrt(share), depth + 1, side)
    grow(to, bend(-spread * (0.3 + share)), tip * Math.cbrt(1 - share), depth + 1, side)
  }
}

function unit([x, y, z]: Point): Point {
  const n = Math.hypot(x, y, z) || 1
  return [x / n, y / n, z / n]
}
