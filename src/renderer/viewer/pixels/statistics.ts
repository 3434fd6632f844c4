/** Minimum, maximum and arithmetic mean of a frame's values: modality values, or all RGB samples of a colour image. */
export interface PixelStatistics {
  min: number
  max: number
  mean: number
  /** The mean of each channel: one for grey, red, green and blue for colour. */
  channels: number[]
}

/** `channels` samples lie side by side for each pixel. */
export function statisticsOf(values: ArrayLike<number>, channels = 1): PixelStatistics {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const sums = new Array<number>(channels).fill(0)
  for (let i = 0; i < values.length; i += channels)
    for (let c = 0; c < channels; c++) {
      const v = values[i + c]!
      if (v < min) min = v
      if (v > max) max = v
      sums[c]! += v
    }
  const pixels = values.length / channels
  return {
    min,
    max,
    mean: sums.reduce((sum, one) => sum + one, 0) / values.length,
    channels: sums.map((sum) => sum / pixels),
  }
}
