import { dirname } from 'node:path'
import type { Archive } from '../../src/server/archive/index.ts'
import { VigilError } from '../../src/shared/errors/index.ts'
import type { DicomJson, Study } from '../../src/shared/study/index.ts'
import { openFolder } from './shared-data.ts'

interface Filed {
  archive: Archive
  study: Study
  series: string
  metadata: DicomJson[]
}

export interface OneStudy {
  study: string
  archive: Archive
  /** Files the only file of each folder as a series of its own; those filed before are closed. `refusal` where none can be filed. */
  open(paths: readonly string[]): Promise<{ series: string | null; refusal: string }[]>
  attributes(series: string): DicomJson
  /** A frame (from 1) as it is stored. */
  frame(series: string, frame: number): Promise<{ bytes: Uint8Array; transferSyntaxUid: string }>
  close(): Promise<void>
}

const uid = '2.25.9'

/**
 * Files of any patient and study, each read by a folder archive of its own, as the series of one study: so that a window session can open
 * many files that share UIDs. Only UIDs are exchanged on the way.
 */
export function createOneStudy(): OneStudy {
  let filed: Filed[] = []
  const at = (series: string): Filed => {
    const found = filed.find((one) => one.series === series)
    if (!found) throw new VigilError('study-not-found')
    return found
  }
  const study = (): Study => ({
    ...filed[0]!.study,
    studyInstanceUid: uid,
    patientId: 'ALL',
    series: filed.map(({ study: own, series }, i) => ({
      ...own.series[0]!,
      seriesInstanceUid: series,
      seriesNumber: i + 1,
      instances: own.series[0]!.instances.map((instance) => ({ ...instance, sopInstanceUid: `${series}.1` })),
    })),
  })
  const frame = (series: string, frame: number, signal?: AbortSignal) => {
    const { archive, study: own } = at(series)
    const [only] = own.series
    return archive.frame(
      {
        study: own.studyInstanceUid,
        series: only!.seriesInstanceUid,
        instance: only!.instances[0]!.sopInstanceUid,
        frame,
      },
      signal,
    )
  }
  const close = async () => {
    await Promise.all(filed.map(({ archive }) => archive.close()))
    filed = []
  }
  return {
    study: uid,
    close,
    async open(paths) {
      await close()
      const opened = await Promise.all(
        paths.map(async (path, i) => {
          const archive = await openFolder(dirname(path))
          const [summary] = await archive.studies()
          if (!summary) {
            const [broken] = archive.broken()
            await archive.close()
            return { refusal: broken ? broken.reason : 'silently', filed: null }
          }
          const own = await archive.study(summary.studyInstanceUid)
          const metadata = await archive.metadata(own.studyInstanceUid, own.series[0]!.seriesInstanceUid)
          return { refusal: '', filed: { archive, study: own, series: `${uid}.${1000 + i}`, metadata } }
        }),
      )
      filed = opened.flatMap((one) => (one.filed ? [one.filed] : []))
      return opened.map((one) => ({ series: one.filed?.series ?? null, refusal: one.refusal }))
    },
    attributes: (series) => at(series).metadata[0]!,
    frame: (series, number) => frame(series, number),
    archive: {
      studies: async () => [study()],
      study: async () => study(),
      metadata: async (_, series) =>
        at(series).metadata.map((json) => ({
          ...json,
          '00080018': { vr: 'UI', Value: [`${series}.1`] },
          '0020000D': { vr: 'UI', Value: [uid] },
          '0020000E': { vr: 'UI', Value: [series] },
        })),
      frame: (place, signal) => frame(place.series, place.frame, signal),
      store: async () => {},
      broken: () => [],
      onChange: () => {},
      close,
    },
  }
}
