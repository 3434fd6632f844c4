import { pino } from 'pino'
import { dataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import { openFoundation } from '../open-foundation.ts'
import { cliActor } from './actor.ts'

/**
 * Opens a data directory for one command, beside a running gateway too, and closes it whatever happens. That the command was
 * given, and by whom, is recorded before it is carried out; one that looks at the audit itself records what it found instead.
 */
export async function withFoundation<T>(
  dir: string,
  work: (foundation: Foundation, paths: ReturnType<typeof dataDirectory>) => Promise<T>,
  { recordsItself = false }: { recordsItself?: boolean } = {},
): Promise<T> {
  const paths = dataDirectory(dir)
  const foundation = await openFoundation(paths, { clock: Date.now, log: pino({ level: 'silent' }) })
  foundation.store.recordedOnly()
  try {
    if (!recordsItself)
      await foundation.audit.record({
        action: 'command.given',
        outcome: 'success',
        actor: cliActor(),
        detail: { command: commandOf(process.argv.slice(2)) },
      })
    return await work(foundation, paths)
  } finally {
    await foundation.store.close()
  }
}

/** The words of the command, e.g. `pki rotate gateway-ca`; nothing that was given to it. */
function commandOf(given: readonly string[]): string {
  const end = given.findIndex((word) => !/^[a-z][a-z-]*$/.test(word))
  return (end < 0 ? given : given.slice(0, end)).slice(0, 3).join(' ')
}
