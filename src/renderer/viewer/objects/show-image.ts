import { createContext, use } from 'react'
import { imageIdOf } from '../load/image-record.ts'
import type { ViewerSession } from '../session.ts'

/** Puts an image before the reader: a display set, and which of its images (from 0). */
export type ShowImage = (setId: string, index: number) => void

export const ShowImageContext = createContext<ShowImage>(() => {})
export const useShowImage = () => use(ShowImageContext)

/**
 * Where an instance's frame (from 1) is among the display sets; null where the studies that are open do not have it. Frames of a
 * series whose attributes have not come count as they are stored.
 */
export function findImage(
  session: Pick<ViewerSession, 'sets'> & Partial<Pick<ViewerSession, 'opened'>>,
  instance: string,
  frame: number,
): { setId: string; index: number; series: string } | null {
  for (const set of session.sets) {
    if (set.kind !== 'images') continue
    const opened = session.opened?.(set.id)
    const known =
      opened && 'imageIds' in opened
        ? opened.imageIds.indexOf(imageIdOf(set.series.seriesInstanceUid, instance, Math.max(1, frame)))
        : -1
    if (known >= 0) return { setId: set.id, index: known, series: set.series.seriesInstanceUid }
    let index = 0
    for (const one of set.instances) {
      if (one.sopInstanceUid === instance)
        return {
          setId: set.id,
          index: index + Math.max(0, Math.min(frame, one.frames) - 1),
          series: set.series.seriesInstanceUid,
        }
      index += one.frames
    }
  }
  return null
}
