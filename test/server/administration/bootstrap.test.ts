import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHospitalCa } from '../../../demo/hospital-ca.ts'
import { certificateFrom } from '../../../src/server/identity/index.ts'
import type { Api } from '../../../src/shared/api/index.ts'
import { startGateway, type TestGateway, type TestSession, type TestWorkstation } from '../gateway-harness.ts'
import { signIn } from '../sign-in-client.ts'
import { by } from './officers.ts'

let gateway: TestGateway
let desk: TestWorkstation
let session: TestSession
let key: Awaited<ReturnType<typeof issued>>
beforeEach(async () => {
  gateway = await startGateway()
  desk = await gateway.workstation('first desk')
  key = await issued()
  const person = { loginName: 'chen.gang', displayName: '陈刚' }
  const { bootstrap } = gateway.accounts
  const accountId = await bootstrap.createAdministrator(person, certificateFrom(key.certificateDer), by)
  session = await gateway.session(desk, { accountId, signer: key.signer })
})
afterEach(() => gateway.close())

async function issued(more: object = {}, ca = gateway.hospital) {
  const key = await ca.issue({ commonName: 'officer', keyType: 'P-256', ...more })
  return { ...key, signer: { ...key, algorithm: 'ECDSA-SHA256' as const } }
}
const officer = async (role: string, more: object = {}) =>
  session.channel.call('createOfficer', {
    body: {
      loginName: `the.${role}`,
      displayName: `三员 ${role}`,
      role,
      certificate: (await issued()).certificatePem,
      ...more,
    },
  })

describe('the bootstrap administrator', () => {
  it('makes three officers who can sign in, is told so, and can do nothing from then on', async () => {
    const stream = await session.channel.stream('/v1/events')
    const told: string[] = []
    stream.on('data', (chunk) => told.push(String(chunk)))
    const keys = {
      'system-administrator': await issued(),
      'security-officer': await issued(),
      auditor: await issued(),
    }
    const remaining: unknown[] = []
    for (const [role, { certificatePem: certificate }] of Object.entries(keys)) {
      const answer = await officer(role, { certificate })
      expect(answer.status).toBe(200)
      remaining.push(answer.body.remaining)
      if (remaining.length < 3) {
        const { body } = await session.channel.call('bootstrap')
        expect(body.created).toContainEqual({ role, displayName: `三员 ${role}` })
      }
    }
    expect(remaining).toEqual([['security-officer', 'auditor'], ['auditor'], []])
    await once(stream, 'close')
    expect(told.join('')).toContain('"reason":"bootstrap-done"')
    const again = gateway.connect(session.identity)
    expect(await again.call('bootstrap')).toMatchObject({
      body: { code: 'session-ended', facts: { reason: 'bootstrap-done' } },
    })
    expect(await signIn(gateway.connect(desk.identity), key.signer, desk.id)).toMatchObject({
      body: { code: 'account-disabled' },
    })
    for (const [role, { signer }] of Object.entries(keys)) {
      const answer = await signIn(gateway.connect(desk.identity), signer, desk.id)
      expect(answer).toMatchObject({ status: 200, body: { session: { roles: [role] } } })
    }
  })

  it('does nothing else', async () => {
    const others: (keyof Api)[] = [
      'accounts',
      'worklist',
      'sessions',
      'searchAudit',
      'workstations',
      'securityPolicy',
    ]
    for (const name of others)
      expect(await session.channel.call(name)).toMatchObject({ body: { code: 'permission-denied' } })
  })

  it('gives no office to a key that could not sign in: the office would be empty for good', async () => {
    const stranger = await createHospitalCa({ commonName: 'Another CA', now: Date.now() })
    const revoked = await issued()
    await gateway.revoke([revoked.serialNumber])
    const cases: [string, string][] = [
      [(await issued({}, stranger)).certificatePem, 'certificate-untrusted'],
      [(await issued({ notAfter: Date.now() - 1000 })).certificatePem, 'certificate-expired'],
      [(await issued({ notBefore: Date.now() + 60_000 })).certificatePem, 'certificate-not-yet-valid'],
      [gateway.hospital.certificatePem, 'certificate-unsuitable'],
      [revoked.certificatePem, 'certificate-revoked'],
      [key.certificatePem, 'certificate-bound'],
      ['n'.repeat(120), 'bad-request'],
    ]
    for (const [certificate, code] of cases)
      expect(await officer('auditor', { certificate })).toMatchObject({ body: { code } })
    expect((await session.channel.call('bootstrap')).body).toEqual({ created: [] })
  })

  it('gives no office twice, no person two, and no other role', async () => {
    const { certificatePem: certificate } = await issued()
    expect(await officer('auditor', { certificate })).toMatchObject({ status: 200 })
    expect(await officer('auditor', { loginName: 'second' })).toMatchObject({
      status: 409,
      body: { code: 'conflict', facts: { field: 'role' } },
    })
    expect(await officer('security-officer', { certificate })).toMatchObject({
      body: { code: 'certificate-bound' },
    })
    expect(await officer('security-officer', { loginName: 'THE.AUDITOR' })).toMatchObject({
      body: { code: 'conflict', facts: { field: 'loginName' } },
    })
    for (const role of ['radiologist', 'bootstrap-administrator'])
      expect(await officer(role)).toMatchObject({ status: 400, body: { facts: { field: 'role' } } })
  })

  it('is one of two who come for the last office at once', async () => {
    await officer('auditor')
    await officer('security-officer')
    const answers = await Promise.all([
      officer('system-administrator'),
      officer('system-administrator', { loginName: 'second' }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const holders = await gateway.accounts.bootstrap.officers()
    expect(holders.filter(({ role }) => role === 'system-administrator')).toHaveLength(1)
  })
})
