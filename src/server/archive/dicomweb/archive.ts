import type { Logger } from 'pino'
import { VigilError } from '../../../shared/errors/index.ts'
import type { DicomJson, Instance, Series, Study, StudySummary } from '../../../shared/study/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createTimedCache } from '../cache.ts'
import { limitTo } from '../concurrency.ts'
import { allText, count, text } from '../facts/attribute.ts'
import { compareInstances, compareSeries, compareStudies } from '../facts/order.ts'
import {
  instanceFacts,
  instanceFields,
  isUid,
  modalitiesOf,
  seriesFacts,
  seriesFields,
  studyFacts,
  studyFields,
} from '../facts/summary.ts'
import type { Archive } from '../index.ts'
import { withTransferSyntax } from '../object/json.ts'
import { Unreadable } from '../object/unreadable.ts'
import { settleBulk } from './bulk.ts'
import { createFrames, type InstancePlace, instancePath } from './frames.ts'
import { createPacsHttp, HttpStatus } from './http.ts'
import { watchStudies } from './poll.ts'
import { search } from './query.ts'
import { getObjects, getOctets } from './resources.ts'
import { hasNoPixels } from './sop-class.ts'
import { createPacsStore } from './store.ts'
import { createStoredObjects } from './stored-object.ts'

export interface DicomwebOptions {
  url: string
  authorization: string | null
  timeoutMs: number
  /** How often the PACS is asked for what is new. */
  pollMs: number
  clock: Clock
  log: Logger
}

const listMs = 3000
const metadataMs = 60_000
/** Of a series longer than this only the first, middle and last instance are asked what their frames come in. */
const askEachUpTo = 8

/** The archive over a DICOMweb PACS: QIDO-RS for what there is, WADO-RS for metadata and frames (PS3.18). */
export function openDicomwebArchive(options: DicomwebOptions): Archive {
  const { url, authorization, timeoutMs, pollMs, clock, log } = options
  const http = createPacsHttp({ base: new URL(url), authorization, timeoutMs, log })
  const objects = createStoredObjects(http)
  const frames = createFrames(http, objects)
  const store = createPacsStore({ base: new URL(url), authorization, timeoutMs })
  const limit = limitTo(4)
  const lists = createTimedCache<StudySummary[]>(clock, listMs, 1)
  const studies = createTimedCache<Study>(clock, listMs, 200)
  const metadata = createTimedCache<DicomJson[]>(clock, metadataMs, 16)

  const loadStudies = async (): Promise<StudySummary[]> => {
    const found = await search(http, log, '/studies', { key: '0020000D', fields: studyFields })
    return found
      .filter((json) => isUid(text(json, '0020000D')))
      .map(summaryOf)
      .sort(compareStudies)
  }

  const loadStudy = async (uid: string): Promise<Study> => {
    const [found, series, instances] = await Promise.all([
      getObjects(
        http,
        `/studies?StudyInstanceUID=${uid}&${studyFields.map((f) => `includefield=${f}`).join('&')}`,
      ),
      search(http, log, `/studies/${uid}/series`, { key: '0020000E', fields: seriesFields }),
      search(http, log, `/studies/${uid}/instances`, { key: '00080018', fields: instanceFields }),
    ])
    const study = found.objects.find((json) => text(json, '0020000D') === uid)
    if (!study || instances.length === 0) throw new VigilError('study-not-found')
    const bySeries = Map.groupBy(instances, (json) => text(json, '0020000E'))
    const ordered = series
      .filter((json) => isUid(text(json, '0020000E')))
      .map((json) => ({ json, ...seriesFacts(json) }))
    ordered.sort(compareSeries)
    const complete: Series[] = await Promise.all(
      ordered.map(({ json: _, ...facts }) =>
        limit(async () => ({
          ...facts,
          instances: await instancesOf(
            uid,
            facts.seriesInstanceUid,
            bySeries.get(facts.seriesInstanceUid) ?? [],
          ),
        })),
      ),
    )
    const summary = summaryOf(study)
    const modalities = [...new Set(complete.map(({ modality }) => modality).filter(Boolean))].sort()
    return {
      ...summary,
      bodyPart: summary.bodyPart || (ordered.map(({ json }) => text(json, '00180015')).find(Boolean) ?? ''),
      modalities: modalities.length > 0 ? modalities : summary.modalities,
      seriesCount: complete.length,
      instanceCount: complete.reduce((sum, one) => sum + one.instances.length, 0),
      series: complete,
    }
  }

  const instancesOf = async (study: string, series: string, found: DicomJson[]): Promise<Instance[]> => {
    const listed = found.filter((json) => isUid(text(json, '00080018'))).map((json) => instanceFacts(json))
    // Rows and Columns are optional in QIDO-RS answers (PS3.18 table 10.6.3-5); without them an image would seem to have none.
    const isThin = listed.some((one) => one.rows === null && !hasNoPixels(one.sopClassUid))
    const instances = isThin ? (await loadObjects(study, series)).map((json) => instanceFacts(json)) : listed
    instances.sort(compareInstances)
    const syntaxes = await transferSyntaxes(study, series, instances)
    return instances.map((one) => ({
      ...one,
      transferSyntaxUid: one.transferSyntaxUid ?? syntaxes.get(one.sopInstanceUid) ?? null,
    }))
  }

  /**
   * What the frames come in, where the PACS's answers do not say (Orthanc's do not). Series are of one syntax in practice;
   * a long one is taken for that when three of it are. What decides in the end is what each frame itself comes with.
   */
  const transferSyntaxes = async (study: string, series: string, instances: Instance[]) => {
    const unknown = instances.filter((one) => one.transferSyntaxUid === null && one.frames > 0)
    const ask = async (asked: Instance[]) =>
      Promise.all(
        asked.map(async ({ sopInstanceUid: instance }) => {
          const uid = await frames.transferSyntax({ study, series, instance })
          return [instance, uid] as const
        }),
      )
    const picked = [unknown[0], unknown[unknown.length >> 1], unknown.at(-1)].filter(
      (one) => one !== undefined,
    )
    if (unknown.length > askEachUpTo) {
      const sample = await ask(picked)
      const first = sample[0]?.[1]
      if (sample.every(([, uid]) => uid === first)) {
        return new Map(unknown.map(({ sopInstanceUid }) => [sopInstanceUid, first]))
      }
    }
    return new Map(await ask(unknown))
  }

  const loadObjects = async (study: string, series: string): Promise<DicomJson[]> =>
    (await getObjects(http, `/studies/${study}/series/${series}/metadata`)).objects

  const loadMetadata = async (study: string, series: string): Promise<DicomJson[]> => {
    const objects = await loadObjects(study, series)
    if (objects.length === 0) throw new VigilError('study-not-found')
    const known = objects.map((json) => ({ json, facts: instanceFacts(json) }))
    known.sort((a, b) => compareInstances(a.facts, b.facts))
    const syntaxes = await transferSyntaxes(
      study,
      series,
      known.map(({ facts }) => facts),
    )
    return Promise.all(
      known.map(async ({ json, facts }) => {
        const at = { study, series, instance: facts.sopInstanceUid }
        const settled = await limit(() =>
          lacksPalette(json) ? storedMetadata(at, json) : settleBulk(json, fetchBulk),
        )
        const uid = facts.transferSyntaxUid ?? syntaxes.get(facts.sopInstanceUid)
        return uid ? withTransferSyntax(settled, uid) : settled
      }),
    )
  }

  const storedMetadata = (at: InstancePlace, json: DicomJson): Promise<DicomJson> =>
    objects.metadata(instancePath(at)).catch((error) => {
      if (error instanceof HttpStatus || error instanceof Unreadable) return settleBulk(json, fetchBulk)
      throw error
    })

  const fetchBulk = async (path: string): Promise<Buffer | null> => {
    try {
      const accept = 'multipart/related; type="application/octet-stream"'
      return (await getOctets(http, path, accept))?.bytes ?? null
    } catch (error) {
      if (error instanceof HttpStatus) return null
      throw error
    }
  }

  const forget = () => {
    lists.clear()
    studies.clear()
    metadata.clear()
  }
  const watch = watchStudies(loadStudies, { everyMs: pollMs, changed: forget })

  return {
    studies: () => asked(lists.load('', loadStudies)),
    study: (uid) => asked(studies.load(uid, () => loadStudy(uid))),
    metadata: (study, series) =>
      asked(metadata.load(`${study}/${series}`, () => loadMetadata(study, series))),
    frame: (place, signal, arriving) => frames.frame(place, signal, arriving),
    async store(study, files) {
      await store(study, files)
      forget()
    },
    // A PACS lists none: what it could not read it has refused.
    broken: () => [],
    onChange: (listener) => watch.onChange(listener),
    async close() {
      watch.close()
      http.close()
    },
  }
}

/** Orthanc leaves palette descriptors out of what it tells of implicit VR objects; without them no colour is right. */
const lacksPalette = (json: DicomJson) =>
  text(json, '00280004') === 'PALETTE COLOR' && json['00281101'] === undefined

function summaryOf(json: DicomJson): StudySummary {
  const modalities = modalitiesOf(json)
  return {
    ...studyFacts(json),
    modalities: modalities.length > 0 ? modalities : allText(json, '00080060'),
    seriesCount: count(json, '00201206') ?? 0,
    instanceCount: count(json, '00201208') ?? 0,
  }
}

/** An HTTP status where a resource was asked for: not there, or a PACS that does not serve us. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof HttpStatus)) throw error
    const isAbsent = error.status === 404 || error.status === 410
    throw new VigilError(isAbsent ? 'study-not-found' : 'archive-unavailable', {}, { cause: error })
  }
}
