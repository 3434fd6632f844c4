import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { CachedArchive } from './frame-cache.ts'
import type { Archive } from './index.ts'
import { createLikelyNext } from './likely-next.ts'
import type { OpenStudies } from './open-studies.ts'
import { type FramePlace, framesAhead } from './prefetch-plan.ts'

/** Series of a study whose metadata are got ahead: what a viewer shows at first, not all of a cardiac study's hundred. */
const aheadSeries = 4
/** Of the eight connections to the PACS: what is asked for always finds one. */
const lanes = 4
/** Exams of the same patient that are got ready beside the one that was opened. */
const priorStudies = 2
/** Frames of a prior: a series or two to compare with; the rest comes when it is opened. */
const priorFrames = 600
/** Behind every study that is open. */
const behind = 100
/** Of an exam that may be opened next: what is on screen at first, and some to scroll to while the rest comes. */
const likelyFrames = 12
const lastOfAll = 2 * behind

/** The other studies of the patient of a study, the likeliest comparison first. */
export type PriorsOf = (study: string) => Promise<string[]>

interface Job {
  study: string
  /** Lower comes first; null calls it off. */
  rank(): number | null
  frames: FramePlace[]
  next: number
  over(): void
}

/**
 * The archive that, when a session opens a study, has metadata and frames on their way before they are asked for, in the order
 * that the eye will want them, and after it the likeliest priors. What is asked for goes first: frames are got ahead over half
 * of the connections, and over fewer while others wait. It ends when nobody has the study open, when memory is full of what is
 * open, and when the PACS fails. A failure is the asker's to see, who causes the same request again. Where there is nothing to do for
 * what is open, exams that are likely to be opened next get their first frames.
 */
export function createPrefetch(
  archive: CachedArchive,
  deps: { open: OpenStudies; clock: Clock; priorsOf?: PriorsOf | undefined },
): Archive {
  const { open, clock, priorsOf } = deps
  const jobs = new Map<string, Job>()
  const end = new AbortController()
  let running = 0
  let asked = 0

  const pressing = (): Job | undefined => {
    let best: { job: Job; rank: number } | undefined
    for (const job of [...jobs.values()]) {
      const rank = job.rank()
      if (rank === null) jobs.delete(job.study)
      else if (!best || rank < best.rank) best = { job, rank }
    }
    if (!best) return undefined
    // Those of one rank take turns.
    jobs.delete(best.job.study)
    jobs.set(best.job.study, best.job)
    return best.job
  }

  const pump = () => {
    while (!end.signal.aborted && running < Math.max(1, lanes - asked)) {
      const job = pressing()
      if (!job) return likely.turn()
      const place = job.frames[job.next]
      job.next += 1
      if (!place) {
        jobs.delete(job.study)
        job.over()
      } else if (!archive.holds(place)) {
        running += 1
        void fetchOne(job, place).finally(() => {
          running -= 1
          pump()
        })
      }
    }
  }

  const fetchOne = async (job: Job, place: FramePlace) => {
    try {
      if (!(await archive.fetchAhead(place, end.signal))) jobs.delete(job.study)
    } catch (error) {
      // One frame may be broken; a PACS that does not answer is not pressed.
      if (!(error instanceof VigilError) || error.code === 'archive-unavailable') jobs.delete(job.study)
    }
  }

  const metadataAhead = async (study: Awaited<ReturnType<Archive['study']>>, series: number) => {
    const withImages = study.series.filter(({ instances }) => instances.some(({ frames }) => frames > 0))
    for (const { seriesInstanceUid } of withImages.slice(0, series)) {
      await archive.metadata(study.studyInstanceUid, seriesInstanceUid)
    }
  }

  const priorsAhead = async (uid: string) => {
    const likeliest = (await priorsOf?.(uid)) ?? []
    for (const prior of likeliest.slice(0, priorStudies)) {
      if (!open.isOpen(uid) || end.signal.aborted) return
      if (jobs.has(prior)) continue
      const study = await archive.study(prior)
      await metadataAhead(study, 1)
      const frames = framesAhead(study).slice(0, priorFrames)
      const rank = () => open.rank(prior) ?? (open.isOpen(uid) ? behind : null)
      jobs.set(prior, { study: prior, rank, frames, next: 0, over: () => undefined })
      pump()
    }
  }

  const begin = (study: Awaited<ReturnType<Archive['study']>>) => {
    const uid = study.studyInstanceUid
    const over = () => void priorsAhead(uid).catch(() => undefined)
    jobs.set(uid, { study: uid, rank: () => open.rank(uid), frames: framesAhead(study), next: 0, over })
    metadataAhead(study, aheadSeries).catch(() => undefined)
    pump()
  }

  const likely = createLikelyNext({
    clock,
    isIdle: () => asked === 0 && running === 0 && !end.signal.aborted,
    async getReady(uid) {
      const study = await archive.study(uid)
      await metadataAhead(study, aheadSeries)
      // Opened meanwhile, all of it is on its way.
      if (open.isOpen(uid) || jobs.has(uid)) return study
      const frames = framesAhead(study).slice(0, likelyFrames)
      jobs.set(uid, { study: uid, rank: () => lastOfAll, frames, next: 0, over: () => undefined })
      return study
    },
    done: pump,
  })

  return {
    ...archive,
    likelyNext(studies) {
      likely.expect(studies)
      pump()
    },
    async study(uid, reader) {
      const study = await archive.study(uid)
      if (reader !== undefined) {
        open.open(reader, uid)
        begin(study)
      }
      return study
    },
    async metadata(study, series) {
      open.touch(study)
      return archive.metadata(study, series)
    },
    async frame(place, signal, arriving) {
      open.touch(place.study)
      asked += 1
      try {
        return await archive.frame(place, signal, arriving)
      } finally {
        asked -= 1
        pump()
      }
    },
    async close() {
      end.abort()
      jobs.clear()
      await archive.close()
    },
  }
}
