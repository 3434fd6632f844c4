import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import type { Challenges } from './challenges.ts'
import type { FallbackSignIn } from './fallback-sign-in.ts'
import type { SignIn } from './sign-in.ts'
import { createTokenFailureReports } from './token-failures.ts'
import type { workstationStatus } from './workstations/index.ts'

type Names =
  | 'status'
  | 'signInChallenge'
  | 'signIn'
  | 'signInFallback'
  | 'tokenFailures'
  | 'unlockChallenge'
  | 'unlock'
  | 'unlockFallback'

/** The routes that prove who is there. */
export function identityHandlers(
  foundation: Foundation,
  deps: {
    signIn: SignIn
    fallbackSignIn: FallbackSignIn
    challenges: Challenges
    version: string
    /** What the status says of the workstation that asks. */
    workstationStatus: ReturnType<typeof workstationStatus>
  },
): Handlers<Names> {
  const { gatewayId, clock, policies } = foundation
  const { signIn, fallbackSignIn, challenges, version } = deps
  const tokenFailures = createTokenFailureReports(foundation)
  return {
    async status(request) {
      const { signIn: rules, password } = policies.current()
      const { minLength, minClasses, history } = password
      return {
        gatewayId,
        now: clock(),
        version,
        signIn: {
          password: rules.factors === 'certificate-and-password',
          fallback: rules.fallbackAllowed,
          newPassword: { minLength, minClasses, history },
        },
        ...(await deps.workstationStatus(request)),
      }
    },
    signInChallenge: async ({ socket }) => challenges.issue(socket, 'sign-in'),
    signIn: ({ body, principal, socket, address }) => signIn.signIn(body, principal, { socket, address }),
    signInFallback: ({ body, principal, socket, address }) =>
      fallbackSignIn.signIn(body, principal, { socket, address }),
    tokenFailures: async ({ body, principal, address }) => {
      await tokenFailures.record(body.failures, principal, address)
      return {}
    },
    unlockChallenge: async ({ socket }) => challenges.issue(socket, 'unlock'),
    unlock: ({ body, principal, socket, address }) => signIn.unlock(body, principal, { socket, address }),
    unlockFallback: ({ body, principal, socket, address }) =>
      fallbackSignIn.unlock(body, principal, { socket, address }),
  }
}
