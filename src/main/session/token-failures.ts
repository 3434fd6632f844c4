import { createHash } from 'node:crypto'
import { mostTokenFailures, type TokenFailure, TokenFailureCode } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Log } from '../log.ts'
import type { TokenDriver } from '../tokens/index.ts'
import { openTokenFailureFile } from './token-failure-file.ts'

/** What failed here without the gateway, kept until the gateway has it in its audit. */
export interface TokenFailures {
  /**
   * Does `work`; where it fails by a code that only this workstation knows of, that is noted and reported behind the
   * user's back: the outcome is the same, and as soon.
   */
  noted<T>(purpose: TokenFailure['purpose'], work: () => Promise<T>): Promise<T>
  /** The driver, so made that a failure is noted with the certificate that the token showed. */
  watching(driver: TokenDriver): TokenDriver
  /** Reports what waits, when the gateway is there. Returns at once. */
  flush(): void
  /** When what waits is on the disk. A report under way must have been cut off. */
  close(): Promise<void>
}

/** Reads what an earlier run could not report from `dataDir`. */
export async function openTokenFailures(options: {
  dataDir: string
  clock: Clock
  log: Log
  /** Hands the failures, at most `mostTokenFailures`, to the gateway. */
  report(failures: TokenFailure[]): Promise<unknown>
}): Promise<TokenFailures> {
  const { clock, log, report } = options
  const file = await openTokenFailureFile(options.dataDir, log)
  let waiting = file.left
  let sending = false
  let sent = Promise.resolve()
  const shown = new WeakMap<object, string>()

  function note(purpose: TokenFailure['purpose'], thrown: VigilError): void {
    const code = TokenFailureCode.safeParse(thrown.code)
    if (!code.success) return
    const certificate = shown.get(thrown)
    const failure = { code: code.data, purpose, at: Math.round(clock()) }
    waiting.push(certificate === undefined ? failure : { ...failure, certificate })
    if (waiting.length > mostTokenFailures) {
      waiting = waiting.slice(-mostTokenFailures)
      log.info('token-failure-dropped')
    }
    file.save(waiting)
    flush()
  }

  function flush(): void {
    if (sending || waiting.length === 0) return
    sending = true
    sent = send()
  }

  /** Until none is left: what comes up during one report goes with the next. */
  async function send(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const batch = [...waiting]
        await report(batch)
        waiting = waiting.filter((failure) => !batch.includes(failure))
        file.save(waiting)
      }
    } catch (error) {
      log.failure('token-failures-report', error)
    } finally {
      // Here, not once the promise has told of its end: a failure noted in between would not be sent.
      sending = false
    }
  }

  return {
    async noted(purpose, work) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof VigilError) note(purpose, error)
        throw error
      }
    },
    watching: (driver) => ({
      ...driver,
      async sign(request) {
        let certificate: string | undefined
        const statement = (der: Uint8Array) => {
          certificate = createHash('sha256').update(der).digest('hex')
          return request.statement(der)
        }
        try {
          return await driver.sign({ ...request, statement })
        } catch (error) {
          if (error instanceof VigilError && certificate !== undefined) shown.set(error, certificate)
          throw error
        }
      },
    }),
    flush,
    async close() {
      await sent
      await file.settled()
    },
  }
}
