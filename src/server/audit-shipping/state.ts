import type { AuditShippingState } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import { readCursor } from './cursor.ts'

/** `host:port` of the configured receiver; null where there is none. */
export function receiverName({ config }: Pick<Foundation, 'config'>): string | null {
  const { shipping } = config.audit
  return shipping ? `${shipping.host}:${shipping.port}` : null
}

/** How the copies to the log server stand, as the database has it: for the route and for the CLI. */
export async function shippingState(
  foundation: Pick<Foundation, 'config' | 'store'>,
): Promise<AuditShippingState> {
  const { db } = foundation.store
  const receiver = receiverName(foundation)
  const { shippedSeq, shippedAt, lastError } = await readCursor(db, receiver ?? '')
  const { waiting, oldest } = await db
    .selectFrom('audit')
    .select((eb) => [eb.fn.countAll<number>().as('waiting'), eb.fn.min('seq').as('oldest')])
    .where('seq', '>', shippedSeq)
    .executeTakeFirstOrThrow()
  const first =
    oldest === null
      ? undefined
      : await db.selectFrom('audit').select('at').where('seq', '=', oldest).executeTakeFirst()
  const alarm = await db
    .selectFrom('alarms')
    .select('raised_at')
    .where('kind', '=', 'audit-shipping-stalled')
    .where('cleared_at', 'is', null)
    .executeTakeFirst()
  return {
    receiver,
    shippedSeq,
    lastShippedAt: shippedAt,
    waiting,
    oldestWaitingAt: first?.at ?? null,
    stalledSince: alarm?.raised_at ?? null,
    lastError,
  }
}
