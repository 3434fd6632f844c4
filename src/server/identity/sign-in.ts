import { createHash } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { SignInRequest, SignInResponse, UnlockRequest } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import { signInStatement, unlockStatement } from '../../shared/signing/statement.ts'
import type { Foundation, Principal, SessionPrincipal } from '../foundation.ts'
import { auditActor } from '../http/index.ts'
import type { Authorities } from '../pki/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { Accounts } from './accounts/index.ts'
import type { Attempts, Seen } from './attempts.ts'
import type { Certificate } from './certificate.ts'
import { type Challenges, channelBinding } from './challenges.ts'
import type { Credentials } from './credentials/index.ts'
import { createPasswordStep } from './password-step.ts'
import { createSessionStart } from './session-start.ts'
import type { TokenVerifier } from './token-verifier.ts'

interface Channel {
  socket: TLSSocket
  address: string
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

/**
 * Proof of a person's identity by a token signature bound to this very connection; DESIGN, "Identity and the channel".
 * The token comes first: nothing is said about an account, and no password or code is looked at, before its key is proven.
 */
export function createSignIn(
  foundation: Foundation,
  deps: {
    authorities: Authorities
    sessions: Sessions
    tokens: TokenVerifier
    challenges: Challenges
    accounts: Pick<Accounts, 'bindByCode'>
    credentials: Credentials
    attempts: Attempts
  },
): SignIn {
  const { gatewayId } = foundation
  const { sessions, tokens, challenges, attempts, accounts } = deps
  const { holders, lockouts } = deps.credentials
  const passwordStep = createPasswordStep(foundation, deps.credentials)
  const start = createSessionStart(foundation, deps)

  /** Binds the certificate by its person's one-time code. Wrong codes count against the workstation. */
  async function bound(
    code: string,
    certificate: Certificate,
    place: { workstationId: string; address: string },
    seen: Seen,
  ): Promise<string> {
    let accountId: string | undefined
    const verdict = await lockouts.attempt({ workstationId: place.workstationId }, async () => {
      try {
        accountId = await accounts.bindByCode({ code, certificate, ...place })
      } catch (error) {
        if (!(error instanceof VigilError && error.code === 'binding-code-invalid')) throw error
      }
      return accountId !== undefined
    })
    if (accountId !== undefined) return accountId
    if (verdict.lockedUntil !== null) seen.lockedUntil = verdict.lockedUntil
    throw new VigilError('binding-code-invalid')
  }

  return {
    signIn: (request, workstation, { socket, address }) =>
      attempts.audited(
        'sign-in.refused',
        workstation.workstationId,
        auditActor(workstation, address),
        async (seen) => {
          seen.factor = 'certificate'
          const nonce = challenges.consume(socket, 'sign-in')
          const exporter = channelBinding(socket)
          const csrHash = createHash('sha256').update(Buffer.from(request.csr, 'base64')).digest()
          const { workstationId } = workstation
          const { bindingCode, ocspResponse } = request
          const place = { workstationId, address }
          const token = await tokens.verify(
            request,
            (certificateHash) =>
              signInStatement({ gatewayId, nonce, exporter, csrHash, certificateHash, workstationId }),
            {
              seen,
              ocspResponse,
              ...(bindingCode === undefined
                ? {}
                : { ifUnbound: (certificate) => bound(bindingCode, certificate, place, seen) }),
            },
          )
          seen.accountId = token.accountId
          const holder = await holders.byId(token.accountId)
          if (holder.roles.length === 0) throw new VigilError('account-not-authorised')
          const change = await passwordStep(request, holder, workstationId, seen)
          return start(
            {
              accountId: token.accountId,
              workstation,
              address,
              tokenFingerprint: token.fingerprint,
              notAfter: token.notAfter,
              factor: 'certificate',
              within: async (trx, actor) => change?.(trx, actor),
            },
            request,
          )
        },
      ),

    unlock: (request, session, { socket, address }) =>
      attempts.audited(
        'session.unlock-refused',
        session.workstationId,
        auditActor(session, address),
        async (seen) => {
          seen.factor = 'certificate'
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
        },
      ),
  }
}
