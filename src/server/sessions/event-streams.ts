import { Readable } from 'node:stream'
import { decide, type Permission } from '../../shared/access/index.ts'
import type { SessionEvent } from '../../shared/session/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Announcements, SessionPrincipal } from '../foundation.ts'

/** A workstation needs one; a second may overlap it while it reconnects. */
const streamsPerSession = 3
/** What a reader may leave unread before it is taken for dead, in bytes. */
const backlog = 65_536

/** Events that only some may know of. */
const needs: Partial<Record<SessionEvent['kind'], Permission>> = {
  'alert-changed': 'alert.read',
  'alert-attention': 'alert.read',
  'worklist-changed': 'worklist.read',
  'dictionary-changed': 'dictionary.read',
  'glass-broken': 'break-glass.review',
  'alarm-changed': 'alarm.read',
}

/** Said at once, and then no more often than this, in ms: each makes every workstation ask for its list again. */
const worklistEveryMs = 500

type Listener = Pick<SessionPrincipal, 'sessionId' | 'accountId' | 'roles'>

export interface EventStreams extends Announcements {
  /** Newline-delimited JSON of SessionEvent, from `hello` on. */
  open(listener: Listener): Readable
  /** Pushes a last event and ends the session's streams. */
  end(sessionId: string, event?: SessionEvent): void
  count(): number
  has(sessionId: string): boolean
  sessions(): string[]
  close(): void
}

/** The open event streams of the live sessions. */
export function createEventStreams(deps: { clock: Clock; keepAliveMs: number }): EventStreams {
  const open = new Map<Readable, Listener>()
  let closed = false

  function send(stream: Readable, event: SessionEvent): void {
    if (stream.destroyed) return
    stream.push(`${JSON.stringify(event)}\n`)
    if (stream.readableLength > backlog) stream.destroy()
  }

  function of(sessionId: string): Readable[] {
    return [...open].filter(([, listener]) => listener.sessionId === sessionId).map(([stream]) => stream)
  }

  /** Runs while the worklist's last change is still fresh; `worklistAgain` where it has changed since. */
  let worklistTold: NodeJS.Timeout | undefined
  let worklistAgain = false

  /** True where it is to be said now. */
  function isTimeForWorklist(): boolean {
    worklistAgain = worklistTold !== undefined
    if (worklistAgain || closed) return false
    worklistTold = setTimeout(() => {
      worklistTold = undefined
      if (worklistAgain) announce({ kind: 'worklist-changed' })
    }, worklistEveryMs)
    worklistTold.unref()
    return true
  }

  const announce: EventStreams['announce'] = (event, to = {}) => {
    const toAll = to.accountId === undefined && to.sessionId === undefined
    if (event.kind === 'worklist-changed' && toAll && !isTimeForWorklist()) return
    const permission = needs[event.kind]
    for (const [stream, listener] of open) {
      if (to.accountId !== undefined && to.accountId !== listener.accountId) continue
      if (to.sessionId !== undefined && to.sessionId !== listener.sessionId) continue
      if (permission && !decide(listener, permission)) continue
      send(stream, event)
    }
  }

  const timer = setInterval(() => {
    for (const stream of open.keys()) send(stream, { kind: 'keep-alive', at: deps.clock() })
  }, deps.keepAliveMs)
  timer.unref()

  return {
    open(listener) {
      const before = of(listener.sessionId)
      for (const oldest of before.slice(0, Math.max(0, before.length - streamsPerSession + 1))) {
        oldest.push(null)
        open.delete(oldest)
      }
      const stream = new Readable({ read() {} })
      if (closed) {
        stream.push(null)
        return stream
      }
      stream.once('close', () => open.delete(stream))
      open.set(stream, listener)
      send(stream, { kind: 'hello', at: deps.clock() })
      return stream
    },
    announce,
    end(sessionId, event) {
      for (const stream of of(sessionId)) {
        if (event) send(stream, event)
        stream.push(null)
        open.delete(stream)
      }
    },
    count: () => open.size,
    has: (sessionId) => of(sessionId).length > 0,
    sessions: () => [...new Set([...open.values()].map((listener) => listener.sessionId))],
    close() {
      closed = true
      clearInterval(timer)
      clearTimeout(worklistTold)
      for (const stream of open.keys()) stream.push(null)
      open.clear()
    },
  }
}
