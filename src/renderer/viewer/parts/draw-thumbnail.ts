import type { StageImage } from '../stage/cornerstone-image.ts'

const edge = 96

const first = (value: number | number[]): number => (Array.isArray(value) ? (value[0] ?? 0) : value)

/** Draws the image at its default window, nearest pixel, at most 96 pixels a side, with square pixels. */
export function drawThumbnail(canvas: HTMLCanvasElement, image: StageImage): void {
  const tall = image.rows * image.rowPixelSpacing
  const wide = image.columns * image.columnPixelSpacing
  const scale = edge / Math.max(tall, wide)
  const width = Math.max(1, Math.round(wide * scale))
  const height = Math.max(1, Math.round(tall * scale))
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  const out = context.createImageData(width, height)
  const values = image.getPixelData()
  const centre = first(image.windowCenter)
  const low = centre - first(image.windowWidth) / 2
  const gain = 255 / first(image.windowWidth)
  const components = image.numberOfComponents
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = Math.floor(((x + 0.5) * image.columns) / width)
      const row = Math.floor(((y + 0.5) * image.rows) / height)
      const from = (row * image.columns + column) * components
      const to = (y * width + x) * 4
      for (let c = 0; c < 3; c++) {
        const value = values[from + (components === 1 ? 0 : c)]!
        const level = components === 1 ? (value - low) * gain : value
        out.data[to + c] = image.invert ? 255 - level : level
      }
      out.data[to + 3] = 255
    }
  context.putImageData(out, 0, 0)
}
