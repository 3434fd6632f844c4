import type { StudySummary } from '../../shared/study/index.ts'
import { createRecentCache } from './cache.ts'
import type { Archive, Frame } from './index.ts'
import { createSharedLoads } from './shared-load.ts'

/** What one gateway process keeps of frames, in bytes: about 1,000 CT slices of 512 × 512. */
export const defaultFrameCacheBytes = 512 << 20

/** Beside the bytes: key, map entry and Buffer object. */
const entryBytes = 512

/**
 * The archive with the frames last asked for kept in memory, the least recently used forgotten first beyond `maxBytes`. Requests
 * for one frame at a time are one request to the archive. A failure is not kept. When the archive says that something changed,
 * the frames of each study whose summary is another than before are forgotten, so that a deleted or corrected study does not
 * live on here; the others stay, since in a hospital something changes every minute.
 */
export function createFrameCache(archive: Archive, { maxBytes }: { maxBytes: number }): Archive {
  const kept = createRecentCache<Frame>(maxBytes, ({ bytes }) => bytes.length + entryBytes)
  const loads = createSharedLoads<Frame>((key, frame) => kept.set(key, owned(frame)))
  let known = new Map<string, string>()

  const forget = (matches: (key: string) => boolean) => {
    kept.drop(matches)
    loads.detach(matches)
  }
  archive.onChange(async () => {
    const now = await archive.studies().then(fingerprints, () => new Map<string, string>())
    forget((key) => {
      const study = key.slice(0, key.indexOf('/'))
      const before = known.get(study)
      return before === undefined || before !== now.get(study)
    })
    known = now
  })

  return {
    ...archive,
    async frame(place, signal) {
      signal?.throwIfAborted()
      const key = `${place.study}/${place.series}/${place.instance}/${place.frame}`
      return kept.get(key) ?? loads.load(key, (own) => archive.frame(place, own), signal)
    },
    async close() {
      kept.clear()
      await archive.close()
    },
  }
}

const fingerprints = (studies: StudySummary[]) =>
  new Map(studies.map((study) => [study.studyInstanceUid, JSON.stringify(study)]))

/** A frame cut out of something larger would keep all of that in memory. */
function owned(frame: Frame): Frame {
  const { bytes } = frame
  return bytes.buffer.byteLength <= bytes.length + 65_536 ? frame : { ...frame, bytes: Buffer.from(bytes) }
}
