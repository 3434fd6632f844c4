import type { TLSSocket } from 'node:tls'
import { VigilError } from '../../shared/errors/index.ts'

/** Long enough for the last event and the answer to a sign-out to leave, in ms. */
const farewell = 250

/** A workstation opens some six; more than this is no workstation of ours. */
const mostOfOneSession = 64

/** The connections that each session's certificate is open on, here on this gateway. */
export interface LiveSockets {
  /** @throws VigilError `too-many-requests` where the session has all the connections that one may have. */
  track(sessionId: string, socket: TLSSocket): void
  has(sessionId: string): boolean
  /** Destroys the session's connections, whatever is under way on them. New requests are refused in the meantime. */
  destroy(sessionId: string): void
  sessions(): string[]
}

export function createLiveSockets(): LiveSockets {
  const live = new Map<string, Set<TLSSocket>>()
  return {
    track(sessionId, socket) {
      const sockets = live.get(sessionId) ?? new Set()
      if (sockets.has(socket) || socket.destroyed) return
      if (sockets.size >= mostOfOneSession) throw new VigilError('too-many-requests', { retryAfterMs: 1000 })
      live.set(sessionId, sockets.add(socket))
      socket.once('close', () => {
        sockets.delete(socket)
        if (sockets.size === 0 && live.get(sessionId) === sockets) live.delete(sessionId)
      })
    },
    destroy(sessionId) {
      const sockets = live.get(sessionId)
      if (!sockets) return
      live.delete(sessionId)
      setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, farewell).unref()
    },
    has: (sessionId) => live.has(sessionId),
    sessions: () => [...live.keys()],
  }
}
