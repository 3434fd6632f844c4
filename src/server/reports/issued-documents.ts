import type { Clock } from '../../shared/time/clock.ts'

/** How long a document that was prepared for signing may be signed. */
const lifetimeMs = 15 * 60_000

/**
 * Remembers, per person and report, the last document handed out for signing, so that only that one is accepted.
 * In memory: after a restart of the gateway the workstation prepares again.
 */
export interface IssuedDocuments {
  issue(accountId: string, reportId: string, canonical: string, preparedAt: number): void
  /** True where exactly this document was handed out last, and not too long ago. */
  isIssued(accountId: string, reportId: string, canonical: string): boolean
  withdraw(accountId: string, reportId: string): void
}

export function createIssuedDocuments(clock: Clock): IssuedDocuments {
  const issued = new Map<string, { canonical: string; preparedAt: number }>()
  const keyOf = (accountId: string, reportId: string) => `${accountId} ${reportId}`
  const fresh = (preparedAt: number) => clock() - preparedAt <= lifetimeMs
  return {
    issue(accountId, reportId, canonical, preparedAt) {
      for (const [key, document] of issued) if (!fresh(document.preparedAt)) issued.delete(key)
      issued.set(keyOf(accountId, reportId), { canonical, preparedAt })
    },
    isIssued(accountId, reportId, canonical) {
      const document = issued.get(keyOf(accountId, reportId))
      return document !== undefined && fresh(document.preparedAt) && document.canonical === canonical
    },
    withdraw(accountId, reportId) {
      issued.delete(keyOf(accountId, reportId))
    },
  }
}
