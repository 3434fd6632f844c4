import type { VoiFunction } from '../dicom/voi.ts'

/**
 * Modality values as grey levels 0–255 in RGBA (PS3.3 C.11.2.1.2 and C.11.2.1.3). What is NaN is outside and stays black, inverted
 * or not.
 */
export function grayLevels(
  values: Float32Array,
  { centre, width }: { centre: number; width: number },
  voi: VoiFunction,
  inverted: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4)
  const [middle, span] = voi === 'LINEAR' ? [centre - 0.5, Math.max(width - 1, 1e-6)] : [centre, width]
  for (let i = 0, at = 0; i < values.length; i++, at += 4) {
    out[at + 3] = 255
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const x = (value - middle) / span
    const level = 255 * (voi === 'SIGMOID' ? 1 / (1 + Math.exp(-4 * x)) : x + 0.5)
    const shown = inverted ? 255 - Math.max(0, Math.min(255, level)) : level
    out[at] = shown
    out[at + 1] = shown
    out[at + 2] = shown
  }
  return out
}
