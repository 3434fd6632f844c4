/** The sleep of one loop, which ends early when there is something to do. */
export interface Wakeup {
  /** Resolves after `ms`, on `end`, and on `wake` unless `deaf`. */
  sleep(ms: number, how?: { deaf: boolean }): Promise<void>
  /** Ends the present sleep; where the loop is at work, its next sleep ends at once, so that what came meanwhile is seen. */
  wake(): void
  /** Ends the sleep, now and from now on. */
  end(): void
}

export function createWakeup(): Wakeup {
  let rise: (() => void) | null = null
  let deafNow = false
  let pending = false
  let ended = false
  return {
    sleep: (ms, { deaf } = { deaf: false }) =>
      new Promise((resolve) => {
        if (ended || (pending && !deaf)) {
          pending = false
          return resolve()
        }
        deafNow = deaf
        rise = () => {
          clearTimeout(timer)
          rise = null
          resolve()
        }
        const timer = setTimeout(rise, Math.max(0, ms))
      }),
    wake() {
      if (rise && !deafNow) rise()
      else pending = true
    },
    end() {
      ended = true
      rise?.()
    },
  }
}
