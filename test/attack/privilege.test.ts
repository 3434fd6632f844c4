import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Role } from '../../src/shared/access/index.ts'
import type { Api } from '../../src/shared/api/index.ts'
import { SecurityPolicy } from '../../src/shared/policy/index.ts'
import type { Call } from '../server/channel.ts'
import { keyAndRequest, signIn, signInBody } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { params } from './patient.ts'
import { bodyOf, mayCall, routes } from './routes.ts'

/** Officers who want more than their office, and requests that say more than they are asked. */
let gateway: ComposedGateway
const sessions = {} as Record<Role, Session>
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of Role.options) sessions[role] = await gateway.session(gateway.people[role])
})
afterAll(() => gateway.remove())

const ask = async (role: Role, name: keyof Api, call: Call) => {
  const { status, body } = await sessions[role].channel.call(name, call)
  return status === 200 ? 'done' : String(body.code)
}
const idOf = (role: Role) => gateway.people[role].accountId
const accountOf = (role: Role) =>
  gateway.tamper((database) => database.prepare('select * from accounts where id = ?').get(idOf(role)))
const because = { reason: 'attack' }
const authority = { roles: ['radiologist'], clearance: 'highly-sensitive', emergency: true }

/** What a handler that took a body as it came would write, or believe. */
const more: Record<string, unknown> = {
  id: '00000000-0000-4000-8000-000000000001',
  accountId: '00000000-0000-4000-8000-000000000001',
  sessionId: '00000000-0000-4000-8000-000000000001',
  workstationId: '00000000-0000-4000-8000-000000000001',
  roles: ['security-officer'],
  role: 'security-officer',
  clearance: 'highly-sensitive',
  emergency: true,
  disabled: false,
  factor: 'certificate',
  mustChange: false,
  expiresAt: 9_999_999_999_999,
  endsAt: 9_999_999_999_999,
  by: 'gateway',
  actor: { kind: 'gateway', id: 'gateway' },
}

describe('a body that says more than it is asked', () => {
  const bodied = routes.filter(
    ([name, route]) => route.principal === 'session' && bodyOf(name).body !== undefined,
  )

  it.each(bodied)('%s is refused, or what is more in it is not looked at', async (name, route) => {
    const role = Role.options.find((candidate) => mayCall(candidate, route))!
    const before = accountOf(role)
    const given = bodyOf(name).body as Record<string, unknown>
    for (const [key, value] of Object.entries(more)) {
      if (key in given) continue
      const plain = await ask(role, name, { params, body: given })
      const padded = await ask(role, name, { params, body: { ...given, [key]: value } })
      expect([
        name,
        key,
        padded === 'bad-request' || padded === plain || padded === 'too-many-requests',
      ]).toEqual([name, key, true])
      expect(padded).not.toBe('internal')
    }
    expect(accountOf(role)).toEqual(before)
  })

  it('at sign-in makes nobody anybody else', async () => {
    const { radiologist } = gateway.people
    const channel = gateway.connect(gateway.workstation.identity)
    const body = await signInBody(channel, radiologist.signer, gateway.workstation.id, await keyAndRequest())
    const answer = await channel.call('signIn', {
      body: { ...body, ...more, accountId: idOf('security-officer'), permissions: ['policy.write'] },
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { session: { accountId: radiologist.accountId, roles: ['radiologist'], factor: 'certificate' } },
    })
    expect(answer.body.session.permissions).not.toContain('policy.write')
    sessions.radiologist = await gateway.session(radiologist)
  })
})

describe('an officer alone', () => {
  it('of the system makes a person and can give them nothing', async () => {
    const body = { loginName: 'puppet', displayName: 'Puppet' }
    const made = await sessions['system-administrator'].channel.call('createAccount', { body })
    const { id } = made.body
    const key = await gateway.hospital.issue({ commonName: 'puppet', keyType: 'P-256' })
    const certificate = key.certificatePem
    for (const [name, call] of [
      ['authoriseAccount', { params: { id }, body: authority }],
      ['bindCertificate', { params: { id }, body: { certificate } }],
      ['createBindingCode', { params: { id } }],
      ['resetPassword', { params: { id } }],
      ['grantFallback', { params: { id }, body: { hours: 1, reason: 'x' } }],
      ['changePolicy', { body: { policy: SecurityPolicy.parse({}), baseVersion: 1 } }],
      ['createEnrolmentTicket', { body: { minutes: 1 } }],
      ['searchAudit', { body: {} }],
    ] as const)
      expect([name, await ask('system-administrator', name, call)]).toEqual([name, 'permission-denied'])
    const signer = { ...key, algorithm: 'ECDSA-SHA256' as const }
    const answer = await signIn(gateway.connect(gateway.workstation.identity), signer, gateway.workstation.id)
    expect(answer.body.code).toBe('account-unknown')
  })

  it('of security makes, names and disables nobody', async () => {
    const id = idOf('technologist')
    for (const [name, call] of [
      ['createAccount', { body: { loginName: 'puppet.2', displayName: 'Puppet' } }],
      ['editAccount', { params: { id }, body: { displayName: 'Renamed' } }],
      ['disableAccount', { params: { id }, body: because }],
      ['enableAccount', { params: { id }, body: because }],
      ['searchAudit', { body: {} }],
    ] as const)
      expect([name, await ask('security-officer', name, call)]).toEqual([name, 'permission-denied'])
  })

  it('changes nothing of the own account, by any route', async () => {
    const id = idOf('security-officer')
    const key = await gateway.hospital.issue({ commonName: 'second', keyType: 'P-256' })
    for (const [name, call] of [
      ['authoriseAccount', { params: { id }, body: { ...authority, roles: ['security-officer'] } }],
      ['bindCertificate', { params: { id }, body: { certificate: key.certificatePem } }],
      ['createBindingCode', { params: { id } }],
      ['resetPassword', { params: { id } }],
      ['clearLockout', { params: { id }, body: because }],
      ['grantFallback', { params: { id }, body: { hours: 1, reason: 'x' } }],
      ['endFallback', { params: { id }, body: because }],
    ] as const)
      expect([name, await ask('security-officer', name, call)]).toEqual([name, 'own-account'])
    const administrator = idOf('system-administrator')
    for (const name of ['disableAccount', 'enableAccount'] as const)
      expect(await ask('system-administrator', name, { params: { id: administrator }, body: because })).toBe(
        'own-account',
      )
  })

  it('gives no office beside another role, and nobody the bootstrap administrator’s', async () => {
    const id = idOf('radiologist')
    for (const roles of [
      ['auditor', 'radiologist'],
      ['system-administrator', 'security-officer'],
      ['bootstrap-administrator'],
      ['radiologist', 'radiologist'],
      ['root'],
      'radiologist',
    ])
      expect(
        await ask('security-officer', 'authoriseAccount', { params: { id }, body: { ...authority, roles } }),
      ).toBe('bad-request')
    expect(accountOf('radiologist')).toMatchObject({ roles: '["radiologist"]' })
  })

  it('sets no policy below the assessment’s floor', async () => {
    const { policy, version } = (await sessions['security-officer'].channel.call('securityPolicy')).body
    const weaker: [string, (p: SecurityPolicy) => void][] = [
      ['minLength', (p) => (p.password.minLength = 7)],
      ['maxAgeDays', (p) => (p.password.maxAgeDays = 91)],
      ['minClasses', (p) => (p.password.minClasses = 1)],
      ['history', (p) => (p.password.history = 0)],
      ['failures', (p) => (p.lockout.account.failures = 21)],
      ['delay', (p) => (p.lockout.account.firstDelaySeconds = 0)],
      ['longest', (p) => (p.lockout.workstation.longestDelayMinutes = 0)],
      ['lock', (p) => (p.session.lockAfterMinutes = 61)],
      ['silence', (p) => (p.session.silenceMinutes = Number.POSITIVE_INFINITY)],
      ['shift', (p) => (p.session.shiftHours = 25)],
      ['fallback', (p) => (p.signIn.fallbackLongestHours = 73)],
      ['per workstation', (p) => (p.session.caps.perWorkstation = 21)],
      ['no factor', (p) => ((p.signIn as { factors: string }).factors = 'password')],
      ['unknown', (p) => ((p.signIn as Record<string, unknown>).skip = true)],
    ]
    for (const [what, weaken] of weaker) {
      const changed = structuredClone(policy)
      weaken(changed)
      const answer = await ask('security-officer', 'changePolicy', {
        body: { policy: changed, baseVersion: version },
      })
      expect([what, answer]).toEqual([what, 'bad-request'])
    }
    expect((await sessions['security-officer'].channel.call('securityPolicy')).body.version).toBe(version)
  })
})

describe('the bootstrap administrator', () => {
  it('gives no office that is taken, and gets no help to become anything', async () => {
    const key = await gateway.hospital.issue({ commonName: 'x', keyType: 'P-256' })
    for (const role of ['system-administrator', 'security-officer', 'auditor'] as const) {
      const body = { loginName: `second.${role}`, displayName: 'x', role, certificate: key.certificatePem }
      expect(await ask('bootstrap-administrator', 'createOfficer', { body })).toBe('conflict')
    }
    for (const role of ['radiologist', 'bootstrap-administrator']) {
      const body = { loginName: 'third', displayName: 'x', role, certificate: key.certificatePem }
      expect(await ask('bootstrap-administrator', 'createOfficer', { body })).toBe('bad-request')
    }
    const id = idOf('bootstrap-administrator')
    for (const [name, call] of [
      ['authoriseAccount', { params: { id }, body: authority }],
      ['bindCertificate', { params: { id }, body: { certificate: key.certificatePem } }],
      ['createBindingCode', { params: { id } }],
      ['resetPassword', { params: { id } }],
      ['grantFallback', { params: { id }, body: { hours: 1, reason: 'x' } }],
    ] as const)
      expect([name, await ask('security-officer', name, call)]).toEqual([name, 'permission-denied'])
  })

  it('is over once it is disabled: at once, for good, with its key', async () => {
    const { channel } = sessions['bootstrap-administrator']
    const id = idOf('bootstrap-administrator')
    expect(await ask('system-administrator', 'disableAccount', { params: { id }, body: because })).toBe(
      'done',
    )
    expect((await channel.call('bootstrap')).body.code).toBe('session-ended')
    const { signer } = gateway.people['bootstrap-administrator']
    const at = gateway.connect(gateway.workstation.identity)
    expect((await signIn(at, signer, gateway.workstation.id)).body.code).toBe('account-disabled')
    expect(await ask('system-administrator', 'enableAccount', { params: { id }, body: because })).toBe(
      'permission-denied',
    )
    expect(accountOf('bootstrap-administrator')).toMatchObject({ disabled: 1 })
  })
})
