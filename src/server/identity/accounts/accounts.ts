import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Role } from '../../../shared/access/index.ts'
import type { AccountRow } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { type Certificate, readCertificate } from '../certificate.ts'

type Actor = AuditEntry['actor']

const officers: readonly Role[] = ['system-administrator', 'security-officer', 'auditor']

/** A person's account as it is asked for. Login names are compared without case. */
export const NewAccount = z.strictObject({
  loginName: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/),
  displayName: z.string().trim().min(1).max(60),
  /** An officer's account has that one role: the three do not overlap, and none does clinical work. */
  roles: z
    .array(Role)
    .min(1)
    .refine((roles) => roles.length === 1 || !roles.some((role) => officers.includes(role))),
})
export type NewAccount = z.infer<typeof NewAccount>

/** An account as sign-in needs it. */
export interface CertifiedAccount {
  id: string
  disabled: boolean
  /** The binding of the certificate to the account was revoked. */
  bindingRevoked: boolean
}

export interface Accounts {
  /** @returns the id. @throws VigilError `bad-request` naming the field, `conflict` for a login name that is taken. */
  create(account: NewAccount, by: Actor): Promise<string>
  /** From the next request on, the account's session is refused and ended. @throws VigilError `not-found`. */
  disable(id: string, by: Actor): Promise<void>
  /** The id of the account of this login name, or null. */
  idOf(loginName: string): Promise<string | null>
  /**
   * Lets a certificate (PEM or DER) speak for the account. Whether it is trusted is asked at sign-in.
   * @returns its fingerprint. @throws VigilError `bad-request`, `not-found`, `conflict` where it speaks for an account already.
   */
  bindCertificate(accountId: string, certificate: string | Buffer, by: Actor): Promise<string>
  /** @throws VigilError `not-found`. */
  revokeCertificate(fingerprint: string, by: Actor): Promise<void>
  ofCertificate(fingerprint: string): Promise<CertifiedAccount | null>
  /** A name that was damaged is empty in it, and reported: one account's damage hides no other. */
  list(): Promise<AccountRow[]>
}

/** Accounts are people: one login name, one set of roles, and the certificates that speak for them. */
export function createAccounts(foundation: Foundation): Accounts {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)
  const place = (column: string, row: string) => ({ table: 'accounts', column, row })
  const loginIndex = (loginName: string) =>
    protection.blindIndex('login-name', loginName.trim().toLowerCase())

  async function mustExist(id: string): Promise<void> {
    const row = await store.db.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst()
    if (!row) throw new VigilError('not-found', { field: 'account' })
  }

  return {
    async create(input, by) {
      const parsed = NewAccount.safeParse(input)
      if (!parsed.success) {
        throw new VigilError('bad-request', { field: String(parsed.error.issues[0]?.path[0] ?? 'account') })
      }
      const { loginName, displayName, roles } = parsed.data
      const id = randomUUID()
      await store.transaction(async (trx) => {
        const login_index = loginIndex(loginName)
        const taken = await trx
          .selectFrom('accounts')
          .select('id')
          .where('login_index', '=', login_index)
          .executeTakeFirst()
        if (taken) throw new VigilError('conflict', { field: 'loginName' })
        await trx
          .insertInto('accounts')
          .values({
            id,
            login_index,
            sealed_login: protection.seal(place('sealed_login', id), loginName),
            sealed_name: protection.seal(place('sealed_name', id), displayName),
            roles: JSON.stringify(roles),
            staff_index: null,
            sealed_staff_number: null,
            clearance: 'general',
            emergency: 0,
            disabled: 0,
            created_at: clock(),
          })
          .execute()
        await audit.append(trx, {
          action: 'account.created',
          outcome: 'success',
          actor: by,
          object: { kind: 'account', id },
          detail: { roles },
        })
      })
      return id
    },

    async disable(id, by) {
      await mustExist(id)
      await store.transaction(async (trx) => {
        await trx.updateTable('accounts').set({ disabled: 1 }).where('id', '=', id).execute()
        const object = { kind: 'account', id }
        await audit.append(trx, { action: 'account.disabled', outcome: 'success', actor: by, object })
      })
    },

    async idOf(loginName) {
      const row = await store.db
        .selectFrom('accounts')
        .select('id')
        .where('login_index', '=', loginIndex(loginName))
        .executeTakeFirst()
      return row?.id ?? null
    },

    async bindCertificate(accountId, source, by) {
      const { fingerprint } = readable(source)
      await mustExist(accountId)
      await store.transaction(async (trx) => {
        const bound = await trx
          .selectFrom('account_certificates')
          .select('account_id')
          .where('fingerprint', '=', fingerprint)
          .executeTakeFirst()
        if (bound) throw new VigilError('conflict', { field: 'certificate' })
        await trx
          .insertInto('account_certificates')
          .values({
            fingerprint,
            account_id: accountId,
            bound_at: clock(),
            revoked_at: null,
            sealed_certificate: null,
          })
          .execute()
        await audit.append(trx, {
          action: 'account.certificate-bound',
          outcome: 'success',
          actor: by,
          object: { kind: 'account', id: accountId },
          detail: { certificate: fingerprint },
        })
      })
      return fingerprint
    },

    async revokeCertificate(fingerprint, by) {
      await store.transaction(async (trx) => {
        const result = await trx
          .updateTable('account_certificates')
          .set({ revoked_at: clock() })
          .where('fingerprint', '=', fingerprint)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (result.numUpdatedRows === 0n) throw new VigilError('not-found', { field: 'certificate' })
        await audit.append(trx, {
          action: 'account.certificate-revoked',
          outcome: 'success',
          actor: by,
          object: { kind: 'certificate', id: fingerprint },
        })
      })
    },

    async ofCertificate(fingerprint) {
      const row = await store.db
        .selectFrom('account_certificates')
        .innerJoin('accounts', 'accounts.id', 'account_certificates.account_id')
        .select(['accounts.id', 'accounts.disabled', 'account_certificates.revoked_at'])
        .where('account_certificates.fingerprint', '=', fingerprint)
        .executeTakeFirst()
      return row
        ? { id: row.id, disabled: row.disabled !== 0, bindingRevoked: row.revoked_at !== null }
        : null
    },

    async list() {
      const rows = await store.db
        .selectFrom('accounts')
        .leftJoin('account_certificates', (join) =>
          join
            .onRef('account_certificates.account_id', '=', 'accounts.id')
            .on('account_certificates.revoked_at', 'is', null),
        )
        .selectAll('accounts')
        .select((eb) => eb.fn.count<number>('account_certificates.fingerprint').as('certificates'))
        .groupBy('accounts.id')
        .orderBy('accounts.created_at')
        .execute()
      const accounts: AccountRow[] = []
      for (const row of rows) {
        accounts.push({
          id: row.id,
          loginName: await damage.opened(protection, place('sealed_login', row.id), row.sealed_login),
          displayName: await damage.opened(protection, place('sealed_name', row.id), row.sealed_name),
          roles: Role.array().parse(JSON.parse(row.roles)),
          staffNumber: '',
          clearance: row.clearance,
          emergency: row.emergency !== 0,
          password: null,
          lockedUntil: null,
          fallbackUntil: null,
          totpEnrolled: false,
          lastSignInAt: null,
          disabled: row.disabled !== 0,
          certificates: Number(row.certificates),
          createdAt: row.created_at,
        })
      }
      return accounts
    },
  }
}

function readable(source: string | Buffer): Certificate {
  try {
    return readCertificate(source)
  } catch {
    throw new VigilError('bad-request', { field: 'certificate' })
  }
}
