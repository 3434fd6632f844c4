import type { TokenFailure } from '../../shared/api/index.ts'
import type { Foundation, Principal } from '../foundation.ts'
import { auditActor, createRateLimit } from '../http/index.ts'

export interface TokenFailureReports {
  /**
   * Audits each failure, all or none. The word of the workstation: `detail.at` is its clock, the row's time is ours.
   * A report that is repeated, because its answer was lost, is recorded again.
   * @throws VigilError `too-many-requests`; then nothing was recorded.
   */
  record(
    failures: readonly TokenFailure[],
    workstation: Extract<Principal, { kind: 'workstation' }>,
    address: string,
  ): Promise<void>
}

/** What failed at a workstation before the gateway was asked: wrong PINs, locked tokens, no connection. */
export function createTokenFailureReports(
  { store, audit, clock }: Foundation,
  /** Audit rows of one workstation: four full reports at once, then ten a minute. */
  rows = { burst: 200, everyMs: 6000 },
): TokenFailureReports {
  const rate = createRateLimit({ ...rows, keys: 10_000, clock })
  return {
    async record(failures, workstation, address) {
      rate.take(workstation.workstationId, failures.length)
      const actor = auditActor(workstation, address)
      await store.transaction(async (trx) => {
        for (const failure of failures) {
          await audit.append(trx, {
            action: 'token.failed',
            outcome: 'refused',
            actor,
            detail: { ...failure },
          })
        }
      })
    },
  }
}
