import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createRateLimit } from '../http/index.ts'

/** Attempts of one workstation; faster ones are refused before they cost a signature check and an audit row. */
export interface SignInAttempts {
  burst: number
  everyMs: number
}

/** What a refused attempt showed of itself, for the audit. */
export interface Seen {
  factor?: 'certificate' | 'certificate-and-password' | 'fallback'
  /** SHA-256 of the token certificate's DER, hex. */
  fingerprint?: string
  /** The account that it was for: once a signature has proven it, or as it was named where no key is asked for. */
  accountId?: string
  /** The true reason, where the answer does not tell it. */
  why?: string
  /** Until when it holds off the next ones. */
  lockedUntil?: number
}

export interface Attempts {
  /** Runs `attempt`; where it is refused, that is audited with the code and with what was seen by then. */
  audited<T>(
    action: 'sign-in.refused' | 'session.unlock-refused',
    workstationId: string,
    actor: AuditEntry['actor'],
    attempt: (seen: Seen) => Promise<T>,
  ): Promise<T>
}

export function createAttempts(
  { audit, clock }: Foundation,
  { burst = 600, everyMs = 200 }: Partial<SignInAttempts> = {},
): Attempts {
  const rate = createRateLimit({ burst, everyMs, keys: 10_000, clock })
  return {
    async audited(action, workstationId, actor, attempt) {
      rate.take(workstationId)
      const seen: Seen = {}
      try {
        return await attempt(seen)
      } catch (error) {
        const code = error instanceof VigilError ? error.code : 'internal'
        await audit.record({ action, outcome: 'refused', actor, detail: { code, ...seen } })
        throw error
      }
    },
  }
}
