import type { DicomJson, Study } from '../../shared/study/index.ts'
import { text } from './dicom/attributes.ts'
import { frameOrder } from './dicom/functional-groups.ts'
import { type DisplaySet, displaySetsOf } from './display/display-sets.ts'
import { createFramesAhead } from './load/frame-request.ts'
import { type ImageRecord, imageIdOf, recordOf } from './load/image-record.ts'
import { createImageStore, type ImageStore } from './load/image-store.ts'
import { prefetchPlan, type ShownStack } from './load/prefetch-plan.ts'
import { ImageProblem, problemOf } from './problem.ts'
import type { StageImage } from './stage/cornerstone-image.ts'
import type { Engine } from './stage/engine.ts'

/** Where images come from. `frame` counts from 1; the URL answers like `framePath` in src/shared/ipc. */
export interface ImageSource {
  /** Another study of the patient, to compare with. */
  study(study: string): Promise<Study>
  metadata(study: string, series: string): Promise<DicomJson[]>
  frameUrl(study: string, series: string, instance: string, frame: number): string
}

/** What the viewer tells its host; for the host's own log and notices, the viewer shows it by itself. */
export interface ViewerFailure {
  code: ImageProblem['code']
  seriesInstanceUid: string
  sopInstanceUid?: string
}

/** A display set's images in order, once its series' metadata is there. */
export interface OpenSet {
  set: DisplaySet
  imageIds: string[]
}

/** One exam being viewed, with those that it is compared with: their display sets, images and prefetching. */
export interface ViewerSession {
  engine: Engine
  /** The exam itself. */
  study: Study
  /** The exam first, then what was opened beside it. */
  readonly studies: readonly Study[]
  /** Of all studies, in their order. A new array when a study comes. */
  readonly sets: readonly DisplaySet[]
  /** Opens another study beside the exam; the same promise for the same study. Rejects with ImageProblem. */
  compare(study: string): Promise<Study>
  /** Why a study could not be opened beside. */
  compareProblem(study: string): ImageProblem | undefined
  /** The study of an image or display set. @throws where it is not of this session */
  studyOf(owner: { study: string }): Study
  images: ImageStore<StageImage>
  /** Loads the series' metadata where needed. Rejects with ImageProblem. */
  open(set: DisplaySet): Promise<OpenSet>
  /** The attributes of a set's instances, as its series' metadata has them. Rejects with ImageProblem. */
  attributes(set: DisplaySet): Promise<DicomJson[]>
  /** The set, where its metadata has come; its failure, where it failed. */
  opened(setId: string): OpenSet | ImageProblem | undefined
  /** What a pane shows now; null when it is gone. Prefetching follows. */
  showing(pane: string, stack: ShownStack | null): void
  /** Calls back when metadata or images came or failed, at most once a frame. */
  onChange(listener: () => void): () => void
  readonly closed: boolean
  close(): void
}

/** The host's error carries the gateway's code where it is one of ours. */
function hostProblem(cause: unknown): ImageProblem {
  const code = (cause as { code?: unknown } | null)?.code
  return new ImageProblem(typeof code === 'string' ? (code as ImageProblem['code']) : 'internal', '', {
    cause,
  })
}

const middleOf = (imageIds: string[]) => imageIds[imageIds.length >> 1]

export function createViewerSession(deps: {
  engine: Engine
  study: Study
  source: ImageSource
  onFailure?: (failure: ViewerFailure) => void
}): ViewerSession {
  const { engine, study, source } = deps
  let studies: readonly Study[] = [study]
  let sets: readonly DisplaySet[] = displaySetsOf(study)
  const compared = new Map<string, Promise<Study>>()
  const compareProblems = new Map<string, ImageProblem>()
  const series = new Map<string, Promise<Map<string, DicomJson>>>()
  const opened = new Map<string, OpenSet | ImageProblem>()
  const shown = new Map<string, ShownStack>()
  const listeners = new Set<() => void>()
  const end = new AbortController()
  const framesAhead = createFramesAhead()
  let frame = 0

  const changed = () => {
    if (frame === 0 && !end.signal.aborted)
      frame = requestAnimationFrame(() => {
        frame = 0
        for (const listener of listeners) listener()
      })
  }

  const images = createImageStore<StageImage>({
    cache: { get: engine.cached, has: engine.isCached, put: engine.keep },
    concurrency: { prefetch: 4, total: 6 },
    async load(imageId, signal) {
      const record = engine.record(imageId)
      if (!record) throw new ImageProblem('cancelled')
      try {
        const url = source.frameUrl(record.study, record.series, record.instance, record.frame)
        return await engine.decode(record, await framesAhead.take(url, signal))
      } catch (thrown) {
        const problem = problemOf(thrown)
        if (problem.code !== 'cancelled')
          deps.onFailure?.({
            code: problem.code,
            seriesInstanceUid: record.series,
            sopInstanceUid: record.instance,
          })
        throw problem
      }
    },
  })
  images.onChange(changed)

  const metadata = (of: string, seriesUid: string): Promise<Map<string, DicomJson>> => {
    const known = series.get(seriesUid)
    if (known) return known
    const loading = source
      .metadata(of, seriesUid)
      .then((all) => new Map(all.map((one) => [text(one, '00080018'), one])))
      .catch((cause: unknown) => {
        series.delete(seriesUid)
        throw hostProblem(cause)
      })
    series.set(seriesUid, loading)
    return loading
  }

  const records = (set: DisplaySet, known: Map<string, DicomJson>): ImageRecord[] =>
    set.instances.flatMap((instance) => {
      const attributes = known.get(instance.sopInstanceUid) ?? {}
      return Array.from({ length: instance.frames }, (_, i) =>
        recordOf(
          {
            study: set.study,
            series: set.series.seriesInstanceUid,
            instance: instance.sopInstanceUid,
            frame: i + 1,
            modality: set.series.modality,
          },
          attributes,
        ),
      )
    })

  const open = async (set: DisplaySet): Promise<OpenSet> => {
    const seriesUid = set.series.seriesInstanceUid
    try {
      // A pane begins with the first image: it comes beside the attributes, not after them.
      const first = set.instances.find(({ frames }) => frames > 0)
      if (first && !opened.has(set.id))
        framesAhead.begin(source.frameUrl(set.study, seriesUid, first.sopInstanceUid, 1))
      const known = await metadata(set.study, seriesUid)
      if (end.signal.aborted) throw new ImageProblem('cancelled')
      const before = opened.get(set.id)
      if (before && !(before instanceof ImageProblem)) return before
      engine.register(records(set, known))
      const imageIds = set.instances.flatMap((instance) =>
        frameOrder(known.get(instance.sopInstanceUid) ?? {}, instance.frames).map((frame) =>
          imageIdOf(seriesUid, instance.sopInstanceUid, frame),
        ),
      )
      const result = { set, imageIds }
      opened.set(set.id, result)
      replan()
      changed()
      return result
    } catch (thrown) {
      const problem = problemOf(thrown)
      if (problem.code !== 'cancelled') {
        opened.set(set.id, problem)
        deps.onFailure?.({ code: problem.code, seriesInstanceUid: seriesUid })
        changed()
      }
      throw problem
    }
  }

  const bytesOf = (set: DisplaySet) => {
    const [first] = set.instances
    return (first?.rows ?? 512) * (first?.columns ?? 512) * 3
  }

  let planned = false
  const replan = () => {
    if (planned) return
    planned = true
    // Several panes change in one go: one plan for all of them.
    queueMicrotask(() => {
      planned = false
      if (end.signal.aborted) return
      const ready = sets.flatMap((set) => {
        const found = opened.get(set.id)
        return found && !(found instanceof ImageProblem) ? [found] : []
      })
      const middles = ready.flatMap(({ imageIds }) => middleOf(imageIds) ?? [])
      const largest = Math.max(1, ...ready.map(({ set }) => bytesOf(set)))
      const limit = Math.max(8, Math.floor((engine.cacheBytes * 0.8) / largest))
      images.prefetch(prefetchPlan([...shown.values()], middles, limit))
    })
  }

  const compare = (uid: string): Promise<Study> => {
    const known = studies.find((one) => one.studyInstanceUid === uid)
    if (known) return Promise.resolve(known)
    const under = compared.get(uid)
    if (under) return under
    const loading = source.study(uid).then(
      (found) => {
        if (end.signal.aborted) throw new ImageProblem('cancelled')
        studies = [...studies, found]
        sets = [...sets, ...displaySetsOf(found)]
        compareProblems.delete(uid)
        changed()
        return found
      },
      (cause: unknown) => {
        compared.delete(uid)
        const problem = hostProblem(cause)
        compareProblems.set(uid, problem)
        changed()
        throw problem
      },
    )
    compared.set(uid, loading)
    return loading
  }

  return {
    engine,
    study,
    get studies() {
      return studies
    },
    get sets() {
      return sets
    },
    compare,
    compareProblem: (uid) => compareProblems.get(uid),
    studyOf(owner) {
      const found = studies.find((one) => one.studyInstanceUid === owner.study)
      if (!found) throw new Error('an image of a study that is not open')
      return found
    },
    images,
    open,
    attributes: async (set) => {
      const known = await metadata(set.study, set.series.seriesInstanceUid)
      return set.instances.flatMap(({ sopInstanceUid }): DicomJson[] => {
        const found = known.get(sopInstanceUid)
        return found ? [found] : []
      })
    },
    opened: (setId) => opened.get(setId),
    showing(pane, stack) {
      if (stack) shown.set(pane, stack)
      else shown.delete(pane)
      replan()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get closed() {
      return end.signal.aborted
    },
    close() {
      end.abort()
      cancelAnimationFrame(frame)
      images.close()
      framesAhead.close()
      for (const found of opened.values())
        if (!(found instanceof ImageProblem)) engine.unregister(found.imageIds)
      for (const listener of [...listeners]) listener()
      listeners.clear()
      series.clear()
      opened.clear()
      shown.clear()
      compared.clear()
    },
  }
}
