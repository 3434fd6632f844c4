/** Minimum, maximum and arithmetic mean of a frame's values: modality values, or all RGB samples of a colour image. */
export interface PixelStatistics {
  min: number
  max: number
  mean: number
}

export function statisticsOf(values: ArrayLike<number>): PixelStatistics {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!
    if (v < min) min = v
    if (v > max) max = v
    sum += v
  }
  return { min, max, mean: sum / values.length }
}
