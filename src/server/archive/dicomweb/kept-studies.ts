import { VigilError } from '../../../shared/errors/index.ts'
import type { DicomJson, Study } from '../../../shared/study/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createRecentCache } from '../cache.ts'
import type { InstancePlace } from './frames.ts'
import type { ReadStudy, StudyReader } from './study-reader.ts'

/** Studies whose structure is remembered, the latest, to so many instances together: about 15 KB each. */
const mostInstances = 6000
/** Instances of which it is remembered, longer than the rest, in which study and series they are: some 100 bytes each. */
const mostMembers = 200_000
/** How long a study is not asked after again: opening it, its metadata and its report are one look at it. */
const settledMs = 3000
/** A correction that changes no count and no name would never be told in the summary. */
const longestMs = 5 * 60_000

interface Kept {
  read: ReadStudy
  readAt: number
  checkedAt: number
  metadata: Map<string, Promise<DicomJson[]>>
}

/**
 * Studies as they were read, as long as the PACS tells the same of them in one line (its summary: counts, names, dates). So a study
 * seen before costs one short question, not the reading of all its instances.
 */
export function createKeptStudies(reader: StudyReader, clock: Clock) {
  const kept = createRecentCache<Kept>(mostInstances, ({ read }) => 1 + read.study.instanceCount)
  /** Of each study the series of its instances. */
  const members = createRecentCache<ReadonlyMap<string, string>>(mostMembers, ({ size }) => 1 + size)
  const underWay = new Map<string, Promise<Kept>>()

  const holds = ({ study, series, instance }: InstancePlace) => members.get(study)?.get(instance) === series

  const check = async (uid: string): Promise<Kept> => {
    const known = kept.get(uid)
    if (known && clock() - known.readAt < longestMs) {
      const summary = await reader.summary(uid).catch((error: unknown) => {
        kept.drop((key) => key === uid)
        throw error
      })
      if (JSON.stringify(summary) === JSON.stringify(known.read.summary)) {
        known.checkedAt = clock()
        return known
      }
      kept.drop((key) => key === uid)
    }
    const readAt = clock()
    const fresh: Kept = { read: await reader.study(uid), readAt, checkedAt: clock(), metadata: new Map() }
    kept.set(uid, fresh)
    members.set(uid, seriesByInstance(fresh.read.study))
    return fresh
  }

  const current = (uid: string): Promise<Kept> => {
    const known = kept.get(uid)
    const age = known ? clock() - known.checkedAt : Number.POSITIVE_INFINITY
    if (known && age >= 0 && age < settledMs) return Promise.resolve(known)
    const checking = underWay.get(uid) ?? check(uid).finally(() => underWay.delete(uid))
    underWay.set(uid, checking)
    return checking
  }

  return {
    async study(uid: string): Promise<Study> {
      return (await current(uid)).read.study
    },
    async metadata(uid: string, series: string): Promise<DicomJson[]> {
      const { read, metadata } = await current(uid)
      if (!read.study.series.some(({ seriesInstanceUid }) => seriesInstanceUid === series))
        throw new VigilError('study-not-found')
      const known = metadata.get(series)
      if (known) return known
      const loading = reader.metadata(uid, series, read.objects.get(series))
      metadata.set(series, loading)
      loading.then(
        // The settled form takes its place.
        () => read.objects.delete(series),
        () => metadata.delete(series),
      )
      return loading
    },
    /**
     * That the instance is of that very series and study: who may see a study is asked by its UID alone, and a PACS may find an
     * instance by its own, whatever study the path names. From memory, once the study was read. @throws VigilError `study-not-found`
     */
    async mustHold(place: InstancePlace): Promise<void> {
      if (holds(place)) return
      await current(place.study)
      if (!holds(place)) throw new VigilError('study-not-found')
    },
    /** What is known has to be asked after again. */
    doubt() {
      kept.each((one) => {
        one.checkedAt = Number.NEGATIVE_INFINITY
      })
    },
  }
}

const seriesByInstance = ({ series }: Study): ReadonlyMap<string, string> =>
  new Map(
    series.flatMap(({ seriesInstanceUid, instances }) =>
      instances.map(({ sopInstanceUid }) => [sopInstanceUid, seriesInstanceUid] as const),
    ),
  )
