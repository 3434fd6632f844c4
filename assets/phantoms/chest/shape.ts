import { clamp01, ramp } from '../raster/noise.ts'

/*
 * The trunk's geometry. Millimetres, DICOM patient directions (x to the patient's left, y to the back, z up);
 * z = 0 is the carina, the lung apices are near z = 122 and the costophrenic recesses near z = −190.
 */

export interface Ellipse {
  readonly a: number
  readonly b: number
  readonly cy: number
}

/** Inner outline of the rib cage at a height. */
export function cage(z: number): Ellipse {
  const t = clamp01((128 - z) / 128)
  const round = Math.sqrt(1 - (1 - t) * (1 - t))
  return {
    a: 5 + 123 * round + 6 * ramp(0, -140, z),
    b: 5 + 79 * round + 8 * ramp(0, -120, z),
    cy: 20 * (1 - t) * (1 - t) - 2,
  }
}

/** Outline of the skin at a height, arms raised. */
export function skin(z: number): Ellipse {
  return {
    a: 160 + 18 * ramp(50, 120, z) - 6 * ramp(-120, -200, z),
    b: 112 - 22 * ramp(60, 125, z),
    cy: 2 + 8 * ramp(60, 125, z),
  }
}

/** mm inside an outline, negative outside; the outline is a little squarer than an ellipse. */
export function depthIn(e: Ellipse, x: number, y: number): number {
  const v = y - e.cy
  const u2 = (x * x) / (e.a * e.a)
  const v2 = (v * v) / (e.b * e.b)
  const q = Math.sqrt(Math.sqrt(u2 * u2 + v2 * v2 + 0.9 * u2 * v2))
  const radius = Math.sqrt(x * x + v * v)
  return q < 1e-6 ? e.b : radius * (1 / q - 1)
}

/** mm inside the pleural cavity, the paravertebral bulge taken away. */
export function depthInCavity(e: Ellipse, x: number, y: number): number {
  const spine = Math.sqrt(x * x * 1.1 + (y - 72) * (y - 72)) - 31
  const sternum = Math.sqrt(x * x + (y + e.b + 6 - e.cy) * (y + e.b + 6 - e.cy)) - 22
  return Math.min(depthIn(e, x, y), spine, sternum)
}

/** Height of the diaphragm under a point. */
export function diaphragm(x: number, y: number): number {
  const right = x < 8
  const cx = right ? -68 : 66
  const top = right ? -108 : -122
  const u = (x - cx) / 70
  const v = (y + 14) / (y > -14 ? 92 : 78)
  const r2 = u * u + v * v
  const middle = -116 - 110 * ramp(14, 62, Math.abs(x - 6)) - 120 * ramp(-44, -82, y)
  return Math.max(top - 20 * r2 - 46 * r2 * r2 * r2, y > 45 ? -999 : middle)
}
