import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../../src/main/log.ts'
import { forkHost } from '../../../src/main/tokens/index.ts'
import { createWorkstation } from '../../../src/main/workstation.ts'
import { startGateway, type TestGateway } from '../../server/gateway-harness.ts'
import { recordingShell } from '../recording-shell.ts'
import { temporary } from '../temporary.ts'
import { enrolStation, type MemoryVault, startStation } from './station.ts'

/** The whole workstation, left alone: what it does about its certificate by itself. */

let gateway: TestGateway
let offset = 0
beforeAll(async () => {
  const policy = { workstation: { certificateDays: 1 } }
  gateway = await startGateway({ clock: () => Date.now() + offset, config: { policy } })
})
afterAll(() => gateway.close())

async function start(vault: MemoryVault) {
  const shell = recordingShell()
  const dataDir = temporary('workstation')
  const rendererDir = join(dataDir, 'renderer')
  mkdirSync(rendererDir)
  writeFileSync(join(rendererDir, 'index.html'), '<style nonce="__CSP_NONCE__"></style>')
  const workstation = await createWorkstation({
    config: {
      dataDir,
      name: 'test',
      demo: true,
      vaultService: 'Vigil test',
      tokens: { pkcs11Policy: null, mediaDirectories: [], scanMounts: false },
    },
    shell,
    vault,
    log: openLog(dataDir),
    clock: Date.now,
    steady: () => performance.now(),
    random: randomBytes,
    spawnHost: () => forkHost(),
    rendererDir,
    version: '0.0.0',
    probeEveryMs: 100,
  })
  await workstation.start()
  const state = async () => {
    const answer = await shell.services().invoke('workstation.state', undefined as never)
    return (answer as { value: { phase: string } }).value.phase
  }
  return { workstation, state }
}

async function enrolledAgo(hours: number, name: string): Promise<MemoryVault> {
  offset = -hours * 3_600_000
  const { vault } = await enrolStation(gateway, name).finally(() => {
    offset = 0
  })
  return vault
}

const expiryOf = async (name: string) =>
  (await gateway.workstations.list()).find((row) => row.name === name)?.certificateExpiresAt ?? 0

describe('a workstation left alone', () => {
  it('renews its certificate, and nobody notices', async () => {
    const vault = await enrolledAgo(20, '阅片一号')
    const before = await expiryOf('阅片一号')
    const { workstation, state } = await start(vault)
    await expect.poll(() => expiryOf('阅片一号'), { timeout: 10_000 }).toBeGreaterThan(before)
    expect(await state()).toBe('signed-out')
    await workstation.close()
    expect((await (await startStation(vault)).gateway.check()).renewCertificate).toBe(false)
  })

  it('goes back to the identity before where its newest is not known, and asks for enrolment where none is', async () => {
    const vault = await enrolledAgo(0, '阅片二号')
    const good = await (await startStation(vault)).identity()
    // As after a restore of the gateway from a backup: the certificate in use is one that it does not know.
    const { db } = gateway.foundation.store
    const renewing = await startStation(vault)
    const rowBefore = await db
      .selectFrom('workstations')
      .selectAll()
      .where('id', '=', good.workstationId)
      .execute()
    await renewing.enrolment.onStatus(renewing.gateway, {
      ...(await renewing.gateway.check()),
      renewCertificate: true,
    })
    const [restored] = rowBefore
    if (!restored) throw new Error('no row')
    await db.updateTable('workstations').set(restored).where('id', '=', good.workstationId).execute()
    expect((await renewing.identity()).certificate).not.toBe(good.certificate)
    await expect(renewing.gateway.check()).rejects.toMatchObject({ code: 'workstation-unknown' })
    const { workstation, state } = await start(vault)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await state()).toBe('signed-out')
    await db
      .updateTable('workstations')
      .set({ certificate_fingerprint: '' })
      .where('id', '=', good.workstationId)
      .execute()
    await expect.poll(state, { timeout: 10_000 }).toBe('not-enrolled')
    await workstation.close()
  })

  it('asks for enrolment once its certificate has ended or was revoked', async () => {
    const ended = await start(await enrolledAgo(25, '过期'))
    await expect.poll(ended.state, { timeout: 10_000 }).toBe('not-enrolled')
    await ended.workstation.close()

    const vault = await enrolledAgo(0, '吊销')
    const revoked = await start(vault)
    const row = (await gateway.workstations.list()).find(({ name }) => name === '吊销')
    await gateway.workstations.revoke(row?.id ?? '', { kind: 'cli', id: 'test' }, 'x')
    await expect.poll(revoked.state, { timeout: 10_000 }).toBe('not-enrolled')
    await revoked.workstation.close()
  })

  it('is still enrolled while it is suspended', async () => {
    const { workstation, state } = await start(await enrolledAgo(0, '暂停'))
    const row = (await gateway.workstations.list()).find(({ name }) => name === '暂停')
    const by = { kind: 'cli', id: 'test' } as const
    await gateway.workstations.suspend(row?.id ?? '', by, 'x')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await state()).toBe('signed-out')
    await workstation.close()
  })
})
