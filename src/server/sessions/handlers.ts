import { auditActor, type Handlers } from '../http/index.ts'
import type { Sessions } from './registry.ts'

type Names = 'session' | 'activity' | 'lock' | 'signOut' | 'events'

/** A session's own routes, but for the unlock, which proves identity anew. */
export function sessionHandlers(sessions: Sessions): Handlers<Names> {
  return {
    session: ({ principal }) => sessions.view(principal.sessionId),
    async activity({ principal, body, socket, address }) {
      await sessions.activity(principal, body, { socket, address })
      return {}
    },
    async lock({ principal, address }) {
      await sessions.lock(principal.sessionId, auditActor(principal, address))
      return {}
    },
    async signOut({ principal, address }) {
      await sessions.end(principal.sessionId, 'signed-out', auditActor(principal, address))
      return {}
    },
    events: async ({ principal }) => ({
      contentType: 'application/x-ndjson',
      body: sessions.events(principal),
    }),
  }
}
