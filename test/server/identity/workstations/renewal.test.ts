import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateRequest, newKey } from '../../../../src/main/channel/index.ts'
import type { Channel, ClientIdentity } from '../../channel.ts'
import { startGateway, type TestGateway, type TestWorkstation } from '../../gateway-harness.ts'
import { signIn } from '../../sign-in-client.ts'

let gateway: TestGateway
let offset = 0
beforeAll(async () => {
  gateway = await startGateway({ clock: () => Date.now() + offset })
})
afterAll(() => gateway.close())

const requestOf = (id: string, key = newKey()) => ({
  key,
  csr: certificateRequest(key, id).toString('base64'),
})

async function renew(at: TestWorkstation, over: Channel): Promise<ClientIdentity> {
  const { key, csr } = requestOf(at.id)
  const answer = await over.call('renewWorkstation', { body: { csr } })
  expect(answer.status).toBe(200)
  return { certificate: answer.body.certificate, privateKey: key }
}

const statusOf = async (channel: Channel) => {
  const { status, body } = await channel.call('status')
  return status === 200 ? 'good' : body.code
}

describe('the renewal of a workstation certificate', () => {
  it('keeps the old one good until the new one is used, also for a sign-in, and refuses it from then on', async () => {
    const at = await gateway.workstation('一')
    const old = gateway.connect(at.identity)
    const renewed = await renew(at, old)
    expect(await statusOf(old)).toBe('good')
    expect(await statusOf(gateway.connect(at.identity))).toBe('good')
    const person = await gateway.person('wang')
    const session = await gateway.session(at, person)

    const fresh = gateway.connect(renewed)
    expect(await statusOf(fresh)).toBe('good')
    expect(await statusOf(old)).toBe('workstation-unknown')
    expect(await statusOf(gateway.connect(at.identity))).toBe('workstation-unknown')
    expect((await old.call('renewWorkstation', { body: { csr: requestOf(at.id).csr } })).status).toBe(401)
    expect((await signIn(gateway.connect(renewed), person.signer, at.id, { takeOver: true })).status).toBe(
      200,
    )
    expect((await session.channel.call('session')).status).toBe(401)
  })

  it('disturbs no session', async () => {
    const at = await gateway.workstation('二')
    const session = await gateway.session(at, await gateway.person('li'))
    const fresh = gateway.connect(await renew(at, gateway.connect(at.identity)))
    expect(await statusOf(fresh)).toBe('good')
    expect((await session.channel.call('session')).status).toBe(200)
  })

  it('replaces one that was not used, and that one is refused', async () => {
    const at = await gateway.workstation('三')
    const channel = gateway.connect(at.identity)
    const [first, second] = [await renew(at, channel), await renew(at, channel)]
    expect(await statusOf(gateway.connect(first))).toBe('workstation-unknown')
    expect(await statusOf(channel)).toBe('good')
    expect(await statusOf(gateway.connect(second))).toBe('good')
    expect(await statusOf(gateway.connect(first))).toBe('workstation-unknown')
  })

  it('is promoted once, however many connections come with it at once', async () => {
    const at = await gateway.workstation('四')
    const renewed = await renew(at, gateway.connect(at.identity))
    const answers = await Promise.all(Array.from({ length: 8 }, () => statusOf(gateway.connect(renewed))))
    expect(answers).toEqual(Array(8).fill('good'))
    const rows = await gateway.foundation.audit.tail()
    const changes = rows.filter(
      ({ action, actor }) => action === 'workstation.certificate-changed' && actor === `workstation:${at.id}`,
    )
    expect(changes).toHaveLength(1)
    expect(rows.find(({ action }) => action === 'workstation.renewed')).toMatchObject({
      detail: { certificate: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it.each([
    ['another workstation’s', (_: string, other: string) => requestOf(other).csr, 'subject'],
    ['somebody’s own words', () => requestOf('urn:vigil:workstation:x').csr, 'subject'],
    ['no request', () => Buffer.from('junk').toString('base64'), 'malformed'],
    [
      'one whose key is not proven',
      (id: string) => {
        const der = certificateRequest(newKey(), id)
        der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1
        return der.toString('base64')
      },
      'proof of possession',
    ],
  ])('takes no request that is %s', async (_, make, why) => {
    const [at, other] = [await gateway.workstation('五'), await gateway.workstation('六')]
    const channel = gateway.connect(at.identity)
    const answer = await channel.call('renewWorkstation', { body: { csr: make(at.id, other.id) } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request', facts: { field: 'csr', why } } })
    const rows = await gateway.foundation.store.db
      .selectFrom('workstations')
      .select('next_fingerprint')
      .where('id', 'in', [at.id, other.id])
      .execute()
    expect(rows).toEqual([{ next_fingerprint: null }, { next_fingerprint: null }])
  })

  it('takes no key that is in use', async () => {
    const at = await gateway.workstation('七')
    const { csr } = requestOf(at.id, at.identity.privateKey)
    const answer = await gateway.connect(at.identity).call('renewWorkstation', { body: { csr } })
    expect(answer.body).toMatchObject({ facts: { why: 'key in use' } })
  })

  it('names this workstation alone, whoever’s certificate another one holds', async () => {
    const [at, other] = [await gateway.workstation('八'), await gateway.workstation('九')]
    const renewed = await renew(at, gateway.connect(at.identity))
    expect(new X509Certificate(renewed.certificate).subjectAltName).toBe(`URI:urn:vigil:workstation:${at.id}`)
    // Somebody writes it to the other's row: the id inside decides.
    const { db } = gateway.foundation.store
    const pending = await db
      .selectFrom('workstations')
      .selectAll()
      .where('id', '=', at.id)
      .executeTakeFirstOrThrow()
    await db
      .updateTable('workstations')
      .set({ next_fingerprint: pending.next_fingerprint })
      .where('id', '=', other.id)
      .execute()
    await db.updateTable('workstations').set({ next_fingerprint: null }).where('id', '=', at.id).execute()
    expect(await statusOf(gateway.connect(renewed))).toBe('workstation-unknown')
  })

  it('is nothing for a session, and nothing for a workstation that was revoked or suspended meanwhile', async () => {
    const at = await gateway.workstation('十')
    const session = await gateway.session(at, await gateway.person('zhao'))
    const { csr } = requestOf(at.id)
    expect((await session.channel.call('renewWorkstation', { body: { csr } })).body.code).toBe(
      'permission-denied',
    )
    const channel = gateway.connect(at.identity)
    const renewed = await renew(at, channel)
    const by = { kind: 'cli', id: 'test' } as const
    await gateway.workstations.suspend(at.id, by, 'x')
    expect(await statusOf(gateway.connect(renewed))).toBe('workstation-suspended')
    await gateway.workstations.resume(at.id, by, 'x')
    expect(await statusOf(gateway.connect(renewed))).toBe('good')
    const again = await renew({ ...at, identity: renewed }, gateway.connect(renewed))
    await gateway.workstations.revoke(at.id, by, 'x')
    expect(await statusOf(gateway.connect(again))).toBe('workstation-revoked')
    expect(await statusOf(gateway.connect(renewed))).toBe('workstation-revoked')
  })

  it('is not had without end', async () => {
    const at = await gateway.workstation('十一')
    const channel = gateway.connect(at.identity)
    const statuses = []
    for (let i = 0; i < 7; i += 1) {
      const { csr } = requestOf(at.id)
      statuses.push((await channel.call('renewWorkstation', { body: { csr } })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  })

  it('refuses a certificate that ended while its connection stood', async () => {
    const at = await gateway.workstation('十二')
    const channel = gateway.connect(at.identity)
    expect(await statusOf(channel)).toBe('good')
    try {
      offset = 366 * 86_400_000
      expect(await statusOf(channel)).toBe('certificate-expired')
      const answer = await channel.call('renewWorkstation', { body: { csr: requestOf(at.id).csr } })
      expect(answer.body).toMatchObject({ code: 'certificate-expired', facts: { of: 'workstation' } })
    } finally {
      offset = 0
    }
  })

  it('is asked for from thirty days before the end, or a third of a short life', async () => {
    const at = await gateway.workstation('十三')
    const channel = gateway.connect(at.identity)
    const due = async (days: number) => {
      offset = days * 86_400_000
      const { body } = await channel.call('status')
      offset = 0
      return body.renewCertificate
    }
    expect([await due(0), await due(334), await due(336)]).toEqual([false, false, true])
  })
})
