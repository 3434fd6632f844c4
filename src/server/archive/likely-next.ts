import { VigilError } from '../../shared/errors/index.ts'
import type { Study } from '../../shared/study/index.ts'
import type { Clock } from '../../shared/time/clock.ts'

/** An exam that may be opened next; another number of images makes it another one to get ready. */
export interface LikelyStudy {
  study: string
  instances: number
}

/** Exams that wait to be got ready, of all who look at lists. */
const mostWaiting = 24
/** Of one list: its upper end, to so many exams and so many instances together (attributes are kept of twice as many). */
const mostOfOneList = 12
const mostInstances = 3000
/** A study's attributes are believed for five minutes. */
const againAfterMs = 4 * 60_000
/** What was got ready is remembered for so many exams. */
const mostRemembered = 500

export interface LikelyNext {
  expect(studies: readonly LikelyStudy[]): void
  /** Begins with the next exam that waits, where none is under way. */
  turn(): void
}

/**
 * Exams that will probably be opened are got ready one after another, each when there is nothing else to do: a workstation that reads
 * a study from the PACS only when it is clicked shows its first image so much later.
 */
export function createLikelyNext(deps: {
  clock: Clock
  isIdle(): boolean
  /** Reads a study and begins with its first frames. */
  getReady(study: string): Promise<Study>
  /** Called when one has been got ready. */
  done(): void
}): LikelyNext {
  const { clock, isIdle, getReady, done } = deps
  const readyAt = new Map<string, number>()
  let waiting: LikelyStudy[] = []
  let busy = false

  const key = ({ study, instances }: LikelyStudy) => `${study}/${instances}`
  const isReady = (one: LikelyStudy) => {
    const age = clock() - (readyAt.get(key(one)) ?? Number.NEGATIVE_INFINITY)
    return age >= 0 && age < againAfterMs
  }
  const remember = (one: LikelyStudy) => {
    readyAt.delete(key(one))
    readyAt.set(key(one), clock())
    for (const oldest of readyAt.keys()) {
      if (readyAt.size <= mostRemembered) break
      readyAt.delete(oldest)
    }
  }

  const begin = async (one: LikelyStudy) => {
    try {
      await getReady(one.study)
    } catch (error) {
      // One study may be gone; a PACS that does not answer is not pressed.
      if (!(error instanceof VigilError) || error.code === 'archive-unavailable') waiting = []
    }
  }

  return {
    expect(studies) {
      const top = upperEnd(studies)
      const named = new Set(top.map(({ study }) => study))
      waiting = [...top, ...waiting.filter(({ study }) => !named.has(study))]
        .filter((one) => !isReady(one))
        .slice(0, mostWaiting)
    },
    turn() {
      if (busy || !isIdle()) return
      const next = waiting.shift()
      if (!next) return
      busy = true
      // Also where it fails: it is not tried again with each look at the list.
      remember(next)
      void begin(next).finally(() => {
        busy = false
        done()
      })
    },
  }
}

function upperEnd(studies: readonly LikelyStudy[]): LikelyStudy[] {
  let instances = 0
  const top: LikelyStudy[] = []
  for (const one of studies) {
    instances += one.instances
    if (top.length >= mostOfOneList || instances > mostInstances) break
    top.push(one)
  }
  return top
}
