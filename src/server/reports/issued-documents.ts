import type { Clock } from '../../shared/time/clock.ts'

/** How long a document that was prepared for signing may be signed. */
const lifetimeMs = 15 * 60_000

/**
 * Remembers, per person and report, the last document handed out for signing, so that only that one is accepted.
 * In memory: after a restart of the gateway the workstation prepares again.
 */
export interface IssuedDocuments {
  /** `handedOut`: the document in its canonical form, and what was said beside it that must still hold when it is signed. */
  issue(accountId: string, reportId: string, handedOut: string, preparedAt: number): void
  /** True where exactly this was handed out last, and not too long ago. */
  isIssued(accountId: string, reportId: string, handedOut: string): boolean
  withdraw(accountId: string, reportId: string): void
}

export function createIssuedDocuments(clock: Clock): IssuedDocuments {
  const issued = new Map<string, { handedOut: string; preparedAt: number }>()
  const keyOf = (accountId: string, reportId: string) => `${accountId} ${reportId}`
  const fresh = (preparedAt: number) => clock() - preparedAt <= lifetimeMs
  return {
    issue(accountId, reportId, handedOut, preparedAt) {
      for (const [key, document] of issued) if (!fresh(document.preparedAt)) issued.delete(key)
      issued.set(keyOf(accountId, reportId), { handedOut, preparedAt })
    },
    isIssued(accountId, reportId, handedOut) {
      const document = issued.get(keyOf(accountId, reportId))
      return document !== undefined && fresh(document.preparedAt) && document.handedOut === handedOut
    },
    withdraw(accountId, reportId) {
      issued.delete(keyOf(accountId, reportId))
    },
  }
}
