import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation, SessionPrincipal } from '../../foundation.ts'
import { auditActor, type Handlers } from '../../http/index.ts'
import { mustNotBeOwn } from '../accounts/index.ts'
import type { Fallback } from './fallback.ts'
import type { Holder, Holders } from './holders.ts'
import type { Lockouts } from './lockouts.ts'
import type { createOwnCredentials } from './own-credentials.ts'
import type { Passwords } from './passwords.ts'
import type { Totps } from './totp.ts'

type Own = 'ownCredentials' | 'changePassword' | 'beginTotp' | 'confirmTotp'
type Officers = 'resetPassword' | 'clearLockout' | 'grantFallback' | 'endFallback' | 'fallbackGrants'

export interface CredentialParts {
  holders: Holders
  passwords: Passwords
  totps: Totps
  lockouts: Lockouts
  fallback: Fallback
  own: ReturnType<typeof createOwnCredentials>
}

/** A person's own password and TOTP. A wrong entry counts as one at sign-in does. */
export function ownCredentialHandlers({ store, audit }: Foundation, parts: CredentialParts): Handlers<Own> {
  const { holders, passwords, totps, lockouts, own } = parts

  /** Has `check` look at an entry; where it is wrong, that is audited and refused with `code`. */
  async function mustBeRight(
    code: 'password-wrong' | 'totp-code-wrong',
    { principal, address }: { principal: SessionPrincipal; address: string },
    holder: Holder,
    check: () => Promise<boolean>,
  ): Promise<void> {
    const actor = auditActor(principal, address)
    const { accountId, workstationId } = principal
    const refused = (detail: object) =>
      audit.record({
        action: 'credentials.refused',
        outcome: 'refused',
        actor,
        detail: { accountId, ...detail },
      })
    try {
      const verdict = await lockouts.attempt({ loginIndex: holder.loginIndex, workstationId }, check)
      if (verdict.good) return
      await refused({ code, lockedUntil: verdict.lockedUntil })
    } catch (error) {
      if (error instanceof VigilError) await refused({ code: error.code })
      throw error
    }
    throw new VigilError(code)
  }

  async function passwordMustBeRight(
    request: { principal: SessionPrincipal; address: string },
    holder: Holder,
    password: string,
  ): Promise<void> {
    const { accountId } = holder
    if (!(await passwords.current(accountId))) throw new VigilError('password-not-set', { mayChoose: false })
    await mustBeRight('password-wrong', request, holder, () => passwords.verify(accountId, password))
  }

  return {
    ownCredentials: ({ principal }) => own(principal),

    async changePassword(request) {
      const { principal, body, address } = request
      const holder = await holders.byId(principal.accountId)
      await passwordMustBeRight(request, holder, body.password)
      const change = await passwords.prepareChange(holder, body.newPassword)
      await store.transaction((trx) => change(trx, auditActor(principal, address)))
      return {}
    },

    async beginTotp(request) {
      const { principal, body, address } = request
      const holder = await holders.byId(principal.accountId)
      await passwordMustBeRight(request, holder, body.password)
      return store.transaction(async (trx) => {
        const issued = await totps.issue(trx, holder)
        await audit.append(trx, {
          action: 'totp.issued',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'account', id: holder.accountId },
        })
        return issued
      })
    },

    async confirmTotp(request) {
      const { principal, body, address } = request
      const holder = await holders.byId(principal.accountId)
      await mustBeRight('totp-code-wrong', request, holder, async () => {
        const good = await totps.check(holder.accountId, body.code, 'pending')
        if (!good) return false
        const actor = auditActor(principal, address)
        return store.transaction((trx) => totps.take(trx, holder.accountId, good, actor))
      })
      return {}
    },
  }
}

/** What the security officer does for people whose password, code or key fails them. */
export function credentialOfficerHandlers(
  { store, audit }: Foundation,
  { holders, passwords, lockouts, fallback }: CredentialParts,
): Handlers<Officers> {
  /** Somebody else's account, and not the bootstrap administrator's, who has its key and nothing else. */
  async function another(
    accountId: string,
    request: { principal: SessionPrincipal; address: string },
  ): Promise<{ holder: Holder; by: { accountId: string; actor: ReturnType<typeof auditActor> } }> {
    const { principal, address } = request
    const actor = auditActor(principal, address)
    mustNotBeOwn(actor, accountId)
    const holder = await holders.byId(accountId)
    if (holder.roles.includes('bootstrap-administrator')) throw new VigilError('permission-denied')
    return { holder, by: { accountId: principal.accountId, actor } }
  }

  return {
    async resetPassword(request) {
      const { holder, by } = await another(request.params.id, request)
      return passwords.reset(holder.accountId, by.actor)
    },

    async clearLockout(request) {
      const { holder, by } = await another(request.params.id, request)
      await store.transaction(async (trx) => {
        await lockouts.clearAccount(trx, holder.loginIndex)
        await audit.append(trx, {
          action: 'lockout.cleared',
          outcome: 'success',
          actor: by.actor,
          object: { kind: 'account', id: holder.accountId },
          detail: { reason: request.body.reason },
        })
      })
      return {}
    },

    async grantFallback(request) {
      const { holder, by } = await another(request.params.id, request)
      return fallback.grant(holder, request.body, by)
    },

    async endFallback(request) {
      const { holder, by } = await another(request.params.id, request)
      await fallback.end(holder, request.body.reason, by)
      return {}
    },

    fallbackGrants: () => fallback.list(),
  }
}
