import type { Transaction } from 'kysely'
import { VigilError } from '../../../shared/errors/index.ts'
import type { RandomBytes } from '../../../shared/time/clock.ts'
import type { Foundation } from '../../foundation.ts'
import { type Schema, whole } from '../../store/index.ts'
import type { Certificate } from '../certificate.ts'
import { type Actor, accountRow, rolesOf } from './account-row.ts'
import type { BoundCertificates } from './bound-certificates.ts'
import { mustNotBeBootstrap, mustNotBeOwn } from './officers.ts'

const hour = 3_600_000
/** Crockford's base32: without I, L, O and U, which are misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 130 bits. */
const codeLength = 26

/** One-time codes with which people bind their own keys at their first sign-in. */
export interface BindingCodes {
  /**
   * A code to hand to the person; it is shown this once and stored only as a keyed index. The one before it is void.
   * @throws VigilError `not-found`, `own-account`, `account-disabled`.
   */
  createBindingCode(accountId: string, by: Actor): Promise<{ code: string; expiresAt: number }>
  /**
   * Uses a code up and binds the certificate, together or not at all; the caller has seen that the certificate is trusted and
   * that its key is there. Runs in `trx`, or in a transaction of its own.
   * @returns the account's id.
   * @throws VigilError `binding-code-invalid` for one that is unknown, used, void or past its end; `account-disabled`,
   * `account-not-authorised`, `certificate-bound` or `conflict`, after which the code is still good.
   */
  bindByCode(
    request: { code: string; certificate: Certificate; workstationId: string; address: string },
    trx?: Transaction<Schema>,
  ): Promise<string>
}

export function createBindingCodes(foundation: Foundation, certificates: BoundCertificates): BindingCodes {
  const { store, protection, audit, clock, random, policies } = foundation
  const indexOf = (code: string) => protection.blindIndex('binding-code', code)

  async function use(trx: Transaction<Schema>, code: string): Promise<string> {
    const row = await whole(trx)
      .selectFrom('binding_codes')
      .select('account_id')
      .where('code_index', '=', indexOf(code))
      .executeTakeFirst()
    if (!row) throw new VigilError('binding-code-invalid')
    // The condition decides between two that come with the same code.
    const used = await trx
      .updateTable('binding_codes')
      .set({ used_at: clock() })
      .where('code_index', '=', indexOf(code))
      .where('used_at', 'is', null)
      .where('expires_at', '>', clock())
      .executeTakeFirst()
    if (used.numUpdatedRows !== 1n) throw new VigilError('binding-code-invalid')
    return row.account_id
  }

  return {
    async createBindingCode(accountId, by) {
      mustNotBeOwn(by, accountId)
      const code = crockford(random)
      const now = clock()
      const expiresAt = now + policies.current().signIn.oneTimeCodeHours * hour
      await store.transaction(async (trx) => {
        const account = await accountRow(trx, accountId)
        mustNotBeBootstrap(account)
        if (account.disabled !== 0) throw new VigilError('account-disabled')
        await trx
          .updateTable('binding_codes')
          .set({ expires_at: now })
          .where('account_id', '=', accountId)
          .where('used_at', 'is', null)
          .where('expires_at', '>', now)
          .execute()
        await trx
          .insertInto('binding_codes')
          .values({
            code_index: indexOf(code),
            account_id: accountId,
            created_at: now,
            expires_at: expiresAt,
            used_at: null,
          })
          .execute()
        await audit.append(trx, {
          action: 'account.binding-code-created',
          outcome: 'success',
          actor: by,
          object: { kind: 'account', id: accountId },
          detail: { expiresAt },
        })
      })
      return { code, expiresAt }
    },

    bindByCode({ code, certificate, workstationId, address }, trx) {
      const bind = async (within: Transaction<Schema>): Promise<string> => {
        const accountId = await use(within, code)
        const account = await accountRow(within, accountId)
        if (account.disabled !== 0) throw new VigilError('account-disabled')
        if (rolesOf(account).length === 0) throw new VigilError('account-not-authorised')
        const actor = { kind: 'account', id: accountId, workstationId, address } as const
        await certificates.insert(within, accountId, certificate, actor, { by: 'binding-code' })
        return accountId
      }
      return trx ? bind(trx) : store.transaction(bind)
    },
  }
}

function crockford(random: RandomBytes): string {
  return Array.from(random(codeLength), (byte) => alphabet[byte % 32]).join('')
}
