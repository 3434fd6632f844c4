import type { Affine } from '../measure/affine.ts'
import type { ShownImage } from '../measure/view-map.ts'
import { renderImage } from './render-image.ts'

/** The image of a pane as its window, inversion and presentation show it, drawn anew at another size. */
export function drawShown(
  { view, image }: ShownImage,
  toOut: Affine,
  out: { width: number; height: number },
): ImageData {
  const { voiRange, invert, VOILUTFunction } = view.viewport.getProperties()
  const values = image.getPixelData()
  const window = {
    lower: voiRange?.lower ?? image.vigil.range.min,
    upper: voiRange?.upper ?? image.vigil.range.max,
    sigmoid: String(VOILUTFunction ?? '').includes('SIGMOID'),
    inverted: invert ?? false,
  }
  const shown = { columns: image.columns, rows: image.rows, values, components: image.numberOfComponents }
  return new ImageData(renderImage(shown, window, toOut, out), out.width, out.height)
}
