import type { TLSSocket } from 'node:tls'
import type { FallbackSignInRequest, FallbackUnlockRequest, SignInResponse } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import type { Foundation, Principal, SessionPrincipal } from '../foundation.ts'
import { auditActor } from '../http/index.ts'
import type { Authorities } from '../pki/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { Attempts, Seen } from './attempts.ts'
import type { Challenges } from './challenges.ts'
import type { Credentials, CurrentPassword, GoodCode, Holder } from './credentials/index.ts'
import { changeIfDue } from './password-step.ts'
import { createSessionStart } from './session-start.ts'

interface Channel {
  socket: TLSSocket
  address: string
}

/** Password + TOTP in the place of a lost key, under a grant. The socket's challenge is used up, whatever comes of it. */
export interface FallbackSignIn {
  /**
   * @throws VigilError `credentials-wrong` for an unknown person, no grant, no or a wrong password or code, all alike and in
   * the same time; the audit tells which. `permission-denied` where the policy has no fallback; `locked-out`; only to who had
   * everything right `password-change-required`, `password-unacceptable`, and what refuses a session.
   */
  signIn(
    request: FallbackSignInRequest,
    workstation: Extract<Principal, { kind: 'workstation' }>,
    channel: Channel,
  ): Promise<SignInResponse>
  /** @throws VigilError as above, `permission-denied` for a session that began with a key, `session-ended`. */
  unlock(request: FallbackUnlockRequest, session: SessionPrincipal, channel: Channel): Promise<SessionView>
}

/** Everything that was right. */
interface Proof {
  holder: Holder
  grant: { id: string; endsAt: number }
  current: CurrentPassword
  code: GoodCode
}

export function createFallbackSignIn(
  foundation: Foundation,
  deps: {
    authorities: Authorities
    sessions: Sessions
    challenges: Challenges
    credentials: Credentials
    attempts: Attempts
  },
): FallbackSignIn {
  const { store, policies, clock } = foundation
  const { sessions, challenges, attempts } = deps
  const { holders, passwords, totps, fallback, lockouts } = deps.credentials
  const start = createSessionStart(foundation, deps)

  /** Looks at everything before it judges anything: how long it takes tells nothing about what was wrong. */
  async function judge(
    holder: Holder | null,
    entered: { password: string; code: string },
  ): Promise<Proof | string> {
    const accountId = holder?.accountId ?? ''
    const grant = await fallback.standing(accountId)
    const current = await passwords.current(accountId)
    const fits = await passwords.verify(accountId, entered.password)
    const code = await totps.check(accountId, entered.code, 'either')
    if (!holder) return 'account-unknown'
    if (holder.disabled) return 'account-disabled'
    if (holder.roles.length === 0) return 'account-not-authorised'
    if (!grant) return 'no-grant'
    if (!current) return 'password-not-set'
    if (!fits) return 'password-wrong'
    if (!code) return 'totp-code-wrong'
    return { holder, grant, current, code }
  }

  /** @throws VigilError `locked-out`, or `credentials-wrong` with the reason in `seen` alone. */
  async function prove(
    loginIndex: string,
    workstationId: string,
    entered: { password: string; code: string },
    seen: Seen,
  ): Promise<Proof> {
    let proof: Proof | string = 'locked-out'
    const verdict = await lockouts.attempt({ loginIndex, workstationId }, async () => {
      const holder = await holders.byLogin(loginIndex)
      if (holder) seen.accountId = holder.accountId
      proof = await judge(holder, entered)
      return typeof proof !== 'string'
    })
    if (typeof proof !== 'string') return proof
    seen.why = proof
    if (verdict.lockedUntil !== null) seen.lockedUntil = verdict.lockedUntil
    throw new VigilError('credentials-wrong')
  }

  function used(seen: Seen): VigilError {
    seen.why = 'totp-code-used'
    return new VigilError('credentials-wrong')
  }

  /** @throws VigilError `permission-denied`, `session-ended` where it stands on nothing any more. */
  async function mustStand(session: SessionPrincipal): Promise<void> {
    const row = await store.db
      .selectFrom('sessions')
      .select(['factor', 'fallback_grant_id'])
      .where('id', '=', session.sessionId)
      .executeTakeFirst()
    if (row?.factor !== 'fallback') throw new VigilError('permission-denied')
    const grant = await fallback.standing(session.accountId)
    if (grant && grant.id === row.fallback_grant_id) return
    const reason = 'fallback-over'
    await sessions.end(session.sessionId, reason, { kind: 'gateway', id: 'gateway' })
    throw new VigilError('session-ended', { reason, at: clock() })
  }

  return {
    signIn: (request, workstation, { socket, address }) =>
      attempts.audited(
        'sign-in.refused',
        workstation.workstationId,
        auditActor(workstation, address),
        async (seen) => {
          seen.factor = 'fallback'
          challenges.consume(socket, 'sign-in')
          if (!policies.current().signIn.fallbackAllowed) throw new VigilError('permission-denied')
          const loginIndex = holders.loginIndexOf(request.loginName)
          const proof = await prove(loginIndex, workstation.workstationId, request, seen)
          const { holder, grant, current, code } = proof
          const { accountId } = holder
          const change = await changeIfDue(passwords, current, holder, request.newPassword)
          return start(
            {
              accountId,
              workstation,
              address,
              tokenFingerprint: '',
              notAfter: grant.endsAt,
              factor: 'fallback',
              fallbackGrantId: grant.id,
              async within(trx, actor) {
                if (!(await totps.take(trx, accountId, code, actor))) throw used(seen)
                await fallback.use(trx, grant.id)
                await change?.(trx, actor)
              },
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
          seen.factor = 'fallback'
          seen.accountId = session.accountId
          challenges.consume(socket, 'unlock')
          await mustStand(session)
          const { loginIndex } = await holders.byId(session.accountId)
          const proof = await prove(loginIndex, session.workstationId, request, seen)
          const actor = auditActor(session, address)
          const taken = await store.transaction((trx) =>
            totps.take(trx, session.accountId, proof.code, actor),
          )
          if (!taken) throw used(seen)
          return sessions.unlock(session.sessionId, actor)
        },
      ),
  }
}
