import { compareInstances, compareSeries } from '../../../src/server/archive/facts/order.ts'
import {
  instanceFacts,
  modalitiesOf,
  seriesFacts,
  studyFacts,
} from '../../../src/server/archive/facts/summary.ts'
import type { DicomJson, Study } from '../../../src/shared/study/index.ts'

/** What the gateway would make of a study's metadata (PS3.18 10.4.1.1.2), made in the page. */
export function studyOf(objects: readonly DicomJson[]): Study {
  const [any] = objects
  if (!any) throw new Error('no instance in the study')
  const bySeries = Map.groupBy(objects, (json) => seriesFacts(json).seriesInstanceUid)
  const series = [...bySeries.values()].map((ofSeries) => ({
    ...seriesFacts(ofSeries[0]!),
    instances: ofSeries.map((json) => instanceFacts(json)).sort(compareInstances),
  }))
  series.sort(compareSeries)
  return {
    ...studyFacts(any),
    modalities: modalitiesOf(any),
    seriesCount: series.length,
    instanceCount: objects.length,
    series,
  }
}
