import { randomUUID } from 'node:crypto'
import type { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import type { TestGateway, TestPerson, TestSession, TestWorkstation } from '../gateway-harness.ts'
import { activityBody, keyAndRequest, signIn } from '../sign-in-client.ts'

export const by = { kind: 'cli', id: 'test' } as const

/** Signs in, and gives the whole answer. */
export const enter = (
  gateway: TestGateway,
  workstation: TestWorkstation,
  person: TestPerson,
  more: Record<string, unknown> = {},
) => signIn(gateway.connect(workstation.identity), person.signer, workstation.id, more)

/** Changes the session part of the policy as the security officer does. */
export async function changeRules(
  gateway: TestGateway,
  rules: Partial<SecurityPolicy['session']>,
  more: Partial<SecurityPolicy> = {},
): Promise<void> {
  const { policies } = gateway.foundation
  const { version, policy } = await policies.version()
  await policies.change(
    { policy: { ...policy, ...more, session: { ...policy.session, ...rules } }, baseVersion: version },
    { accountId: 'officer', actor: by },
  )
}

export async function markEmergency(gateway: TestGateway, person: TestPerson): Promise<void> {
  await gateway.foundation.store.db
    .updateTable('accounts')
    .set({ emergency: 1 })
    .where('id', '=', person.accountId)
    .execute()
}

export async function setRoles(gateway: TestGateway, person: TestPerson, roles: string[]): Promise<void> {
  await gateway.foundation.store.db
    .updateTable('accounts')
    .set({ roles: JSON.stringify(roles) })
    .where('id', '=', person.accountId)
    .execute()
}

/** A session that stands on a grant, with its own key and channel; the proof by password + TOTP is tested elsewhere. */
export async function sessionOnGrant(
  gateway: TestGateway,
  workstation: TestWorkstation,
  person: TestPerson,
  grant: { now: number; endsAt: number; lastsUntil?: number },
): Promise<TestSession & { grantId: string }> {
  const grantId = randomUUID()
  await gateway.foundation.store.db
    .insertInto('fallback_grants')
    .values({
      id: grantId,
      account_id: person.accountId,
      sealed_reason: '',
      granted_by: 'officer',
      granted_at: grant.now,
      ends_at: grant.endsAt,
      ended_at: null,
      ended_by: null,
      sign_ins: 0,
    })
    .execute()
  const id = randomUUID()
  const { csr, privateKey } = await keyAndRequest()
  const notAfter = grant.lastsUntil ?? grant.now + gateway.sessions.policy.shiftMs
  const issued = await gateway.authorities.issueSession(csr, { sessionId: id, notAfter })
  await gateway.sessions.begin(
    {
      id,
      accountId: person.accountId,
      workstation: { id: workstation.id, name: workstation.name },
      certificateFingerprint: issued.fingerprint,
      tokenFingerprint: '',
      expiresAt: issued.notAfter,
      takeOver: false,
      factor: 'fallback',
      fallbackGrantId: grantId,
    },
    { kind: 'account', id: person.accountId, workstationId: workstation.id },
  )
  const identity = { certificate: issued.pem, privateKey }
  const channel = gateway.connect(identity)
  const { gatewayId } = gateway.foundation
  return {
    id,
    identity,
    channel,
    grantId,
    report(counter, idleMs = 0) {
      const facts = { gatewayId, sessionId: id, counter, idleMs }
      return channel.call('activity', { body: activityBody(privateKey, facts) })
    },
  }
}
