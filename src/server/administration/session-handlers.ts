import { VigilError } from '../../shared/errors/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Sessions } from '../sessions/index.ts'

/** Live sessions, and their end by the security officer. */
export function liveSessionHandlers(
  sessions: Pick<Sessions, 'live' | 'end'>,
): Handlers<'sessions' | 'endSession'> {
  return {
    sessions: () => sessions.live(),
    /** @throws VigilError `own-account`: the own session ends by signing out. */
    async endSession({ params, body, principal, address }) {
      if (params.id === principal.sessionId) throw new VigilError('own-account')
      const actor = auditActor(principal, address)
      const ended = await sessions.end(params.id, 'ended-by-officer', actor, body.reason)
      if (!ended) throw new VigilError('not-found', { field: 'session' })
      return {}
    },
  }
}
