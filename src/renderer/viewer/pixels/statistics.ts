/** Minimum, maximum and arithmetic mean of a frame's values: modality values, or all RGB samples of a colour image. */
export interface PixelStatistics {
  min: number
  max: number
  mean: number
  /** The mean of each channel: one for grey, red, green and blue for colour. */
  channels: number[]
}

/** `channels` samples lie side by side for each pixel; grey values equal to `padding` are no part of the image. */
export function statisticsOf(
  values: ArrayLike<number>,
  channels = 1,
  padding: number | null = null,
): PixelStatistics {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const sums = new Array<number>(channels).fill(0)
  let counted = 0
  for (let i = 0; i < values.length; i += channels) {
    if (values[i] === padding) continue
    counted += 1
    for (let c = 0; c < channels; c++) {
      const v = values[i + c]!
      if (v < min) min = v
      if (v > max) max = v
      sums[c]! += v
    }
  }
  if (counted === 0) return { min: 0, max: 0, mean: 0, channels: sums }
  return {
    min,
    max,
    mean: sums.reduce((sum, one) => sum + one, 0) / (counted * channels),
    channels: sums.map((sum) => sum / counted),
  }
}
