import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../../src/main/log.ts'
import { forkHost } from '../../../src/main/tokens/index.ts'
import { writeIdentity } from '../../../src/main/vault/index.ts'
import { createWorkstation } from '../../../src/main/workstation.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { startGateway, type TestGateway } from '../../server/gateway-harness.ts'
import { recordingShell } from '../recording-shell.ts'
import { temporary } from '../temporary.ts'
import { enrolStation, type MemoryVault, memoryVault, startStation } from './station.ts'

/** The whole workstation, left alone: what it does about its certificate by itself. */

let gateway: TestGateway
let offset = 0
let fresh: MemoryVault
beforeAll(async () => {
  const policy = { workstation: { certificateDays: 1 } }
  gateway = await startGateway({ clock: () => Date.now() + offset, config: { policy } })
  fresh = (await enrolStation(gateway, '常')).vault
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
  return { workstation, state, dataDir }
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
    const { workstation, state, dataDir } = await start(vault)
    const log = async () => readFileSync(join(dataDir, 'workstation.log'), 'utf8')
    await expect.poll(log, { timeout: 20_000 }).toContain('certificate-renewed')
    expect(await expiryOf('阅片一号')).toBeGreaterThan(before)
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
    await expect.poll(state, { timeout: 20_000 }).toBe('not-enrolled')
    await workstation.close()
  })

  it('asks for enrolment once its certificate has ended or was revoked', async () => {
    const ended = await start(await enrolledAgo(25, '过期'))
    await expect.poll(ended.state, { timeout: 20_000 }).toBe('not-enrolled')
    await ended.workstation.close()

    const vault = await enrolledAgo(0, '吊销')
    const revoked = await start(vault)
    const row = (await gateway.workstations.list()).find(({ name }) => name === '吊销')
    await gateway.workstations.revoke(row?.id ?? '', { kind: 'cli', id: 'test' }, 'x')
    await expect.poll(revoked.state, { timeout: 20_000 }).toBe('not-enrolled')
    await revoked.workstation.close()
  })

  it.each([
    ['unknown_ca', 48],
    ['bad_certificate', 42],
    ['certificate_expired', 45],
    ['certificate_required', 116],
  ])('is still enrolled when somebody on the line says %s', async (_, alert) => {
    let said = 0
    const line = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        said += 1
        // A fatal alert before any key is agreed (RFC 8446 6).
        socket.end(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert]))
      })
    })
    line.listen(0, '127.0.0.1')
    await once(line, 'listening')
    const { port } = line.address() as { port: number }
    const identity = await (await startStation(fresh)).identity()
    const vault = memoryVault()
    await writeIdentity(vault, { ...identity, apiPort: port })
    const { workstation, state } = await start(vault)
    await expect.poll(() => said, { timeout: 20_000 }).toBeGreaterThan(2)
    expect(await state()).toBe('signed-out')
    await workstation.close()
    line.close()
  })

  it('asks for enrolment when its CA is no longer accepted, on a connection that stands', async () => {
    // One that cannot keep a renewed certificate.
    const stuck = { ...fresh, write: () => Promise.reject(new VigilError('vault-unavailable')) }
    const { workstation, state } = await start(stuck)
    const by = { kind: 'cli', id: 'test' } as const
    const { rotation } = gateway.pki
    await rotation.begin('workstation-ca', by)
    await rotation.finish('workstation-ca', by, { force: true })
    await expect.poll(state, { timeout: 20_000 }).toBe('not-enrolled')
    await workstation.close()
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
