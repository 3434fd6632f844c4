import type { StudySummary } from '../../../shared/study/index.ts'

export interface StudyWatch {
  onChange(listener: () => void): void
  close(): void
}

/**
 * Asks for the studies every `everyMs` once somebody listens, since DICOMweb tells nobody of its own accord that something
 * came. `changed` runs before the listeners. A PACS that does not answer is asked again the next time.
 */
export function watchStudies(
  load: () => Promise<StudySummary[]>,
  { everyMs, changed }: { everyMs: number; changed: () => void },
): StudyWatch {
  const listeners = new Set<() => void>()
  let seen: string | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const look = async () => {
    try {
      const now = fingerprint(await load())
      const isNews = seen !== null && seen !== now
      seen = now
      if (!isNews || closed) return
      changed()
      for (const listener of listeners) listener()
    } catch {
      // Whoever asks for a study meanwhile is told that the PACS does not answer; here there is nobody to tell.
    }
  }
  const schedule = (ms: number) => {
    timer = setTimeout(async () => {
      await look()
      if (!closed) schedule(everyMs)
    }, ms)
    timer.unref()
  }

  return {
    onChange(listener) {
      listeners.add(listener)
      if (!timer && !closed) schedule(0)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** Summaries are compared whole: a corrected name is a change, too. */
const fingerprint = (studies: StudySummary[]) => JSON.stringify(studies)
