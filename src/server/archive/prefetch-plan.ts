import type { Study } from '../../shared/study/index.ts'

export interface FramePlace {
  study: string
  series: string
  instance: string
  frame: number
}

/** Series that are fetched side by side: what a hanging shows at first. */
const together = 4

/**
 * All frames of a study in the order that the eye will want them: the first and the middle image of each series; then the series
 * from their first image on, the first four taking turns, the others one after another.
 */
export function framesAhead(study: Study): FramePlace[] {
  const series = study.series
    .map(({ seriesInstanceUid, instances }) =>
      instances.flatMap(({ sopInstanceUid, frames }) =>
        Array.from({ length: frames }, (_, i) => ({
          study: study.studyInstanceUid,
          series: seriesInstanceUid,
          instance: sopInstanceUid,
          frame: i + 1,
        })),
      ),
    )
    .filter((frames) => frames.length > 0)
  const plan = new Set<FramePlace>()
  const add = (place: FramePlace | undefined) => {
    if (place) plan.add(place)
  }
  for (const frames of series) add(frames[0])
  for (const frames of series) add(frames[frames.length >> 1])
  const first = series.slice(0, together)
  const longest = Math.max(0, ...first.map((frames) => frames.length))
  for (let i = 0; i < longest; i += 1) for (const frames of first) add(frames[i])
  for (const frames of series.slice(together)) for (const place of frames) add(place)
  return [...plan]
}
