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
  const records = db.selectFrom('audit').select(['seq', 'at'])
  const oldest = await records.where('seq', '>', shippedSeq).orderBy('seq').limit(1).executeTakeFirst()
  const newest = await records.orderBy('seq', 'desc').limit(1).executeTakeFirst()
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
    // By their numbers, which follow one another: counting a trail of years would hold everybody up.
    waiting: oldest && newest ? newest.seq - shippedSeq : 0,
    oldestWaitingAt: oldest?.at ?? null,
    stalledSince: alarm?.raised_at ?? null,
    lastError,
  }
}
