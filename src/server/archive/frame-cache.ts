import type { StudySummary } from '../../shared/study/index.ts'
import type { FrameBytes } from './frame-bytes.ts'
import { createFrameMemory } from './frame-memory.ts'
import type { Archive, ArrivingFrame, Frame } from './index.ts'
import type { FramePlace } from './prefetch-plan.ts'
import { createSharedLoads } from './shared-load.ts'

/** An archive that keeps frames, and can be told to get one before it is asked for. */
export interface CachedArchive extends Archive {
  holds(place: FramePlace): boolean
  /** False where it came and there was no room for it. Who asks for the frame meanwhile waits for the same request. */
  fetchAhead(place: FramePlace, signal: AbortSignal): Promise<boolean>
}

/**
 * The archive with the frames last asked for kept in memory, within `maxBytes`, those of studies that are not open giving way
 * first. Requests for one frame at a time are one request to the archive. A failure is not kept. When the archive says that
 * something changed, the frames of each study whose summary is another than before are forgotten, so that a deleted or corrected
 * study does not live on here; the others stay, since in a hospital something changes every minute.
 */
export function createFrameCache(
  archive: Archive,
  options: { maxBytes: number; memory: FrameBytes; isOpen?: (study: string) => boolean },
): CachedArchive {
  const { maxBytes, memory, isOpen = () => false } = options
  const kept = createFrameMemory(maxBytes, isOpen)
  const loads = createSharedLoads<Frame, ArrivingFrame>((key, frame) => {
    kept.set(studyOf(key), key, inMemory(frame, memory))
  })
  let known = new Map<string, string>()

  archive.onChange(async () => {
    const now = await archive.studies().then(fingerprints, () => new Map<string, string>())
    const isGone = (study: string) => {
      const before = known.get(study)
      return before === undefined || before !== now.get(study)
    }
    kept.drop(isGone)
    loads.detach((key) => isGone(studyOf(key)))
    known = now
  })

  const frame: Archive['frame'] = async (place, signal, arriving) => {
    signal?.throwIfAborted()
    const key = keyOf(place)
    const found = kept.get(place.study, key)
    if (found) return found
    return loads
      .load(key, (own, tell) => archive.frame(place, own, tell), signal, arriving)
      .finally(() => memory.kept(kept.bytes))
  }

  return {
    ...archive,
    frame,
    holds: (place) => kept.has(place.study, keyOf(place)),
    async fetchAhead(place, signal) {
      await frame(place, signal)
      return kept.has(place.study, keyOf(place))
    },
    async close() {
      kept.clear()
      await archive.close()
    },
  }
}

const keyOf = ({ study, series, instance, frame }: FramePlace) => `${study}/${series}/${instance}/${frame}`
const studyOf = (key: string) => key.slice(0, key.indexOf('/'))

const fingerprints = (studies: StudySummary[]) =>
  new Map(studies.map((study) => [study.studyInstanceUid, JSON.stringify(study)]))

/** A frame that was cut out of something larger would keep all of that. */
function inMemory(frame: Frame, memory: FrameBytes): Frame {
  const { bytes } = frame
  if (bytes.buffer instanceof SharedArrayBuffer && bytes.buffer.byteLength === bytes.length) return frame
  const own = memory.take(bytes.length)
  bytes.copy(own)
  return { ...frame, bytes: own }
}
