import type { PresentedImage } from '../../../shared/api/measurements.ts'
import type { Measurement } from '../../../shared/measurement/index.ts'
import { isInverted } from '../dicom/pixel-description.ts'
import type { ViewerSession } from '../session.ts'
import type { ImageView, Presentation } from '../stage/image-view.ts'
import { measuredRecord } from './measure-scope.tsx'

/** The images that measurements are on, as they are looked at: those of the series in the pane as there, others as they come. */
export function presentedImages(
  session: ViewerSession,
  list: readonly Measurement[],
  view: ImageView | null,
): PresentedImage[] {
  const shown = view?.kind === 'stack' ? view.record() : null
  const state = view?.state()
  const look = view?.presentation()
  const images = new Map<string, PresentedImage>()
  for (const one of list) {
    const record = measuredRecord(session, one)
    if (!record) continue
    const { series, instance, frame } = one
    const sopClassUid = String(
      (record.attributes['00080016'] as { Value?: unknown[] } | undefined)?.Value?.[0] ?? '',
    )
    const here = shown?.series === series && state && look
    images.set(`${instance}/${frame}`, {
      series,
      instance,
      sopClassUid,
      frame,
      window: here ? state.window : null,
      inverted: here ? state.inverted : isInverted(record.attributes),
      // Upside down is left to right, turned by half a turn.
      rotation: here ? turned(look) : 0,
      flipped: here ? look.flipHorizontal !== look.flipVertical : false,
    })
  }
  return [...images.values()]
}

/** A view flips first and turns then, a presentation state the other way round (PS3.3 C.10.6): flipped, it turns back. */
function turned({ rotation, flipHorizontal, flipVertical }: Presentation): number {
  const own = rotation + (flipVertical ? 180 : 0)
  return ((((flipHorizontal !== flipVertical ? -own : own) % 360) + 360) % 360) | 0
}
