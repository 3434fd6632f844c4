import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import type { Challenges } from './challenges.ts'
import type { SignIn } from './sign-in.ts'
import { createTokenFailureReports } from './token-failures.ts'
import type { workstationStatus } from './workstations/index.ts'

type Names = 'status' | 'signInChallenge' | 'signIn' | 'tokenFailures' | 'unlockChallenge' | 'unlock'

/** The routes that prove who is there. */
export function identityHandlers(
  foundation: Foundation,
  deps: {
    signIn: SignIn
    challenges: Challenges
    version: string
    /** What the status says of the workstation that asks. */
    workstationStatus: ReturnType<typeof workstationStatus>
  },
): Handlers<Names> {
  const { gatewayId, clock } = foundation
  const { signIn, challenges, version } = deps
  const tokenFailures = createTokenFailureReports(foundation)
  return {
    status: async (request) => ({
      gatewayId,
      now: clock(),
      version,
      signIn: { password: false, fallback: false },
      ...(await deps.workstationStatus(request)),
    }),
    signInChallenge: async ({ socket }) => challenges.issue(socket, 'sign-in'),
    signIn: ({ body, principal, socket, address }) => signIn.signIn(body, principal, { socket, address }),
    tokenFailures: async ({ body, principal, address }) => {
      await tokenFailures.record(body.failures, principal, address)
      return {}
    },
    unlockChallenge: async ({ socket }) => challenges.issue(socket, 'unlock'),
    unlock: ({ body, principal, socket, address }) => signIn.unlock(body, principal, { socket, address }),
  }
}
