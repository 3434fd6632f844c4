import type { Logger } from 'pino'
import { VigilError } from '../../../shared/errors/index.ts'
import type { StudySummary } from '../../../shared/study/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createTimedCache } from '../cache.ts'
import type { FrameBytes } from '../frame-bytes.ts'
import type { Archive } from '../index.ts'
import { createFrames } from './frames.ts'
import { createPacsHttp, HttpStatus } from './http.ts'
import { createKeptStudies } from './kept-studies.ts'
import { watchStudies } from './poll.ts'
import { createPacsStore } from './store.ts'
import { createStoredObjects } from './stored-object.ts'
import { createStudyReader } from './study-reader.ts'

export interface DicomwebOptions {
  url: string
  authorization: string | null
  timeoutMs: number
  /** How often the PACS is asked for what is new. */
  pollMs: number
  /** Where frames are read into. */
  memory: FrameBytes
  clock: Clock
  log: Logger
}

const listMs = 3000

/** The archive over a DICOMweb PACS: QIDO-RS for what there is, WADO-RS for metadata and frames (PS3.18). */
export function openDicomwebArchive(options: DicomwebOptions): Archive {
  const { url, authorization, timeoutMs, pollMs, memory, clock, log } = options
  const http = createPacsHttp({ base: new URL(url), authorization, timeoutMs, log })
  const objects = createStoredObjects(http)
  const frames = createFrames(http, objects, memory)
  const store = createPacsStore({ base: new URL(url), authorization, timeoutMs })
  const lists = createTimedCache<StudySummary[]>(clock, listMs, 1)

  const reader = createStudyReader({ http, log, objects, transferSyntax: frames.transferSyntax })
  const kept = createKeptStudies(reader, clock)

  const forget = () => {
    lists.clear()
    kept.doubt()
  }
  const watch = watchStudies(reader.studies, { everyMs: pollMs, changed: forget })

  return {
    studies: () => asked(lists.load('', reader.studies)),
    study: (uid) => asked(kept.study(uid)),
    metadata: (study, series) => asked(kept.metadata(study, series)),
    async frame(place, signal, arriving) {
      await asked(kept.mustHold(place))
      signal?.throwIfAborted()
      return frames.frame(place, signal, arriving)
    },
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
