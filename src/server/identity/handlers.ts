import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import type { Challenges } from './challenges.ts'
import type { SignIn } from './sign-in.ts'

type Names = 'status' | 'signInChallenge' | 'signIn' | 'unlockChallenge' | 'unlock'

/** The routes that prove who is there. */
export function identityHandlers(
  { gatewayId, clock }: Foundation,
  deps: { signIn: SignIn; challenges: Challenges; version: string },
): Handlers<Names> {
  const { signIn, challenges, version } = deps
  return {
    status: async () => ({ gatewayId, now: clock(), version }),
    signInChallenge: async ({ socket }) => challenges.issue(socket, 'sign-in'),
    signIn: ({ body, principal, socket, address }) => signIn.signIn(body, principal, { socket, address }),
    unlockChallenge: async ({ socket }) => challenges.issue(socket, 'unlock'),
    unlock: ({ body, principal, socket, address }) => signIn.unlock(body, principal, { socket, address }),
  }
}
