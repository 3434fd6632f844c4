import { createField, ramp } from '../raster/noise.ts'
import { type Joint, paintEllipsoid, paintRegion, paintTube, type Slice } from '../raster/slice.ts'
import { cage, depthIn, diaphragm } from './shape.ts'

/**
 * What the radiologist is to find. Embolism: clot in the right pulmonary artery and both lower lobes, with a right effusion.
 * Nodule: spiculated, 22 mm, in the left upper lobe.
 */
export type ChestFinding =
  | { readonly kind: 'none' }
  | { readonly kind: 'pulmonary-embolism' }
  | { readonly kind: 'lung-nodule' }

const ragged = createField(5501)

const clots: readonly (readonly Joint[])[] = [
  [
    [16, -12, -9, 3.6],
    [-4, -2, -13, 5.2],
    [-26, 5, -16, 5.8],
    [-43, 11, -22, 5],
    [-52, 20, -42, 4.4],
  ],
  [
    [26, -8, -3, 3.4],
    [38, 9, -1, 5],
    [48, 22, -10, 5],
  ],
]

/** mm below the surface of free fluid behind the right lung of a patient lying on the back; negative above it. */
export function pleuralFluidDepth(finding: ChestFinding, x: number, y: number, z: number): number {
  if (finding.kind !== 'pulmonary-embolism' || x > -8) return -99
  const side = depthIn(cage(z), x, y)
  const meniscus = 30 * ramp(22, 0, side) + 8 * ramp(-40, -12, x)
  return y - (36 + 62 * ramp(-70, 40, z) - meniscus + 3 * ragged(x / 20, 0, z / 25))
}

export function paintChestFinding(slice: Slice, finding: ChestFinding): void {
  const { z } = slice
  if (finding.kind === 'pulmonary-embolism') {
    for (const clot of clots) paintTube(slice, clot, 48, 1.2)
    collapse(slice)
  }
  if (finding.kind === 'lung-nodule') {
    const spiky = (x: number, y: number) => {
      const angle = Math.atan2(y + 12, x - 72)
      const spikes = 2.2 * Math.max(0, Math.sin(angle * 9 + z)) ** 3 + 1.6 * ragged(x / 4, y / 4, z / 4)
      return Math.hypot(x - 72, y + 12, z - 48) - 10 - spikes
    }
    paintRegion(slice, { left: 50, right: 94, top: -34, bottom: 10 }, spiky, 34, 1.6)
    paintTube(
      slice,
      [
        [72, -12, 48, 0.9],
        [92, -22, 50, 0.6],
        [106, -30, 52, 0.5],
      ],
      -250,
      1.4,
    )
    paintEllipsoid(slice, [18, 2, 24], [8, 7, 9], 46)
  }
}

/** Lung pressed airless along the fluid. */
function collapse(slice: Slice): void {
  const { z } = slice
  if (z > -20) return
  const finding = { kind: 'pulmonary-embolism' } as const
  const strip = (x: number, y: number) => {
    const above = -pleuralFluidDepth(finding, x, y, z)
    const thick = 9 + 6 * ragged(x / 12, y / 12, z / 12) - 9 * ramp(-40, -22, x) - 8 * ramp(-45, -20, z)
    return Math.max(above - thick, -above, 3 - depthIn(cage(z), x, y), (diaphragm(x, y) + 2 - z) * 0.7)
  }
  const airless = (x: number, y: number) => 72 - 260 * Math.max(0, ragged(x / 4, y / 4, z / 4) - 0.25)
  paintRegion(slice, { left: -120, right: -26, top: -10, bottom: 90 }, strip, airless, 3)
}
