import { X509Certificate } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createAuthorities,
  createPkiUpkeep,
  openPki,
  type Pki,
  pkiCertificates,
} from '../../../src/server/pki/index.ts'
import { openTestFoundation } from '../foundation.ts'

const by = { kind: 'cli', id: 'test' } as const
const day = 86_400_000
const opened: Awaited<ReturnType<typeof openTestFoundation>>[] = []
afterEach(() => Promise.all(opened.splice(0).map((foundation) => foundation.close())))

async function open(serverNames = ['localhost', '127.0.0.1']) {
  const foundation = await openTestFoundation({ serverNames }, { now: Date.now() })
  opened.push(foundation)
  const dir = join(foundation.dir, 'pki')
  await createAuthorities({ dir, gatewayId: foundation.gatewayId, serverNames, clock: foundation.clock })
  return { foundation, dir, pki: await openPki(foundation, dir) }
}

const serverOf = (pki: Pki) => new X509Certificate(pki.authorities.server.certificatePem)

describe('a rotation', () => {
  it('goes its steps in their order and no other', async () => {
    const { pki } = await open()
    const { rotation, authorities } = pki
    for (const name of ['gateway-ca', 'workstation-ca', 'session-ca'] as const) {
      await expect(rotation.finish(name, by)).rejects.toThrow('no rotation to finish')
      await rotation.begin(name, by)
      await expect(rotation.begin(name, by)).rejects.toThrow('under way')
      await rotation.finish(name, by)
      await expect(rotation.finish(name, by)).rejects.toThrow('no rotation to finish')
    }
    await expect(rotation.begin('gateway-ca', by)).rejects.toThrow('under way')
    await rotation.retire(by)
    await expect(rotation.retire(by)).rejects.toThrow('retired')
    await rotation.begin('gateway-ca', by)
    expect(authorities.generations).toMatchObject({
      'gateway-ca': { issuing: 2, trusted: [2, 3] },
      'workstation-ca': { issuing: 2, trusted: [2] },
      'session-ca': { issuing: 2, trusted: [2] },
    })
  })

  it('is seen by another process, and by the next start', async () => {
    const { foundation, dir, pki } = await open()
    const beside = await openPki(foundation, dir)
    let changes = 0
    const stop = beside.onChange(() => {
      changes += 1
    })
    await beside.refresh()
    expect(changes).toBe(0)
    await pki.rotation.begin('session-ca', by)
    await beside.refresh()
    await beside.refresh()
    expect(changes).toBe(1)
    expect(beside.authorities.clientCas).toHaveLength(3)
    stop()
    expect((await openPki(foundation, dir)).authorities.generations).toEqual(pki.authorities.generations)
  })

  it('leaves what was, where a step is interrupted, and does not use its number again', async () => {
    const { foundation, dir, pki } = await open()
    // The key of a successor whose making was cut off.
    await writeFile(join(dir, 'workstation-ca.2.key'), 'cut off', { mode: 0o600 })
    expect((await openPki(foundation, dir)).authorities.generations).toEqual(pki.authorities.generations)
    await pki.rotation.begin('workstation-ca', by)
    expect(pki.authorities.generations['workstation-ca'].issuing).toBe(3)
    const rows = await pkiCertificates(dir, pki.authorities.generations, foundation.clock())
    expect(rows.filter(({ kind }) => kind === 'workstation-ca').map(({ generation }) => generation)).toEqual([
      1, 3,
    ])
  })

  it('changes nothing without its audit row, and nothing where its key is not there', async () => {
    const { foundation, dir, pki } = await open()
    const before = pki.authorities.generations
    await rm(join(dir, 'gateway-ca.key'))
    await expect(pki.rotation.server(by)).rejects.toThrow('gateway-ca.key')
    await expect(pki.rotation.begin('gateway-ca', by)).rejects.toThrow('gateway-ca.key')
    await pki.refresh()
    expect(pki.authorities.generations).toEqual(before)
    const failing = {
      ...foundation,
      audit: { ...foundation.audit, append: () => Promise.reject(new Error('audit is down')) },
    }
    const unaudited = await openPki(failing, dir)
    await expect(unaudited.rotation.begin('session-ca', by)).rejects.toThrow('audit is down')
    expect((await openPki(foundation, dir)).authorities.generations).toEqual(before)
  })

  it('does not load what somebody changed in the database', async () => {
    const { foundation, dir, pki } = await open()
    await pki.rotation.begin('session-ca', by)
    const { db } = foundation.store
    await expect(db.updateTable('pki_generations').set({ changed_at: 1 }).execute()).rejects.toThrow(
      'append-only',
    )
    await expect(db.deleteFrom('pki_generations').execute()).rejects.toThrow('append-only')
    const row = await db.selectFrom('pki_generations').selectAll().executeTakeFirstOrThrow()
    await db
      .insertInto('pki_generations')
      .values({ ...row, version: 2 })
      .execute()
    await expect(openPki(foundation, dir)).rejects.toThrow('integrity')
    // The running one keeps to what it has.
    await pki.refresh()
    expect(pki.authorities.generations['session-ca'].issuing).toBe(2)
  })

  it('keeps the old workstation CA from issuing, and its certificates good until it is finished', async () => {
    const { pki } = await open()
    const { authorities, rotation } = pki
    const { certificateRequest, newKey } = await import('../../../src/main/channel/index.ts')
    const issue = () =>
      authorities.issueWorkstation(certificateRequest(newKey(), 'x'), { id: 'w-1', name: 'x' })
    const [old, before] = [await issue(), authorities.gatewayPin]
    await rotation.begin('workstation-ca', by)
    const next = await issue()
    const issuerOf = ({ pem }: { pem: string }) => authorities.issuedBy(new X509Certificate(pem))
    expect([old.generation, next.generation]).toEqual([1, 2])
    expect(issuerOf(old)).toEqual({ kind: 'workstation', generation: 1 })
    expect(issuerOf(next)).toEqual({ kind: 'workstation', generation: 2 })
    await rotation.finish('workstation-ca', by)
    expect(issuerOf(old)).toBeNull()
    expect(issuerOf(next)).toEqual({ kind: 'workstation', generation: 2 })
    expect(authorities.gatewayPin).toBe(before)
  })
})

describe('upkeep', () => {
  it('makes a new server certificate within thirty days of its end, and not before', async () => {
    const { foundation, pki } = await open()
    const upkeep = createPkiUpkeep(foundation, { pki })
    const first = serverOf(pki)
    foundation.time.now = Date.parse(first.validTo) - 31 * day
    await upkeep.start()
    upkeep.stop()
    expect(pki.authorities.generations.server).toBe(1)
    foundation.time.now += 2 * day
    await upkeep.start()
    upkeep.stop()
    expect(pki.authorities.generations.server).toBe(2)
    expect(Date.parse(serverOf(pki).validTo)).toBeGreaterThan(foundation.time.now + 1000 * day)
    const [row] = await foundation.audit.tail()
    expect(row).toMatchObject({
      action: 'pki.server-certificate-issued',
      actor: 'gateway:gateway-under-test',
    })
  })

  it('makes one for the names that the configuration gives it now', async () => {
    const { foundation, dir, pki } = await open()
    const renamed = {
      ...foundation,
      config: { ...foundation.config, serverNames: ['pacs.example', '10.1.2.3'] },
    }
    const beside = await openPki(renamed, dir)
    const upkeep = createPkiUpkeep(renamed, { pki: beside })
    await upkeep.start()
    await upkeep.start()
    upkeep.stop()
    expect(beside.authorities.generations.server).toBe(2)
    expect(serverOf(beside).checkHost('pacs.example')).toBe('pacs.example')
    expect(serverOf(beside).checkIP('10.1.2.3')).toBe('10.1.2.3')
    expect(serverOf(beside).checkHost('localhost')).toBeUndefined()
    expect(serverOf(pki).checkHost('localhost')).toBe('localhost')
  })

  it('drops the old session CA once the longest shift is over, and not before', async () => {
    const { foundation, pki } = await open()
    await pki.rotation.begin('session-ca', by)
    const upkeep = createPkiUpkeep(foundation, { pki })
    foundation.time.now += day
    await upkeep.start()
    expect(pki.authorities.generations['session-ca'].trusted).toEqual([1, 2])
    foundation.time.now += 61_000
    await upkeep.start()
    upkeep.stop()
    expect(pki.authorities.generations['session-ca'].trusted).toEqual([2])
  })

  it('goes on without the gateway CA’s key, and says so once a day', async () => {
    const { foundation, dir, pki } = await open()
    await rm(join(dir, 'gateway-ca.key'))
    foundation.time.now = Date.parse(serverOf(pki).validTo) - 10 * day
    const upkeep = createPkiUpkeep(foundation, { pki })
    await upkeep.start()
    await upkeep.start()
    foundation.time.now += day
    await upkeep.start()
    upkeep.stop()
    const rows = await foundation.audit.tail()
    expect(rows.filter(({ action }) => action === 'pki.upkeep-failed')).toHaveLength(2)
  })
})

describe('the list of the gateway’s own certificates', () => {
  it('has every generation, what it is for, and when it ends', async () => {
    const { foundation, dir, pki } = await open()
    await pki.rotation.begin('gateway-ca', by)
    const list = async () =>
      (await pkiCertificates(dir, pki.authorities.generations, foundation.clock())).map(
        ({ kind, generation, use, state }) => `${kind} ${generation} ${use} ${state}`,
      )
    expect(await list()).toEqual([
      'gateway-server 1 in use good',
      'gateway-ca 1 in use good',
      'gateway-ca 2 announced good',
      'workstation-ca 1 in use good',
      'session-ca 1 in use good',
    ])
    await pki.rotation.finish('gateway-ca', by)
    await pki.rotation.retire(by)
    foundation.time.now += 3640 * day
    expect(await list()).toEqual([
      'gateway-server 1 past revoked',
      'gateway-server 2 in use expired',
      'gateway-ca 1 past revoked',
      'gateway-ca 2 in use ends-soon',
      'workstation-ca 1 in use ends-soon',
      'session-ca 1 in use ends-soon',
    ])
  })
})
