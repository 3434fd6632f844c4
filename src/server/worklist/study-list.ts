import type { StudySummary } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'

/** A PACS that answers within this is waited for, ms. */
const patience = 150

/**
 * The archive's studies as last known, asked for anew each time. A PACS that is slow or down keeps nobody waiting for the
 * worklist: what it says is there with the next look.
 */
export function createStudyList(archive: Pick<Archive, 'studies'>): {
  /** The same array while nothing has changed. @throws VigilError `archive-unavailable` where it never answered. */
  current(): Promise<readonly StudySummary[]>
} {
  let known: readonly StudySummary[] | null = null
  let asking: Promise<readonly StudySummary[]> | null = null

  function ask(): Promise<readonly StudySummary[]> {
    asking ??= archive
      .studies()
      .then((studies) => {
        known = studies
        return studies
      })
      .finally(() => {
        asking = null
      })
    return asking
  }

  return {
    async current() {
      const answer = ask()
      if (known === null) return answer
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience)
      })
      await Promise.race([answer.catch(() => undefined), tooLong])
      clearTimeout(timer)
      return known
    },
  }
}
