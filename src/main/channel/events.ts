import { api } from '../../shared/api/index.ts'
import type { VigilError } from '../../shared/errors/index.ts'
import { SessionEvent } from '../../shared/session/index.ts'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { channelError, isSessionOver, parseJson } from './failures.ts'
import { openStream, type StreamRequest } from './stream.ts'

export interface EventsOptions extends Omit<StreamRequest, 'path' | 'idleTimeoutMs'> {
  random: RandomBytes
  onEvent(event: SessionEvent): void
  /** The stream stands, or has been lost. */
  onReachable(reachable: boolean): void
  /** The gateway says that the session is over; the stream is not opened again. */
  onOver(error: VigilError): void
  /** How long the stream may be silent before it counts as lost, though its socket stands. */
  silenceMs: number
}

const longestLine = 65_536

/** Milliseconds until the next attempt: doubling from half a second to fifteen, with up to a quarter of jitter. */
export function backoffMs(attempt: number, random: RandomBytes): number {
  const base = Math.min(500 * 2 ** attempt, 15_000)
  return Math.round(base * (1 + (random(1)[0] ?? 0) / 1024))
}

/** Reads GET /v1/events for as long as the session lives, opening it again whenever it breaks. Ends with `signal`. */
export async function followEvents(options: EventsOptions): Promise<void> {
  const { signal } = options
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await readOnce(options, () => {
        attempt = 0
        options.onReachable(true)
      })
    } catch (error) {
      if (signal.aborted) return
      const failure = channelError(error)
      if (isSessionOver(failure)) return options.onOver(failure)
    }
    if (signal.aborted) return
    options.onReachable(false)
    await pause(backoffMs(attempt, options.random), signal)
  }
}

async function readOnce(options: EventsOptions, onOpen: () => void): Promise<void> {
  const answer = await openStream({ ...options, path: api.events.path, idleTimeoutMs: options.silenceMs })
  onOpen()
  let rest = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) return answer.destroy() as never
    for (const line of lines) {
      const event = SessionEvent.safeParse(parseJson(line))
      // An event of a newer gateway is not ours to understand.
      if (event.success) options.onEvent(event.data)
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
