import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealRows } from '../../../src/server/integrity/index.ts'
import { openStore } from '../../../src/server/store/index.ts'
import { startGateway, type TestGateway } from '../gateway-harness.ts'

let gateway: TestGateway
beforeEach(async () => {
  // No sweep of its own: what ends a session here is seen by the request alone.
  gateway = await startGateway({ tuning: { sweepMs: 600_000 } })
})
afterEach(() => gateway.close())
/** As another process opens it. */
async function openOther() {
  const store = await openStore(join(gateway.dir, 'vigil.db'))
  await sealRows({ store, protection: gateway.foundation.protection })
  return store
}

async function atWork() {
  const session = await gateway.session(await gateway.workstation('one'), await gateway.person('reader'))
  const { call } = gateway.connect(session.identity)
  // Twice, so that the second is answered from memory.
  for (const _ of [1, 2]) expect(await call('session')).toMatchObject({ status: 200 })
  return { id: session.id, call }
}

describe('a session that is kept in memory', () => {
  it('is over for the very next request when another process ended it', async () => {
    const { id, call } = await atWork()
    const other = await openOther()
    try {
      await other.db
        .updateTable('sessions')
        .set({ state: 'ended', ended_at: Date.now(), end_reason: 'revoked' })
        .where('id', '=', id)
        .execute()
      expect(await call('session')).toMatchObject({ status: 401, body: { code: 'session-ended' } })
    } finally {
      await other.close()
    }
  })

  it('loses rights with the very next request after the account lost them, here or in another process', async () => {
    const { id, call } = await atWork()
    const { db } = gateway.foundation.store
    await db.updateTable('accounts').set({ clearance: 'highly-sensitive' }).execute()
    expect(await call('session')).toMatchObject({ status: 200 })
    const other = await openOther()
    try {
      await other.db.updateTable('accounts').set({ disabled: 1 }).execute()
    } finally {
      await other.close()
    }
    expect(await call('session')).toMatchObject({ status: 401, body: { facts: { reason: 'revoked' } } })
    const row = await db.selectFrom('sessions').select('state').where('id', '=', id).executeTakeFirst()
    expect(row?.state).toBe('ended')
  })
})

describe('the mark of the store', () => {
  it('is the same while nothing is written, and another after each write, here, there, or taken back', async () => {
    const { store } = gateway.foundation
    const other = await openOther()
    const seen = new Set<string>()
    const next = () => {
      expect(store.mark()).toBe(store.mark())
      expect(seen.has(store.mark())).toBe(false)
      seen.add(store.mark())
    }
    try {
      await store.db.selectFrom('accounts').selectAll().execute()
      next()
      await gateway.workstation('two')
      next()
      await other.db.updateTable('workstations').set({ suspended_at: 1 }).execute()
      next()
      const taken = store.transaction(async (trx) => {
        await trx.updateTable('workstations').set({ suspended_at: 2 }).execute()
        throw new Error('taken back')
      })
      await expect(taken).rejects.toThrow('taken back')
      next()
    } finally {
      await other.close()
    }
  })
})
