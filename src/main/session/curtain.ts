import type { Log } from '../log.ts'
import type { Shell } from '../shell.ts'

/** What hides the window's content while it changes hands. */
export interface Curtain {
  /** The screen first. A window that does not answer must not hold up the lock. */
  fall(): Promise<void>
  /** The shell lifts it only once the window has drawn what it was told meanwhile. */
  rise(): void
}

const waitMs = 500

export function createCurtain(shell: Pick<Shell, 'blank'>, log: Log): Curtain {
  return {
    async fall() {
      const waited = new Promise<void>((resolve) => setTimeout(resolve, waitMs))
      await Promise.race([shell.blank(true), waited]).catch((error: unknown) => log.failure('blank', error))
    },
    rise() {
      shell.blank(false).catch((error: unknown) => log.failure('unblank', error))
    },
  }
}
