import type { Queries, Store } from '../store/index.ts'

/** How far the trail went to one receiver. */
export interface Cursor {
  shippedSeq: number
  settledSeq: number
  shippedAt: number | null
  lastError: string | null
}

/** A receiver that has had nothing yet gets everything from the first record on. */
const nothing: Cursor = { shippedSeq: 0, settledSeq: 0, shippedAt: null, lastError: null }

export async function readCursor(db: Queries, receiver: string): Promise<Cursor> {
  const row = await db
    .selectFrom('audit_shipping')
    .selectAll()
    .where('receiver', '=', receiver)
    .executeTakeFirst()
  if (!row) return nothing
  return {
    shippedSeq: row.shipped_seq,
    settledSeq: row.settled_seq,
    shippedAt: row.shipped_at,
    lastError: row.last_error,
  }
}

export async function writeCursor(store: Store, receiver: string, cursor: Cursor): Promise<void> {
  const row = {
    shipped_seq: cursor.shippedSeq,
    settled_seq: cursor.settledSeq,
    shipped_at: cursor.shippedAt,
    last_error: cursor.lastError,
  }
  await store.transaction((trx) =>
    trx
      .insertInto('audit_shipping')
      .values({ receiver, ...row })
      .onConflict((conflict) => conflict.column('receiver').doUpdateSet(row))
      .execute(),
  )
}
