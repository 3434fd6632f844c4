import { loggable } from '../http/index.ts'

/**
 * Ends the process, with status 1, on an error that nothing caught: what state it left behind is unknown, and everything
 * that was committed survives. Its type and where it came from are written; never its message, which Node itself would
 * print and which may quote what was being worked on.
 */
export function endOnFault(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      console.error(`vigil: fault ${JSON.stringify({ event, ...loggable(thrown) })}`)
      process.exit(1)
    })
  }
}
