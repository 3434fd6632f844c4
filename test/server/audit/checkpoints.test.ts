import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { CompiledQuery } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createAuditTrail,
  createCheckpointSchedule,
  createCheckpoints,
  openEvidenceSigner,
} from '../../../src/server/audit/index.ts'
import { AuditCheckpoint } from '../../../src/shared/audit/index.ts'
import { openTestFoundation } from '../foundation.ts'

type Foundation = Awaited<ReturnType<typeof openTestFoundation>>

describe('checkpoints', () => {
  let gateway: Foundation
  beforeEach(async () => {
    gateway = await openTestFoundation()
  })
  afterEach(() => gateway.close())

  const record = async (of: Foundation, times: number) => {
    for (let n = 0; n < times; n += 1)
      await of.audit.record({ action: 'test.done', outcome: 'success', actor: { kind: 'cli', id: 't' } })
  }
  const open = async (of: Foundation) => createCheckpoints(of, await openEvidenceSigner(of))
  const made = async (of: Foundation) => AuditCheckpoint.parse(await (await open(of)).make())

  it('are signed anew only where something was recorded since', async () => {
    const checkpoints = await open(gateway)
    expect(await checkpoints.make()).toBeNull()
    await record(gateway, 3)
    const first = await made(gateway)
    expect(first).toMatchObject({ seq: 3, gatewayId: 'gateway-under-test' })
    expect(await checkpoints.make()).toEqual(first)
    expect(await checkpoints.latest()).toEqual(first)
    await record(gateway, 2)
    const second = await made(gateway)
    expect(second.seq).toBe(5)
    expect(await checkpoints.verifyAgainst([second, first])).toBeNull()
  })

  it('are signed by the same key after the directory is opened anew, and kept as ciphertext', async () => {
    const { certificatePem } = await open(gateway)
    const again = await open({ ...gateway })
    expect(again.certificatePem).toBe(certificatePem)
    const raw = new Database(join(gateway.dir, 'vigil.db'), { readonly: true })
    const kept = raw.prepare(`select value from settings where name = 'audit-signer'`).pluck().get()
    raw.close()
    expect(kept).toMatch(/^v\d/)
    expect(kept).not.toMatch(/PRIVATE|CERTIFICATE/)
  })

  it('tell which of them left the machine', async () => {
    const checkpoints = await open(gateway)
    await record(gateway, 1)
    const first = await made(gateway)
    await record(gateway, 1)
    const second = await made(gateway)
    expect(await checkpoints.unshipped(10)).toEqual([first, second])
    await checkpoints.shipped(first.seq)
    await checkpoints.shipped(first.seq)
    expect(await checkpoints.unshipped(10)).toEqual([second])
    expect(await checkpoints.lastShipped()).toEqual({ seq: first.seq, at: gateway.time.now })
  })

  it('tell alone that the whole database was put back, and also once it was written on', async () => {
    await record(gateway, 4)
    await open(gateway)
    await gateway.store.db.executeQuery(
      // The attacker copies the file while it is quiet.
      CompiledQuery.raw('pragma wal_checkpoint(truncate)'),
    )
    const old = join(gateway.dir, 'old.db')
    copyFileSync(join(gateway.dir, 'vigil.db'), old)
    await record(gateway, 4)
    const kept = await made(gateway)
    expect(kept.seq).toBe(8)

    const dir = join(gateway.dir, 'back')
    mkdirSync(dir)
    copyFileSync(old, join(dir, 'vigil.db'))
    const back = await openTestFoundation(
      {},
      { dir, masterKey: gateway.masterKey, now: gateway.time.now + 60_000 },
    )
    try {
      // Every key, every seal and the head agree: by itself it is whole.
      expect(await back.audit.verify()).toEqual({ rows: 4, faults: [] })
      const checkpoints = await open(back)
      expect(await checkpoints.verifyAgainst([kept])).toEqual({ seq: 5, fault: 'truncated' })
      await record(back, 10)
      expect((await back.audit.verify()).faults).toEqual([])
      expect(await checkpoints.verifyAgainst([kept])).toEqual({ seq: 8, fault: 'truncated' })
    } finally {
      await back.store.close()
    }
  })

  it.each([
    ['moved to another record', { seq: 2 }],
    ['of another hash', { hash: '0'.repeat(64) }],
    ['of another gateway', { gatewayId: 'somebody' }],
    ['of another signer', { signer: 'f'.repeat(64) }],
    ['whose signature was changed', { signature: 'MEUCIQ==' }],
  ])('refuse one %s', async (_, change) => {
    await record(gateway, 3)
    const checkpoints = await open(gateway)
    const good = await made(gateway)
    await expect(checkpoints.verifyAgainst([{ ...good, ...change }])).rejects.toThrow(
      /checkpoint of record \d/,
    )
  })

  it('do not attest a chain whose end was cut off', async () => {
    await record(gateway, 5)
    const raw = new Database(join(gateway.dir, 'vigil.db'))
    raw.exec('drop trigger audit_no_delete; delete from audit where seq > 3')
    raw.close()
    expect(await (await open(gateway)).make()).toBeNull()
  })

  it('come after so many records or so long, and at the end', async () => {
    const checkpoints = await open(gateway)
    const every = { checkpointRecords: 3, checkpointMinutes: 0.001 }
    const schedule = createCheckpointSchedule({ ...gateway, checkpoints, every })
    schedule.start()
    await record(gateway, 3)
    await expect.poll(async () => (await checkpoints.latest())?.seq, { timeout: 5000 }).toBe(3)
    await record(gateway, 1)
    gateway.time.now += 60
    await expect
      .poll(
        async () => {
          gateway.time.now += 60
          return (await checkpoints.latest())?.seq
        },
        { timeout: 5000 },
      )
      .toBe(4)
    await record(gateway, 1)
    await schedule.stop()
    expect((await checkpoints.latest())?.seq).toBe(5)
  })

  it('are of the trail as another process left it', async () => {
    await record(gateway, 2)
    const other = createAuditTrail(gateway)
    await other.record({ action: 'test.other', outcome: 'success', actor: { kind: 'cli', id: 't' } })
    expect((await made(gateway)).seq).toBe(3)
  })
})
