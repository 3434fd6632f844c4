import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CheckpointFile,
  createCheckpoints,
  openEvidenceSigner,
} from '../../../src/server/audit/index.ts'
import { directoryPlace, restoreBackup } from '../../../src/server/backup/index.ts'
import { attested } from '../../../src/server/backup/known-lost.ts'
import { openCopy } from '../../../src/server/backup/opened-copy.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from './gateway-directory.ts'
import { vigilBackup } from './vigil-command.ts'

describe('what checkpoints say of a restored audit', () => {
  const restored = {
    end: { seq: 10, at: 1000 },
    coversUntil: 1500,
    hashAt: async (seq: number) => (seq <= 10 ? `h${seq}` : null),
  }
  const at = (seq: number, time: number, hash = `h${seq}`) => ({ seq, hash, at: time })

  it.each([
    ['all that it attests is there', [at(4, 500), at(10, 1400)], { kind: 'whole', seq: 10 }],
    [
      'later records are lost',
      [at(25, 9000), at(10, 1000)],
      { kind: 'lost', seq: 10, lost: { first: 11, last: 25, records: 15, from: 1000, until: 9000 } },
    ],
    [
      'a record is another',
      [at(25, 9000), at(7, 700, 'other')],
      { kind: 'tampered', seq: 7, how: 'changed' },
    ],
    [
      'records were gone before the backup was made',
      [at(12, 1500), at(25, 9000)],
      { kind: 'tampered', seq: 11, how: 'truncated' },
    ],
  ])('%s', async (_, checkpoints, expected) => {
    expect(await attested(restored, checkpoints)).toEqual(expected)
  })
})

describe('a restore that is held against a checkpoint from elsewhere', () => {
  let gateway: GatewayDirectory
  let before: CheckpointFile
  let after: CheckpointFile
  let lastBefore = 0
  beforeAll(async () => {
    gateway = await openGatewayDirectory()
    await gateway.write('before')
    before = await checkpoint()
    await gateway.backups.run('full', by)
    lastBefore = before.seq
    gateway.time.now += 3_600_000
    for (const name of ['one', 'two', 'three']) await gateway.write(name)
    after = await checkpoint()
  })
  afterAll(() => gateway.close())

  async function checkpoint(): Promise<CheckpointFile> {
    const signer = await openEvidenceSigner(gateway.foundation)
    const made = await createCheckpoints(gateway.foundation, signer).make()
    if (!made) throw new Error('no checkpoint')
    return { ...made, certificate: signer.certificatePem }
  }
  const restore = (name: string, checkpoints: CheckpointFile[], of = gateway.dir) =>
    restoreBackup({
      ...gateway.keys,
      place: directoryPlace('local', join(of, 'backups')),
      to: join(gateway.root, name),
      checkpoints,
      actor: by,
    })
  const recorded = async (name: string) => {
    const copy = await openCopy('x', join(gateway.root, name, 'vigil.db'), gateway.keys)
    const [row] = await copy.audit.tail(undefined, ['backup.restored'])
    await copy.store.close()
    return row?.detail
  }

  it('says how many records are lost, which, and of what time, and records it', async () => {
    const { checks, attested: found } = await restore('lost', [after])
    const lost = {
      first: lastBefore + 1,
      last: after.seq,
      records: after.seq - lastBefore,
      from: expect.any(Number),
      until: after.at,
    }
    expect(found).toEqual({ kind: 'lost', seq: lastBefore, lost })
    expect(checks.at(-1)).toMatchObject({ name: 'known-lost', passed: true })
    expect(await recorded('lost')).toMatchObject({ failed: [], checkpoint: { kind: 'lost', lost } })
  })

  it('tells on the command line, from a log server’s file too', async () => {
    const log = join(gateway.root, 'vigil-audit.log')
    const line = (message: string, text: string) =>
      `<109>1 2026-11-23T10:00:00Z gateway vigil 1 ${message} [x@1 a="{"] ${text}\n`
    await writeFile(
      log,
      line('IHE+RFC-3881', '<AuditMessage/>') + line('VIGIL-CHECKPOINT', JSON.stringify(after)),
    )
    const to = join(gateway.root, 'told')
    const { code, said } = await vigilBackup('restore', '--dir', gateway.dir, '--to', to, '--checkpoint', log)
    expect([code, said]).toEqual([0, said])
    const many = after.seq - lastBefore
    expect(said).toContain(`LOST: ${many} audit records, ${lastBefore + 1} to ${after.seq}, made between `)
    expect(said).toContain('nobody took them away')
  })

  it('refuses what another gateway, or nobody, signed', async () => {
    const other = await openGatewayDirectory()
    await other.write('something')
    const signer = await openEvidenceSigner(other.foundation)
    const { foundation } = other
    const made = await createCheckpoints(
      { ...foundation, gatewayId: gateway.foundation.gatewayId },
      signer,
    ).make()
    const foreign = { ...after, ...made, certificate: signer.certificatePem }
    await other.close()
    await expect(restore('a', [{ ...after, gatewayId: 'another' }])).rejects.toThrow('of another gateway')
    await expect(restore('b', [{ ...after, seq: 9999 }])).rejects.toThrow('signature does not hold')
    const { checks } = await restore('c', [foreign])
    expect(checks.at(-1)).toMatchObject({ name: 'checkpoint', passed: false })
  })

  it('is told by the drill, against the newest checkpoint that left the machine', async () => {
    const signer = await openEvidenceSigner(gateway.foundation)
    await createCheckpoints(gateway.foundation, signer).shipped(after.seq)
    const drill = await gateway.backups.drill(by)
    expect(drill.outcome).toBe('passed')
    expect(drill.checks.at(-1)).toMatchObject({
      name: 'known-lost',
      figure: expect.stringContaining(`${after.seq - lastBefore} (${lastBefore + 1}–${after.seq}, `),
    })
    const [row] = await gateway.foundation.audit.tail(undefined, ['backup.drilled'])
    expect(row?.detail).toMatchObject({ checkpoint: { kind: 'lost' } })
  })

  it('is told from an audit that somebody cut off before the backup was made', async () => {
    const database = new Database(gateway.paths.database)
    const triggers = database
      .prepare(`select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'`)
      .pluck()
      .all() as string[]
    for (const name of triggers) database.exec(`drop trigger "${name}"`)
    database.exec(`delete from audit where seq > ${after.seq - 1}`)
    database.close()
    gateway.time.now += 3_600_000
    await gateway.backups.run('full', by).catch(() => undefined)
    const { checks, attested: found } = await restore('cut', [after])
    expect(found).toMatchObject({ kind: 'tampered' })
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
      'audit-chain',
      'checkpoint',
    ])
    expect(await recorded('cut')).toMatchObject({ failed: ['audit-chain', 'checkpoint'] })
  })
})
