import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createAuditArchive,
  createCheckpoints,
  createVerification,
  openEvidenceSigner,
} from '../../../src/server/audit/index.ts'
import { AuditConfig } from '../../../src/server/config/audit.ts'
import { openTestFoundation } from '../foundation.ts'

const day = 86_400_000
const by = { kind: 'cli', id: 't' } as const

describe('archive files', () => {
  let gateway: Awaited<ReturnType<typeof openTestFoundation>>
  let parts: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    gateway = await openTestFoundation({}, { now: new Date(2026, 7, 20).getTime() })
    parts = await open()
    // Three months of records, the last of them not complete.
    for (let n = 0; n < 60; n += 1) {
      await gateway.audit.record({
        action: 'test.done',
        outcome: 'success',
        actor: by,
        detail: { patient: '王小明', n },
      })
      gateway.time.now += day
    }
  })
  afterEach(() => gateway.close())

  async function open() {
    const checkpoints = createCheckpoints(gateway, await openEvidenceSigner(gateway))
    const directory = join(gateway.dir, 'audit-archive')
    const archive = createAuditArchive({ ...gateway, checkpoints, directory, keepMonths: 36 })
    const verification = createVerification({ ...gateway, checkpoints, archive })
    return { checkpoints, archive, verification }
  }
  const standing = () =>
    gateway.store.db
      .selectFrom('alarms')
      .select(['kind', 'subject', 'severity'])
      .where('cleared_at', 'is', null)
      .execute()

  it('are written for complete months, each record in one of them, and verify by themselves', async () => {
    const { archive } = parts
    expect(await archive.writeDue(by)).toEqual(['2026-08', '2026-09'])
    expect(await archive.writeDue(by)).toEqual([])
    const [august, september] = [await archive.verify('2026-08'), await archive.verify('2026-09')]
    expect(august).toMatchObject({ firstSeq: 1, rows: 12 })
    expect(september).toMatchObject({ firstSeq: 13, lastSeq: 42, rows: 30 })
    const file = archive.path('2026-08')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file).includes('test.done')).toBe(false)
    expect((await gateway.audit.tail()).filter(({ action }) => action === 'audit.archived')).toHaveLength(2)
    const read: number[] = []
    for await (const { seq } of archive.read('2026-09')) read.push(seq)
    expect(read).toEqual(Array.from({ length: 30 }, (_, n) => n + 13))
  })

  it('go on where the clock was wrong for a while', async () => {
    gateway.time.now = new Date(2031, 0, 1).getTime()
    await gateway.audit.record({ action: 'test.ahead', outcome: 'success', actor: by })
    gateway.time.now = new Date(2026, 9, 25).getTime()
    await gateway.audit.record({ action: 'test.back', outcome: 'success', actor: by })
    gateway.time.now = new Date(2026, 10, 2).getTime()
    expect(await parts.archive.writeDue(by)).toEqual(['2026-08', '2026-09', '2026-10'])
    expect(await parts.archive.verify('2026-10')).toMatchObject({ firstSeq: 43, lastSeq: 62 })
  })

  it.each([
    ['taken away', (path: string) => rmSync(path), 'missing'],
    [
      'changed by one bit',
      (path: string) => {
        const bytes = readFileSync(path)
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40)
        writeFileSync(path, bytes)
      },
      'damaged',
    ],
    ['cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -30)), 'damaged'],
    ['written on', (path: string) => writeFileSync(path, 'x', { flag: 'a' }), 'damaged'],
    [
      'put in the place of another month',
      (path: string) => writeFileSync(path, readFileSync(path.replace('2026-09', '2026-08'))),
      'damaged',
    ],
  ])('%s are found, written anew from the table, and an alarm says so', async (_, damage, was) => {
    const { archive } = parts
    await archive.writeDue(by)
    damage(archive.path('2026-09'))
    await expect(archive.verify('2026-09')).rejects.toThrow()
    expect(await archive.check(true)).toEqual({ damaged: ['2026-09'] })
    expect(await archive.verify('2026-09')).toMatchObject({ rows: 30 })
    expect(await standing()).toEqual([
      { kind: 'data-damaged', subject: 'audit-archive/2026-09', severity: 'warning' },
    ])
    expect(
      (await gateway.audit.tail()).find(({ action }) => action === 'audit.archive-restored'),
    ).toMatchObject({
      outcome: 'success',
      object: 'audit-archive:2026-09',
      detail: { was },
    })
    expect(await archive.check(true)).toEqual({ damaged: [] })
    expect(await standing()).toEqual([])
  })

  it('are not made of records that were changed', async () => {
    const raw = new Database(join(gateway.dir, 'vigil.db'))
    raw.exec(`drop trigger audit_no_update; update audit set outcome = 'failed' where seq = 5`)
    raw.close()
    await expect(parts.archive.writeDue(by)).rejects.toThrow('row 5')
    expect(existsSync(parts.archive.path('2026-08'))).toBe(false)
  })

  it('are kept for six months at the least, whatever the configuration says', () => {
    expect(AuditConfig.safeParse({ keepMonths: 5 }).success).toBe(false)
    expect(AuditConfig.parse({}).keepMonths).toBeGreaterThanOrEqual(6)
  })

  it('are part of the verification, which raises an alarm for a broken chain and clears it', async () => {
    const { verification, archive, checkpoints } = parts
    await archive.writeDue(by)
    await checkpoints.make()
    await verification.begin(by)
    await verification.begin(by)
    await verification.finished()
    const state = await verification.handlers.auditVerification({} as never)
    expect(state).toMatchObject({
      running: false,
      rows: expect.any(Number),
      faults: [],
      checkpoint: { shippedSeq: null },
    })
    expect(state.finishedAt).not.toBeNull()

    const raw = new Database(join(gateway.dir, 'vigil.db'))
    const [trigger] = raw
      .prepare(`select sql from sqlite_schema where name = 'audit_no_update'`)
      .pluck()
      .all()
    raw.exec(`drop trigger audit_no_update; update audit set at = at + 1 where seq = 50; ${trigger}`)
    await verification.begin(by)
    await verification.finished()
    expect((await verification.handlers.auditVerification({} as never)).faults).toEqual([
      { seq: 50, fault: 'changed' },
    ])
    expect(await standing()).toEqual([{ kind: 'audit-broken', subject: '', severity: 'serious' }])
    raw.exec(`drop trigger audit_no_update; update audit set at = at - 1 where seq = 50; ${trigger}`)
    raw.close()
    // After a restart it is known when it last ran, and how it ended.
    const found = await verification.handlers.auditVerification({} as never)
    expect(await (await open()).verification.handlers.auditVerification({} as never)).toEqual(found)
    expect(found.finishedAt).not.toBeNull()
    await verification.begin(by)
    await verification.finished()
    expect(await standing()).toEqual([])
    const again = await (await open()).verification.handlers.auditVerification({} as never)
    expect(again).toMatchObject({ running: false, faults: [] })
    expect(again.rows).toBeGreaterThan(60)
    const told = (await gateway.audit.tail()).filter(({ action }) => action === 'audit.verified')
    expect(told.map(({ outcome }) => outcome)).toEqual(['success', 'failed', 'success'])
  })
})
