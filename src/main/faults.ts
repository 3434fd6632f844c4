import type { Log } from './log.ts'

/**
 * Ends the workstation, with status 1, on an error that nothing caught. The log gets its kind; its message, which Node or
 * Electron would show and which may quote a report or a PIN, goes nowhere. Drafts are on disk by then.
 */
export function endOnFault(log: Log, exit: (code: number) => void): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      log.failure('fault', thrown, { event })
      exit(1)
    })
  }
}
