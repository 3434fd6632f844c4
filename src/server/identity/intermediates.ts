import type { Foundation } from '../foundation.ts'
import { type Certificate, readCertificate } from './certificate.ts'

const prefix = 'identity.intermediate.'

/**
 * Intermediate CAs that came with a sign-in and were part of a trusted path. A report's signature carries the user's
 * certificate alone; with these its path can be found again, by any gateway and after any restart.
 */
export function createIntermediates({ store, audit }: Pick<Foundation, 'store' | 'audit'>): {
  all(): Promise<Certificate[]>
  remember(certificates: readonly Certificate[]): Promise<void>
} {
  const known = new Map<string, Certificate>()
  return {
    async all() {
      const rows = await store.db
        .selectFrom('settings')
        .selectAll()
        .where('name', 'like', `${prefix}%`)
        .execute()
      for (const { name, value } of rows) {
        if (!known.has(name)) known.set(name, readCertificate(Buffer.from(value, 'base64')))
      }
      return [...known.values()]
    },
    async remember(certificates) {
      for (const certificate of certificates) {
        const name = prefix + certificate.fingerprint
        if (known.has(name)) continue
        await store.transaction(async (trx) => {
          const { numInsertedOrUpdatedRows } = await trx
            .insertInto('settings')
            .values({ name, value: certificate.der.toString('base64') })
            .onConflict((conflict) => conflict.column('name').doNothing())
            .executeTakeFirst()
          if (!numInsertedOrUpdatedRows) return
          await audit.append(trx, {
            action: 'certificate.intermediate-kept',
            outcome: 'success',
            actor: { kind: 'gateway', id: 'gateway' },
            object: { kind: 'certificate', id: certificate.fingerprint },
          })
        })
        known.set(name, certificate)
      }
    },
  }
}
