import { type Affine, inverse } from '../measure/affine.ts'

/** An image's values as they go through the window: grey, RGB or RGBA side by side. */
export interface ShownValues {
  columns: number
  rows: number
  values: ArrayLike<number>
  components: number
}

export interface Window01 {
  /** Values that are shown black and white. */
  lower: number
  upper: number
  sigmoid: boolean
  inverted: boolean
}

/** A value's level, 0 to 255: linear between the ends (PS3.3 C.11.2.1.2), or the sigmoid (C.11.2.1.3.1). */
export function levelOf(value: number, { lower, upper, sigmoid, inverted }: Window01): number {
  const width = upper - lower || 1
  const linear = Math.min(1, Math.max(0, (value - lower) / width))
  const at = sigmoid ? 1 / (1 + Math.exp((-4 * (value - (lower + upper) / 2)) / width)) : linear
  return (inverted ? 1 - at : at) * 255
}

/**
 * Draws an image into RGBA bytes, each output pixel from the four values round it, before the window as the screen does it. `toOut`
 * takes image pixels to output pixels; what lies outside the image stays black.
 */
export function renderImage(
  image: ShownValues,
  window: Window01,
  toOut: Affine,
  out: { width: number; height: number },
): Uint8ClampedArray<ArrayBuffer> {
  const { columns, rows, values, components } = image
  const pixels = new Uint8ClampedArray(out.width * out.height * 4)
  const back = inverse(toOut)
  const channels = components === 1 ? 1 : 3
  for (let y = 0, to = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++, to += 4) {
      pixels[to + 3] = 255
      const column = back.a * (x + 0.5) + back.c * (y + 0.5) + back.e
      const row = back.b * (x + 0.5) + back.d * (y + 0.5) + back.f
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue
      const left = Math.min(Math.max(column - 0.5, 0), columns - 1)
      const top = Math.min(Math.max(row - 0.5, 0), rows - 1)
      const [i, j] = [Math.floor(left), Math.floor(top)]
      const [u, v] = [left - i, top - j]
      const right = i + 1 < columns ? components : 0
      const below = j + 1 < rows ? columns * components : 0
      const from = (j * columns + i) * components
      for (let c = 0; c < channels; c++) {
        const at = from + c
        const above = values[at]! * (1 - u) + values[at + right]! * u
        const under = values[at + below]! * (1 - u) + values[at + below + right]! * u
        pixels[to + c] = levelOf(above * (1 - v) + under * v, window)
      }
      if (channels === 1) {
        pixels[to + 1] = pixels[to]!
        pixels[to + 2] = pixels[to]!
      }
    }
  return pixels
}
