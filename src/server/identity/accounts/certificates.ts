import type { Transaction } from 'kysely'
import { z } from 'zod'
import { Reason } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { type Schema, whole } from '../../store/index.ts'
import { type Certificate, readCertificate } from '../certificate.ts'
import { type Actor, accountRow, checked, rolesOf } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import { ableHolders, mustNotBeBootstrap, mustNotBeOwn, mustNotStrand } from './officers.ts'

/** An account as sign-in needs it. */
export interface CertifiedAccount {
  id: string
  disabled: boolean
  /** It has a role; without one it cannot sign in (`account-not-authorised`). */
  authorised: boolean
  /** The binding of the certificate to the account was revoked. */
  bindingRevoked: boolean
}

/** Which keys speak for whom. */
export interface Certificates {
  /**
   * Lets a certificate (PEM or DER) speak for the account. Whether it is trusted is asked at sign-in.
   * @returns its fingerprint. @throws VigilError `bad-request`, `not-found`, `own-account`, `certificate-bound` where it is
   * another account's, even one that was revoked; `conflict` where it is bound to this one.
   */
  bindCertificate(accountId: string, certificate: string | Buffer, by: Actor): Promise<string>
  /**
   * For good: a revoked certificate is never bound again.
   * @throws VigilError `not-found`, `own-account`, or `last-officer` for the last one of the last security officer, without whom
   * no key could be bound again.
   */
  revokeCertificate(fingerprint: string, reason: string, by: Actor): Promise<void>
  ofCertificate(fingerprint: string): Promise<CertifiedAccount | null>
}

export function createCertificates(
  { store, audit, clock }: Foundation,
  bound: BoundCertificates,
): Certificates {
  async function mustLeaveSecurityOfficer(trx: Transaction<Schema>, row: Schema['accounts']): Promise<void> {
    const role = 'security-officer'
    if (row.disabled !== 0 || !rolesOf(row).includes(role)) return
    if ((await ableHolders(trx, bound, role)).size === 0) throw new VigilError('last-officer', { role })
  }

  return {
    async bindCertificate(accountId, source, by) {
      const certificate = certificateFrom(source)
      mustNotBeOwn(by, accountId)
      await store.transaction(async (trx) => {
        mustNotBeBootstrap(await accountRow(trx, accountId))
        await bound.insert(trx, accountId, certificate, by)
      })
      return certificate.fingerprint
    },

    async revokeCertificate(fingerprint, reason, by) {
      const why = checked(z.strictObject({ reason: Reason }), { reason })
      await store.transaction(async (trx) => {
        const binding = await trx
          .selectFrom('account_certificates')
          .select('account_id')
          .where('fingerprint', '=', fingerprint)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (!binding) throw new VigilError('not-found', { field: 'certificate' })
        mustNotBeOwn(by, binding.account_id)
        const row = await accountRow(trx, binding.account_id)
        await trx
          .updateTable('account_certificates')
          .set({ revoked_at: clock() })
          .where('fingerprint', '=', fingerprint)
          .execute()
        await mustLeaveSecurityOfficer(trx, row)
        await mustNotStrand(trx, row)
        await audit.append(trx, {
          action: 'account.certificate-revoked',
          outcome: 'success',
          actor: by,
          object: { kind: 'certificate', id: fingerprint },
          detail: { accountId: binding.account_id, ...why },
        })
      })
    },

    async ofCertificate(fingerprint) {
      const row = await whole(store.db)
        .selectFrom('account_certificates')
        .innerJoin('accounts', 'accounts.id', 'account_certificates.account_id')
        .select(['accounts.id', 'accounts.disabled', 'accounts.roles', 'account_certificates.revoked_at'])
        .where('account_certificates.fingerprint', '=', fingerprint)
        .executeTakeFirst()
      if (!row) return null
      return {
        id: row.id,
        disabled: row.disabled !== 0,
        authorised: rolesOf(row).length > 0,
        bindingRevoked: row.revoked_at !== null,
      }
    },
  }
}

/** From PEM, DER, or base64 of DER. @throws VigilError `bad-request`. */
export function certificateFrom(source: string | Buffer): Certificate {
  try {
    const isBase64 = typeof source === 'string' && !source.includes('-----BEGIN')
    return readCertificate(isBase64 ? Buffer.from(source, 'base64') : source)
  } catch {
    throw new VigilError('bad-request', { field: 'certificate' })
  }
}
