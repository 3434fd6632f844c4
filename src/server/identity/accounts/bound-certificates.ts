import type { Transaction } from 'kysely'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import { type Certificate, readCertificate } from '../certificate.ts'
import type { Actor } from './account-row.ts'

/** A certificate that speaks, or spoke, for a person. */
export interface BoundCertificate {
  fingerprint: string
  accountId: string
  revoked: boolean
  /** Null where it was damaged, or bound before certificates were kept. */
  certificate: Certificate | null
}

/** The certificates of accounts, as stored. */
export interface BoundCertificates {
  /** Within the caller's transaction. @throws VigilError `certificate-bound` where it is another's, `conflict` where it is bound. */
  insert(
    trx: Transaction<Schema>,
    accountId: string,
    certificate: Certificate,
    by: Actor,
    more?: Record<string, unknown>,
  ): Promise<void>
  all(): Promise<BoundCertificate[]>
  /** Which of these accounts have a certificate that speaks for them now: not revoked here, not expired. */
  holders(queries: Queries, accountIds: readonly string[]): Promise<Set<string>>
  /** How many such certificates each account has. */
  counts(): Promise<Map<string, number>>
}

const place = (fingerprint: string) => ({
  table: 'account_certificates',
  column: 'sealed_certificate',
  row: fingerprint,
})

export function createBoundCertificates(foundation: Foundation): BoundCertificates {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)
  /** By fingerprint, with the sealed value that each was read from. */
  const read = new Map<string, { sealed: string; certificate: Certificate | null }>()

  /** Null where it cannot be trusted. Reports nothing: it runs within transactions. */
  function opened(fingerprint: string, sealed: string): Certificate | null {
    const known = read.get(fingerprint)
    if (known?.sealed === sealed) return known.certificate
    const certificate = openedAnew(fingerprint, sealed)
    read.set(fingerprint, { sealed, certificate })
    return certificate
  }

  function openedAnew(fingerprint: string, sealed: string): Certificate | null {
    try {
      return readCertificate(Buffer.from(protection.open(place(fingerprint), sealed), 'base64'))
    } catch (error) {
      if (error instanceof IntegrityError) return null
      throw error
    }
  }

  /** Of one whose end is not known, the sign-in will tell. */
  async function speaking(queries: Queries, accountIds?: readonly string[]): Promise<string[]> {
    let query = queries
      .selectFrom('account_certificates')
      .select(['fingerprint', 'account_id', 'sealed_certificate'])
      .where('revoked_at', 'is', null)
    if (accountIds) query = query.where('account_id', 'in', accountIds)
    const rows = await query.execute()
    return rows
      .filter(({ fingerprint, sealed_certificate: sealed }) => {
        const certificate = sealed === null ? null : opened(fingerprint, sealed)
        return certificate === null || clock() <= certificate.notAfter
      })
      .map((row) => row.account_id)
  }

  return {
    async insert(trx, accountId, certificate, by, more = {}) {
      const { fingerprint, der } = certificate
      const bound = await trx
        .selectFrom('account_certificates')
        .select('account_id')
        .where('fingerprint', '=', fingerprint)
        .executeTakeFirst()
      if (bound && bound.account_id !== accountId) throw new VigilError('certificate-bound')
      if (bound) throw new VigilError('conflict', { field: 'certificate' })
      await trx
        .insertInto('account_certificates')
        .values({
          fingerprint,
          account_id: accountId,
          bound_at: clock(),
          revoked_at: null,
          sealed_certificate: protection.seal(place(fingerprint), der.toString('base64')),
        })
        .execute()
      await audit.append(trx, {
        action: 'account.certificate-bound',
        outcome: 'success',
        actor: by,
        object: { kind: 'account', id: accountId },
        detail: { certificate: fingerprint, ...more },
      })
    },

    async all() {
      const rows = await store.db
        .selectFrom('account_certificates')
        .selectAll()
        .orderBy('bound_at')
        .orderBy('fingerprint')
        .execute()
      const bound: BoundCertificate[] = []
      for (const { fingerprint, account_id, revoked_at, sealed_certificate: sealed } of rows) {
        const certificate = sealed === null ? null : opened(fingerprint, sealed)
        if (sealed !== null && certificate === null) await damage.report(place(fingerprint))
        bound.push({ fingerprint, accountId: account_id, revoked: revoked_at !== null, certificate })
      }
      return bound
    },

    holders: async (queries, accountIds) => new Set(await speaking(queries, accountIds)),

    async counts() {
      const counts = new Map<string, number>()
      for (const id of await speaking(store.db)) counts.set(id, (counts.get(id) ?? 0) + 1)
      return counts
    },
  }
}
