import type { Transaction } from 'kysely'
import type { z } from 'zod'
import { AuditVerificationState } from '../../shared/api/index.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'

const setting = 'audit-verification'
const place = { table: 'settings', column: 'value', row: setting }

/** How the last verification went that came to its end. */
const LastVerification = AuditVerificationState.omit({ running: true, checkpoint: true })
export type LastVerification = z.infer<typeof LastVerification>

/** Null where there was none, or what was kept of it was changed (which the scrub tells). */
export async function readLastVerification(
  queries: Queries,
  protection: Protection,
): Promise<LastVerification | null> {
  const row = await queries
    .selectFrom('settings')
    .select('value')
    .where('name', '=', setting)
    .executeTakeFirst()
  if (!row) return null
  try {
    return LastVerification.parse(JSON.parse(protection.open(place, row.value)))
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}

/** In the transaction of its record. */
export async function writeLastVerification(
  trx: Transaction<Schema>,
  protection: Protection,
  last: LastVerification,
): Promise<void> {
  const value = protection.seal(place, JSON.stringify(last))
  await trx
    .insertInto('settings')
    .values({ name: setting, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
