import type { Instance, Series, Study } from '../../../shared/study/index.ts'

/** What is shown and dragged as one: the single-frame images of a series, one multi-frame image, or objects without pixels. */
export interface DisplaySet {
  id: string
  /** Study Instance UID. */
  study: string
  series: Series
  kind: 'images' | 'objects'
  instances: Instance[]
  /** Number of frames in all. */
  count: number
}

/** Projections are looked at one by one: each is a set of its own, so that a layout can put both breasts or both views side by side. */
const projections = new Set(['CR', 'DX', 'MG'])

export function displaySetsOf(study: Study): DisplaySet[] {
  return study.series.flatMap((series) => {
    const set = (id: string, kind: DisplaySet['kind'], instances: Instance[]): DisplaySet[] =>
      instances.length === 0
        ? []
        : [
            {
              id: `${series.seriesInstanceUid}${id}`,
              study: study.studyInstanceUid,
              series,
              kind,
              instances,
              count: instances.reduce((sum, instance) => sum + instance.frames, 0),
            },
          ]
    const single = series.instances.filter((instance) => instance.frames === 1)
    const multi = series.instances.filter((instance) => instance.frames > 1)
    const without = series.instances.filter((instance) => instance.frames === 0)
    const apart = projections.has(series.modality) && single.length > 1
    return [
      ...(apart
        ? single.flatMap((instance) => set(`#${instance.sopInstanceUid}`, 'images', [instance]))
        : set('', 'images', single)),
      ...multi.flatMap((instance) => set(`#${instance.sopInstanceUid}`, 'images', [instance])),
      ...set('#objects', 'objects', without),
    ]
  })
}
