import type { EdgeLetters } from '../display/orientation.ts'
import { scaled } from '../measure/affine.ts'
import type { LaidOut } from '../measure/layout.ts'
import type { ShownImage } from '../measure/view-map.ts'
import { captureScale, cropOf } from './crop.ts'
import { drawLetters, drawMeasurements } from './draw-measurements.ts'
import { drawShown } from './pane-pixels.ts'

export interface Capture {
  png: Blob
  width: number
  height: number
}

/** The report takes 6,000,000 characters of base64 (src/shared/api/reports.ts). */
const mostBytes = 4_000_000

/**
 * A pane as it is looked at, as a PNG: image, measurements and the letters of the patient's sides; nothing that names anybody. One
 * pixel for each of the image's where that gives at most 1600 a side.
 */
export async function capturePane(
  shown: ShownImage,
  laid: readonly LaidOut[],
  letters: EdgeLetters | null,
): Promise<Capture> {
  const { clientWidth, clientHeight } = shown.view.viewport.element
  const labels = laid.flatMap(({ label }) => (label ? [label.box] : []))
  const crop = cropOf(shown.image, shown.toPane, labels, { width: clientWidth, height: clientHeight })
  const drawn = async (scale: number): Promise<Capture> => {
    const out = { width: Math.round(crop.width * scale), height: Math.round(crop.height * scale) }
    const { canvas, context } = canvasOf(out)
    context.putImageData(drawShown(shown, scaled(shown.toPane, scale, [crop.x, crop.y]), out), 0, 0)
    context.setTransform(scale, 0, 0, scale, -crop.x * scale, -crop.y * scale)
    drawMeasurements(context, laid)
    if (letters) drawLetters(context, letters, crop)
    return { png: await pngOf(canvas), ...out }
  }
  let scale = captureScale(crop, shown.toPane, window.devicePixelRatio)
  let capture = await drawn(scale)
  // Noise hardly compresses: what the report would not take is drawn smaller.
  while (capture.png.size > mostBytes) {
    scale *= 0.8
    capture = await drawn(scale)
  }
  return capture
}

/** What a pane without an image of its own shows (a plane through a volume): the screen's own pixels. */
export async function captureCanvas(
  source: HTMLCanvasElement,
  letters: EdgeLetters | null,
): Promise<Capture> {
  const factor = Math.min(1, 1600 / Math.max(source.width, source.height))
  const out = { width: Math.round(source.width * factor), height: Math.round(source.height * factor) }
  const { canvas, context } = canvasOf(out)
  context.drawImage(source, 0, 0, out.width, out.height)
  const ratio = window.devicePixelRatio * factor
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  if (letters)
    drawLetters(context, letters, { x: 0, y: 0, width: out.width / ratio, height: out.height / ratio })
  return { png: await pngOf(canvas), ...out }
}

function canvasOf(size: { width: number; height: number }) {
  const canvas = document.createElement('canvas')
  canvas.width = size.width
  canvas.height = size.height
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new Error('no 2D canvas')
  return { canvas, context }
}

async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  // No pixel stays behind.
  canvas.width = 0
  canvas.height = 0
  if (!blob) throw new Error('no PNG')
  return blob
}
