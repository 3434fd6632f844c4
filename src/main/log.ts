import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { failureOf } from '../shared/errors/index.ts'

/** The workstation's log: an event's name, codes and counts. Never a name, a text, a PIN, a path of a patient's data. */
export interface Log {
  info(event: string, facts?: Record<string, string | number | boolean>): void
  /** Logs a failure by its code alone; messages of foreign errors may quote what they failed on. */
  failure(event: string, thrown: unknown, facts?: Record<string, string | number | boolean>): void
  close(): void
}

/** Opens (and appends to) `workstation.log` below `dataDir`. */
export function openLog(dataDir: string): Log {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const destination = pino.destination({
    dest: join(dataDir, 'workstation.log'),
    append: true,
    sync: true,
    mode: 0o600,
  })
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  return {
    info: (event, facts = {}) => logger.info(facts, event),
    failure: (event, thrown, facts = {}) =>
      logger.warn({ ...facts, code: failureOf(thrown).code, kind: kindOf(thrown) }, event),
    close: () => destination.end(),
  }
}

/** The error's class and its system code: enough to find the cause, nothing that quotes data. */
function kindOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown
  const cause = thrown.cause instanceof Error ? thrown.cause : thrown
  const code = (cause as NodeJS.ErrnoException).code
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? `${cause.name} ${code}` : cause.name
}
