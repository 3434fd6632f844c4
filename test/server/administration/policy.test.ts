import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SecurityPolicy, type SecurityPolicyInput } from '../../../src/shared/policy/index.ts'
import { auditRows } from '../audit-rows.ts'
import { type OfficersAtWork, officersAtWork } from './officers.ts'

let at: OfficersAtWork
beforeAll(async () => {
  at = await officersAtWork()
})
afterAll(() => at.gateway.close())

const inForce = async () => (await at.security.call('securityPolicy')).body
const change = (policy: object, baseVersion: number) =>
  at.security.call('changePolicy', { body: { policy, baseVersion } })

describe('the security policy', () => {
  it('begins with the gateway', async () => {
    expect(await inForce()).toMatchObject({ version: 1, changedBy: 'gateway' })
  })

  it.each<[string, SecurityPolicyInput]>([
    ['password.minLength', { password: { minLength: 7 } }],
    ['password.maxAgeDays', { password: { maxAgeDays: 91 } }],
    ['password.minClasses', { password: { minClasses: 1 } }],
    ['password.history', { password: { history: 0 } }],
    ['lockout.account.failures', { lockout: { account: { failures: 21 } } }],
    ['session.endAfterMinutes', { session: { endAfterMinutes: 601 } }],
    ['session.caps', { session: { caps: { total: 5, emergencyPlaces: 5 } } }],
    ['signIn.factors', { signIn: { factors: 'none' as 'certificate' } }],
  ])('cannot be set below the floor, which is named: %s', async (field, policy) => {
    const { version } = await inForce()
    const answer = await change(policy, version)
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } })
    expect(answer.body.facts.field).toBe(`policy.${field}`)
    expect((await inForce()).version).toBe(version)
  })

  it('is changed whole, at once, with each parameter from and to in the audit', async () => {
    const { version, policy } = await inForce()
    const stricter = SecurityPolicy.parse({
      ...policy,
      password: { ...policy.password, minLength: 12, maxAgeDays: 60 },
    })
    const changed = await change(stricter, version)
    expect(changed).toMatchObject({
      status: 200,
      body: { version: version + 1, changedBy: '姓名 zhou.hai', policy: { password: { minLength: 12 } } },
    })
    expect(at.gateway.foundation.policies.current().password.minLength).toBe(12)
    const [row] = (await auditRows(at.auditor)).filter(({ action }) => action === 'policy.changed')
    expect(row).toMatchObject({
      actor: `account:${at.security.accountId}`,
      actorName: '姓名 zhou.hai',
      detail: {
        changes: {
          'password.minLength': { from: 10, to: 12 },
          'password.maxAgeDays': { from: 90, to: 60 },
        },
      },
    })
    const history = (await at.auditor.call('policyHistory')).body
    expect(
      history.map((entry: { version: number; changedBy: string }) => [entry.version, entry.changedBy]),
    ).toEqual([
      [version + 1, '姓名 zhou.hai'],
      [version, 'gateway'],
    ])
  })

  it('is not changed over another change', async () => {
    const { version, policy } = await inForce()
    const answers = await Promise.all([change(policy, version), change(policy, version)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await change(policy, version)).toMatchObject({
      status: 409,
      body: { code: 'conflict', facts: { field: 'policy' } },
    })
  })

  it('is the security officer’s to change and the auditor’s to see', async () => {
    const { version, policy } = await inForce()
    const body = { policy, baseVersion: version }
    const denied = { status: 403, body: { code: 'permission-denied' } }
    expect(await at.auditor.call('changePolicy', { body })).toMatchObject(denied)
    expect(await at.administrator.call('changePolicy', { body })).toMatchObject(denied)
    expect(await at.administrator.call('securityPolicy')).toMatchObject(denied)
    expect(await at.auditor.call('securityPolicy')).toMatchObject({ status: 200 })
  })
})
