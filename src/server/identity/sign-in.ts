import { createHash, randomUUID } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { SignInRequest, SignInResponse, UnlockRequest } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import { signInStatement, unlockStatement } from '../../shared/signing/statement.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation, Principal, SessionPrincipal } from '../foundation.ts'
import { auditActor, createRateLimit } from '../http/index.ts'
import type { Authorities } from '../pki/index.ts'
import type { Sessions } from '../sessions/index.ts'
import { type Challenges, channelBinding } from './challenges.ts'
import type { TokenVerifier } from './token-verifier.ts'

/** Attempts of one workstation; faster ones are refused before they cost a signature check and an audit row. */
export interface SignInAttempts {
  burst: number
  everyMs: number
}

interface Channel {
  socket: TLSSocket
  address: string
}

/** What a refused attempt showed of itself: the certificate, and the account once the signature has proven it. */
interface Seen {
  fingerprint?: string
  accountId?: string
}

export interface SignIn {
  /** @throws VigilError with the reason; every outcome is audited, and the socket's nonce is void after it. */
  signIn(
    request: SignInRequest,
    workstation: Extract<Principal, { kind: 'workstation' }>,
    channel: Channel,
  ): Promise<SignInResponse>
  /** @throws VigilError as above, or `other-account`. */
  unlock(request: UnlockRequest, session: SessionPrincipal, channel: Channel): Promise<SessionView>
}

/** Proof of a person's identity by a token signature bound to this very connection; DESIGN, "Identity and the channel". */
export function createSignIn(
  foundation: Foundation,
  deps: {
    authorities: Authorities
    sessions: Sessions
    tokens: TokenVerifier
    challenges: Challenges
    attempts?: SignInAttempts
  },
): SignIn {
  const { gatewayId, clock, audit } = foundation
  const { authorities, sessions, tokens, challenges, attempts = { burst: 600, everyMs: 200 } } = deps
  const rate = createRateLimit({ ...attempts, keys: 10_000, clock })

  /** Runs `attempt`; where it is refused, that is audited with the code and with what was seen by then. */
  async function audited<T>(
    action: string,
    workstationId: string,
    actor: AuditEntry['actor'],
    attempt: (seen: Seen) => Promise<T>,
  ): Promise<T> {
    rate.take(workstationId)
    const seen: Seen = {}
    try {
      return await attempt(seen)
    } catch (error) {
      const code = error instanceof VigilError ? error.code : 'internal'
      await audit.record({ action, outcome: 'refused', actor, detail: { code, ...seen } })
      throw error
    }
  }

  return {
    signIn: (request, workstation, { socket, address }) =>
      audited(
        'sign-in.refused',
        workstation.workstationId,
        auditActor(workstation, address),
        async (seen) => {
          const nonce = challenges.consume(socket, 'sign-in')
          const exporter = channelBinding(socket)
          const csr = Buffer.from(request.csr, 'base64')
          const csrHash = createHash('sha256').update(csr).digest()
          const { workstationId, workstationName } = workstation
          const token = await tokens.verify(
            request,
            (certificateHash) =>
              signInStatement({ gatewayId, nonce, exporter, csrHash, certificateHash, workstationId }),
            { seen },
          )
          seen.accountId = token.accountId
          const id = randomUUID()
          // A session certificate never outlives the token certificate that it stands for.
          const notAfter = Math.min(clock() + sessions.policy.shiftMs, token.notAfter)
          const issued = await authorities.issueSession(csr, { sessionId: id, notAfter })
          const session = await sessions.begin(
            {
              id,
              accountId: token.accountId,
              workstation: { id: workstationId, name: workstationName },
              certificateFingerprint: issued.fingerprint,
              tokenFingerprint: token.fingerprint,
              expiresAt: issued.notAfter,
              takeOver: request.takeOver,
            },
            { kind: 'account', id: token.accountId, workstationId, address },
          )
          return { certificate: issued.pem, issuer: issued.issuer, session }
        },
      ),

    unlock: (request, session, { socket, address }) =>
      audited('session.unlock-refused', session.workstationId, auditActor(session, address), async (seen) => {
        const nonce = challenges.consume(socket, 'unlock')
        const exporter = channelBinding(socket)
        const { sessionId } = session
        const token = await tokens.verify(
          request,
          (certificateHash) => unlockStatement({ gatewayId, nonce, exporter, certificateHash, sessionId }),
          { seen },
        )
        seen.accountId = token.accountId
        if (token.accountId !== session.accountId) throw new VigilError('other-account')
        return sessions.unlock(sessionId, auditActor(session, address))
      }),
  }
}
