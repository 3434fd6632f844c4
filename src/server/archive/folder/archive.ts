import { access, realpath } from 'node:fs/promises'
import type { Logger } from 'pino'
import { VigilError } from '../../../shared/errors/index.ts'
import type { DicomJson } from '../../../shared/study/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createRecentCache } from '../cache.ts'
import { limitTo } from '../concurrency.ts'
import type { Archive, Frame } from '../index.ts'
import { toDicomJson } from '../object/json.ts'
import { readObject } from '../object/part10.ts'
import { Unreadable } from '../object/unreadable.ts'
import { type CatalogueFile, createCatalogue } from './catalogue.ts'
import { createFrameReader } from './frame-reader.ts'
import { type IndexTimes, keepIndex } from './index-keeper.ts'
import { type ObjectProtection, ownObjects } from './own-objects.ts'
import { codeOf } from './scan.ts'
import { storeInFolder } from './store.ts'

const defaultTimes: IndexTimes = { quietMs: 300, settleMs: 2000, rescanMs: 60_000 }

/**
 * The archive over a folder of DICOM files, of any names and nesting. What is there is never
 * touched; what is stored goes to a subfolder of its own, encrypted.
 * @throws VigilError `archive-unavailable` when the folder cannot be listed
 */
export async function openFolderArchive(
  path: string,
  {
    clock,
    log,
    protection,
    times = {},
  }: { clock: Clock; log: Logger; protection: ObjectProtection; times?: Partial<IndexTimes> },
): Promise<Archive> {
  const listeners = new Set<() => void>()
  const catalogue = createCatalogue()
  const root = await realpath(path).catch(unavailable)
  const own = ownObjects(root, protection)
  const keeper = await keepIndex(root, catalogue, {
    times: { ...defaultTimes, ...times },
    clock,
    log,
    open: own.withFile,
    changed: () => {
      for (const listener of listeners) listener()
    },
  }).catch(unavailable)
  const readFrame = createFrameReader(own.withFile)
  const limit = limitTo(16)
  const metadataOf = createRecentCache<{ key: string; json: DicomJson[] }>(4000, ({ json }) => json.length)

  /** What a failure to read a catalogued file is to the caller. */
  const failure = async (error: unknown): Promise<VigilError> => {
    if (error instanceof Unreadable) return new VigilError('instance-broken', { reason: error.reason })
    const rootGone = await access(root).then(
      () => false,
      () => true,
    )
    if (rootGone) return new VigilError('archive-unavailable', {}, { cause: error })
    return new VigilError(
      codeOf(error) === 'ENOENT' ? 'study-not-found' : 'instance-broken',
      {},
      { cause: error },
    )
  }

  const metadataOfFile = (file: CatalogueFile) =>
    limit(() => own.withFile(file.path, async (source) => toDicomJson(await readObject(source))))

  return {
    async studies() {
      return catalogue.studies()
    },

    async study(studyInstanceUid) {
      const study = catalogue.study(studyInstanceUid)
      if (!study) throw new VigilError('study-not-found')
      return study
    },

    async metadata(studyInstanceUid, seriesInstanceUid) {
      const series = catalogue
        .study(studyInstanceUid)
        ?.series.find((one) => one.seriesInstanceUid === seriesInstanceUid)
      if (!series) throw new VigilError('study-not-found')
      const files = series.instances
        .map(({ sopInstanceUid: instance }) =>
          catalogue.locate({ study: studyInstanceUid, series: seriesInstanceUid, instance }),
        )
        .filter((file) => file !== null)
      const key = files.map((file) => `${file.path}\0${file.size}\0${file.mtimeMs}`).join('\0')
      const known = metadataOf.get(seriesInstanceUid)
      if (known?.key === key) return known.json
      const read = await Promise.allSettled(files.map(metadataOfFile))
      // A file that broke since it was catalogued must not cost the series; it will be listed as broken.
      const json = read.filter((one) => one.status === 'fulfilled').map((one) => one.value)
      if (json.length === 0) throw await failure(read.find((one) => one.status === 'rejected')?.reason)
      if (json.length === files.length) metadataOf.set(seriesInstanceUid, { key, json })
      return json
    },

    async frame(place, signal): Promise<Frame> {
      signal?.throwIfAborted()
      const file = catalogue.locate(place)
      const frames = typeof file?.content === 'object' ? file.content.instance.frames : 0
      if (!file || place.frame < 1 || place.frame > frames) throw new VigilError('study-not-found')
      try {
        return await limit(() => readFrame(file.path, place.frame - 1, signal), signal)
      } catch (error) {
        signal?.throwIfAborted()
        throw await failure(error)
      }
    },

    store: (study, files) => storeInFolder(own, study, files),
    broken: () => catalogue.broken(),
    onChange(listener) {
      listeners.add(listener)
    },
    close: () => keeper.close(),
  }
}

function unavailable(cause: unknown): never {
  throw new VigilError('archive-unavailable', {}, { cause })
}
