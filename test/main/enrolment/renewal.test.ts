import { execFile } from 'node:child_process'
import { randomBytes, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGateway } from '../../../src/main/channel/index.ts'
import { createEnrolment } from '../../../src/main/enrolment/index.ts'
import { readIdentities, type WorkstationIdentity, writeIdentity } from '../../../src/main/vault/index.ts'
import { failureOf, VigilError } from '../../../src/shared/errors/index.ts'
import { startGateway, type TestGateway } from '../../server/gateway-harness.ts'
import { temporary } from '../temporary.ts'
import { enrolStation, memoryVault, recordedLog, startStation, ticketFor } from './station.ts'
import { vaultFiles } from './vault-files.ts'

/** The workstation's side of renewal, against a gateway over real mutual TLS. */

const run = promisify(execFile)
const hour = 3_600_000
let gateway: TestGateway
let offset = 0
beforeAll(async () => {
  // Certificates of one day; policy renews them in the last third of it.
  const policy = { workstation: { certificateDays: 1, renewBeforeDays: 1 } }
  gateway = await startGateway({ clock: () => Date.now() + offset, config: { policy } })
})
afterAll(() => gateway.close())

/** Runs `work` while the gateway's clock stood twenty hours ago: what it issues then is due now. */
async function longAgo<T>(work: () => Promise<T>): Promise<T> {
  offset = -20 * hour
  try {
    return await work()
  } finally {
    offset = 0
  }
}

const serial = (identity: WorkstationIdentity) => new X509Certificate(identity.certificate).serialNumber

describe('renewal', () => {
  it('happens by itself when it is due, and not before', async () => {
    const fresh = await enrolStation(gateway, '新')
    const before = await fresh.identity()
    await fresh.probe()
    expect(await fresh.identity()).toEqual(before)

    const due = await longAgo(() => enrolStation(gateway, '旧'))
    const old = await due.identity()
    await due.probe()
    const renewed = await due.identity()
    expect(due.log.events).toEqual(['certificate-renewed'])
    expect(renewed.key).not.toBe(old.key)
    expect({ ...renewed, key: '', certificate: '' }).toEqual({ ...old, key: '', certificate: '' })
    expect((await due.gateway.check()).renewCertificate).toBe(false)
    const row = (await gateway.workstations.list()).find(({ name }) => name === '旧')
    expect(row?.certificateExpiresAt).toBe(Date.parse(new X509Certificate(renewed.certificate).validTo))
    // The old one is refused from the first use of the new.
    const stale = createGateway(old, { clock: Date.now, random: randomBytes })
    await expect(stale.check()).rejects.toMatchObject({ code: 'workstation-unknown' })
    stale.close()
  })

  it('leaves a session and a sign-in that is under way as they are', async () => {
    const station = await longAgo(() => enrolStation(gateway, '忙'))
    const person = await gateway.person('zhang')
    const [channel] = await Promise.all([station.signIn(person), station.probe()])
    expect(channel.session.loginName).toBe('zhang')
    expect(station.log.events).toEqual(['certificate-renewed'])
    channel.close()
  })

  it('fails without harm, and is tried again later', async () => {
    let now = Date.now()
    const enrolled = await longAgo(() => enrolStation(gateway, '败'))
    const station = await startStation(enrolled.vault, () => now)
    const before = await station.identity()
    const { write } = station.vault
    station.vault.write = async () => {
      throw new VigilError('vault-unavailable')
    }
    await station.probe()
    await station.probe()
    expect(station.log.events).toEqual(['certificate-renewal: vault-unavailable'])
    expect(await station.identity()).toEqual(before)
    station.vault.write = write
    now += 31_000
    await station.probe()
    expect(station.log.events).toHaveLength(2)
    expect((await station.identity()).certificate).not.toBe(before.certificate)
  })

  it('takes no certificate for another key or another workstation', async () => {
    const station = await longAgo(() => enrolStation(gateway, '疑'))
    const other = await (await enrolStation(gateway, '他')).identity()
    const before = await station.identity()
    const status = await station.gateway.check()
    for (const given of [other, before]) {
      const enrolment = createEnrolment({ vault: station.vault, clock: Date.now, log: recordedLog() })
      await enrolment.load()
      const { certificate, issuer } = given
      await enrolment.onStatus({ ...station.gateway, renew: async () => ({ certificate, issuer }) }, status)
      expect(await station.identity()).toEqual(before)
    }
  })

  it('goes back to the identity before where the gateway does not know the newer', async () => {
    const station = await enrolStation(gateway, '还')
    const good = await station.identity()
    const stranger = await (await enrolStation(gateway, '客')).identity()
    await writeIdentity(station.vault, { ...good, key: stranger.key, certificate: stranger.certificate })
    const enrolment = createEnrolment({ vault: station.vault, clock: Date.now, log: recordedLog() })
    expect((await enrolment.load())?.certificate).toBe(stranger.certificate)
    expect(enrolment.fallBack()).toEqual(good)
    expect(enrolment.fallBack()).toBeNull()
  })

  it('says that its own certificate has ended, where that is why nobody answers', async () => {
    offset = -25 * hour
    const ended = await enrolStation(gateway, '过期').finally(() => {
      offset = 0
    })
    expect(failureOf(await ended.gateway.check().catch((error) => error))).toMatchObject({
      code: 'certificate-expired',
      facts: { of: 'workstation' },
    })
    expect(failureOf(await ended.gateway.renew(Buffer.alloc(10)).catch((error) => error)).code).toBe(
      'certificate-expired',
    )
  })
})

describe('a workstation killed while it renews', { timeout: 120_000 }, () => {
  const start = (directory: string, dieAt = '') =>
    run(process.execPath, [join(import.meta.dirname, 'renewing-process.ts'), directory, dieAt], {
      timeout: 60_000,
    })

  it.each(['1', '2', '3', '4', '5', 'adopt', 'adopted'])(
    'at step %s is the same workstation at its next start',
    async (dieAt) => {
      const directory = temporary('vault-files')
      const vault = vaultFiles(directory)
      const name = `杀${dieAt}`
      await longAgo(async () => {
        const enrolment = createEnrolment({ vault, clock: Date.now, log: recordedLog() })
        await enrolment.enrol(await ticketFor(gateway), name)
      })
      const before = (await readIdentities(vault))[0]?.identity
      await expect(start(directory, dieAt)).rejects.toMatchObject({ signal: 'SIGKILL' })
      const whole = await readIdentities(vault)
      expect(whole.length).toBeGreaterThanOrEqual(1)
      const { stdout } = await start(directory)
      const after = JSON.parse(stdout)
      expect(after.renewCertificate).toBe(false)
      expect(after.serialNumber).not.toBe(before && serial(before))
      const rows = (await gateway.workstations.list()).filter((row) => row.name === name)
      expect(rows).toMatchObject([{ state: 'active' }])
    },
  )

  it('keeps two slots, and reads the newer one that is whole', async () => {
    const vault = memoryVault()
    const { vault: enrolled } = await enrolStation(gateway, '槽')
    const identity = (await readIdentities(enrolled))[0]?.identity as WorkstationIdentity
    for (const name of ['一', '二', '三', '四']) await writeIdentity(vault, { ...identity, name })
    expect((await readIdentities(vault)).map((stored) => stored.identity.name)).toEqual(['四', '三'])
    vault.entries.delete('workstation-certificate-2')
    expect((await readIdentities(vault)).map((stored) => stored.identity.name)).toEqual(['三'])
    // One that is in use is never written over, newer or not.
    await writeIdentity(vault, { ...identity, name: '五' }, 'first')
    expect((await readIdentities(vault)).map((stored) => stored.identity.name)).toEqual(['五', '三'])
  })

  it('reads an identity of the layout before there were slots', async () => {
    const { vault } = await enrolStation(gateway, '前')
    const [stored] = await readIdentities(vault)
    const entry = JSON.parse(vault.entries.get('workstation') ?? '{}')
    delete entry.sequence
    vault.entries.set('workstation', JSON.stringify(entry))
    expect((await readIdentities(vault))[0]?.identity).toEqual(stored?.identity)
  })
})
