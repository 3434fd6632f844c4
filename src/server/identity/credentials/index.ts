import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Handlers } from '../../http/index.ts'
import { createFallback } from './fallback.ts'
import { type CredentialParts, credentialOfficerHandlers, ownCredentialHandlers } from './handlers.ts'
import { createHashing } from './hashing.ts'
import { createHolders } from './holders.ts'
import { createLockouts } from './lockouts.ts'
import { createOwnCredentials } from './own-credentials.ts'
import { createPasswords } from './passwords.ts'
import { createTotps } from './totp.ts'

export type { Holder } from './holders.ts'
export type { CurrentPassword, Passwords, PreparedChange } from './passwords.ts'
export type { GoodCode } from './totp.ts'

/** Passwords, TOTP, lock-outs and the leave to do without a key. */
export interface Credentials extends Omit<CredentialParts, 'own'> {
  handlers: Handlers<
    keyof ReturnType<typeof ownCredentialHandlers> | keyof ReturnType<typeof credentialOfficerHandlers>
  >
}

export function createCredentials(
  foundation: Foundation,
  deps: {
    /** Ends a session because the leave that it stands on is over. */
    endSession(sessionId: string, actor: AuditEntry['actor']): Promise<unknown>
  },
): Credentials {
  const holders = createHolders(foundation)
  const lockouts = createLockouts(foundation)
  const totps = createTotps(foundation)
  const fallback = createFallback(foundation, { totps, endSession: deps.endSession })
  const passwords = createPasswords(foundation, {
    hashing: createHashing(),
    isFallbackGranted: async (accountId) => (await fallback.standing(accountId)) !== null,
  })
  const own = createOwnCredentials(foundation, { passwords, totps })
  const parts = { holders, lockouts, totps, fallback, passwords }
  return {
    ...parts,
    handlers: {
      ...ownCredentialHandlers(foundation, { ...parts, own }),
      ...credentialOfficerHandlers(foundation, { ...parts, own }),
    },
  }
}
