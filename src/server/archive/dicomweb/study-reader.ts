import type { Logger } from 'pino'
import { VigilError } from '../../../shared/errors/index.ts'
import type { DicomJson, Instance, Series, Study, StudySummary } from '../../../shared/study/index.ts'
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
import { withTransferSyntax } from '../object/json.ts'
import { Unreadable } from '../object/unreadable.ts'
import { settleBulk } from './bulk.ts'
import { type InstancePlace, instancePath } from './frames.ts'
import { HttpStatus, type PacsHttp } from './http.ts'
import { search } from './query.ts'
import { getObjects, getOctets } from './resources.ts'
import { hasNoPixels } from './sop-class.ts'
import type { StoredObjects } from './stored-object.ts'

/** A study, and what was learnt of it on the way. */
export interface ReadStudy {
  /** As the PACS tells it in one line, to hold against what it tells later. */
  summary: StudySummary
  study: Study
  /** The attributes of each instance as the PACS gave them, by series; not of a study too long for that. */
  objects: Map<string, DicomJson[]>
}

/** Of a series longer than this only the first, middle and last instance are asked what their frames come in. */
const askEachUpTo = 8
/**
 * A study up to so many instances is read by its series' metadata, which a viewer wants next anyhow and which a PACS gives as fast as
 * a search for the instances (Orthanc: 75 ms against 100 for 120 slices). A longer one would hold back its first image.
 */
const byMetadataUpTo = 1000

export type StudyReader = ReturnType<typeof createStudyReader>

/** Studies, series and instances as a DICOMweb PACS tells them; nothing is kept. @throws HttpStatus, VigilError */
export function createStudyReader(deps: {
  http: PacsHttp
  log: Logger
  objects: StoredObjects
  /** What an instance's frames come in. */
  transferSyntax(place: InstancePlace): Promise<string | null>
}) {
  const { http, log, objects: stored } = deps
  const limit = limitTo(4)

  const studies = async (): Promise<StudySummary[]> => {
    const found = await search(http, log, '/studies', { key: '0020000D', fields: studyFields })
    return found
      .filter((json) => isUid(text(json, '0020000D')))
      .map(summaryOf)
      .sort(compareStudies)
  }

  /** The study in one line. @throws VigilError `study-not-found` */
  const found = async (uid: string): Promise<DicomJson> => {
    const fields = studyFields.map((field) => `includefield=${field}`).join('&')
    const { objects } = await getObjects(http, `/studies?StudyInstanceUID=${uid}&${fields}`)
    const study = objects.find((json) => text(json, '0020000D') === uid)
    if (!study) throw new VigilError('study-not-found')
    return study
  }

  const seriesOf = async (uid: string): Promise<DicomJson[]> => {
    const all = await search(http, log, `/studies/${uid}/series`, { key: '0020000E', fields: seriesFields })
    return all.filter((json) => isUid(text(json, '0020000E')))
  }

  /** The instances of each series, by its metadata or, of a long study, by one search. */
  const instancesBySeries = async (uid: string, series: string[], isLong: boolean) => {
    if (isLong) {
      const fields = instanceFields
      const all = await search(http, log, `/studies/${uid}/instances`, { key: '00080018', fields })
      const bySeries = Map.groupBy(all, (json) => text(json, '0020000E'))
      return { bySeries, objects: new Map<string, DicomJson[]>() }
    }
    const objects = new Map<string, DicomJson[]>()
    const bySeries = new Map<string, DicomJson[]>()
    const read = async (one: string) => {
      try {
        const found = await loadObjects(uid, one)
        objects.set(one, found)
        bySeries.set(one, found)
      } catch (error) {
        // One series that the PACS cannot read does not take the others with it; it may still list its instances.
        if (!(error instanceof HttpStatus)) throw error
        const path = `/studies/${uid}/series/${one}/instances`
        bySeries.set(one, await search(http, log, path, { key: '00080018', fields: instanceFields }))
      }
    }
    await Promise.all(series.map((one) => limit(() => read(one))))
    return { bySeries, objects }
  }

  const study = async (uid: string): Promise<ReadStudy> => {
    const [json, series] = await Promise.all([found(uid), seriesOf(uid)])
    const summary = summaryOf(json)
    const ordered = series.map((one) => ({ json: one, ...seriesFacts(one) })).sort(compareSeries)
    const { bySeries, objects } = await instancesBySeries(
      uid,
      ordered.map(({ seriesInstanceUid }) => seriesInstanceUid),
      // A PACS that counts nothing is not believed to be short.
      summary.instanceCount > byMetadataUpTo || summary.instanceCount === 0,
    )
    const complete: Series[] = await Promise.all(
      ordered.map(async ({ json: _, ...facts }) => ({
        ...facts,
        instances: await instancesOf(
          uid,
          facts.seriesInstanceUid,
          bySeries.get(facts.seriesInstanceUid) ?? [],
        ),
      })),
    )
    const instanceCount = complete.reduce((sum, one) => sum + one.instances.length, 0)
    if (instanceCount === 0) throw new VigilError('study-not-found')
    const modalities = [...new Set(complete.map(({ modality }) => modality).filter(Boolean))].sort()
    return {
      summary,
      objects,
      study: {
        ...summary,
        bodyPart: summary.bodyPart || (ordered.map(({ json }) => text(json, '00180015')).find(Boolean) ?? ''),
        modalities: modalities.length > 0 ? modalities : summary.modalities,
        seriesCount: complete.length,
        instanceCount,
        series: complete,
      },
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
          const uid = await deps.transferSyntax({ study, series, instance })
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

  /** `read`: the attributes as they came, where the study was read by them. */
  const metadata = async (study: string, series: string, read?: DicomJson[]): Promise<DicomJson[]> => {
    const objects = read ?? (await loadObjects(study, series))
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
    stored.metadata(instancePath(at)).catch((error) => {
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

  return {
    studies,
    summary: async (uid: string) => summaryOf(await found(uid)),
    study,
    metadata,
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
