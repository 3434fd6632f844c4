import type { Instance, Series, Study } from '../../../shared/study/index.ts'

/** What is shown and dragged as one: the single-frame images of a series, one multi-frame image, or objects without pixels. */
export interface DisplaySet {
  id: string
  series: Series
  kind: 'images' | 'objects'
  instances: Instance[]
  /** Number of frames in all. */
  count: number
}

export function displaySetsOf(study: Study): DisplaySet[] {
  return study.series.flatMap((series) => {
    const set = (id: string, kind: DisplaySet['kind'], instances: Instance[]): DisplaySet[] =>
      instances.length === 0
        ? []
        : [
            {
              id: `${series.seriesInstanceUid}${id}`,
              series,
              kind,
              instances,
              count: instances.reduce((sum, instance) => sum + instance.frames, 0),
            },
          ]
    const single = series.instances.filter((instance) => instance.frames === 1)
    const multi = series.instances.filter((instance) => instance.frames > 1)
    const without = series.instances.filter((instance) => instance.frames === 0)
    return [
      ...set('', 'images', single),
      ...multi.flatMap((instance) => set(`#${instance.sopInstanceUid}`, 'images', [instance])),
      ...set('#objects', 'objects', without),
    ]
  })
}
