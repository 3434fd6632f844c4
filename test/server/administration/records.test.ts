import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignInFailureRow } from '../../../src/shared/api/index.ts'
import { auditRows } from '../audit-rows.ts'
import { signIn, unlock } from '../sign-in-client.ts'
import { by, type OfficersAtWork, officersAtWork } from './officers.ts'

let at: OfficersAtWork
beforeAll(async () => {
  at = await officersAtWork()
})
afterAll(() => at.gateway.close())

const failures = async (query = ''): Promise<SignInFailureRow[]> =>
  (await at.security.call('signInFailures', { query })).body

describe('failed sign-ins', () => {
  it('say who, where, with which key and why', async () => {
    const { gateway, desk } = at
    const known = await gateway.person('known.one')
    const session = await gateway.session(desk, known)
    const other = await gateway.person('other.one')
    const stranger = await at.key()
    const channel = () => gateway.connect(desk.identity)
    await signIn(channel(), stranger.signer, desk.id)
    await session.channel.call('lock')
    await unlock(session.channel, other.signer, session.id)
    await gateway.accounts.disable(other.accountId, 'left', by)
    await signIn(channel(), other.signer, desk.id)
    const reported = [{ code: 'pin-wrong', purpose: 'sign-off', at: 1, certificate: 'b'.repeat(64) }]
    await channel().call('tokenFailures', { body: { failures: reported } })
    await gateway.foundation.audit.record({
      action: 'workstation.enrol-refused',
      outcome: 'refused',
      actor: { kind: 'workstation', id: '', address: '10.9.8.7' },
      detail: { code: 'enrolment-code-invalid' },
    })
    const place = { workstation: 'officers desk', address: '127.0.0.1' }
    const rows = await failures()
    expect(rows).toMatchObject([
      {
        purpose: 'enrolment',
        code: 'enrolment-code-invalid',
        person: '',
        workstation: '',
        address: '10.9.8.7',
      },
      { purpose: 'sign-off', code: 'pin-wrong', person: '', certificate: 'b'.repeat(64), ...place },
      { purpose: 'sign-in', code: 'account-disabled', certificate: other.fingerprint, ...place },
      {
        purpose: 'unlock',
        code: 'other-account',
        person: '姓名 other.one',
        certificate: other.fingerprint,
        ...place,
      },
      {
        purpose: 'sign-in',
        code: 'account-unknown',
        person: '',
        certificate: stranger.fingerprint,
        ...place,
      },
    ])
    const older = await failures(`?before=${rows[2]?.seq}`)
    expect(older.map(({ seq }) => seq)).toEqual(rows.slice(3).map(({ seq }) => seq))
  })

  it('are shown though one record was damaged', async () => {
    const { foundation } = at.gateway
    const before = await failures()
    // Its trigger stands in the way of any change; a disk does not ask it.
    const { sql } = await import('kysely')
    await sql`drop trigger audit_no_update`.execute(foundation.store.db)
    await foundation.store.db
      .updateTable('audit')
      .set({ sealed_detail: 'v1.nonsense' })
      .where('seq', '=', before[0]?.seq ?? 0)
      .execute()
    const after = await failures()
    expect(after).toHaveLength(before.length)
    expect(after[0]).toMatchObject({ code: 'internal', person: '', workstation: '' })
    expect(after.slice(1)).toEqual(before.slice(1))
  })

  it('are not for the system administrator or the auditor', async () => {
    for (const officer of [at.administrator, at.auditor])
      expect(await officer.call('signInFailures')).toMatchObject({ body: { code: 'permission-denied' } })
  })
})

describe('a table that is written to a file', () => {
  it('is in the audit before', async () => {
    const body = { table: 'accounts', rows: 42 }
    expect(await at.administrator.call('recordExport', { body })).toMatchObject({ status: 200 })
    const rows = await auditRows(at.auditor)
    expect(rows.find(({ action }) => action === 'table.exported')).toMatchObject({
      action: 'table.exported',
      actor: `account:${at.administrator.accountId}`,
      object: 'table:accounts',
      detail: { rows: 42 },
    })
    const wrong = { body: { table: 'passwords', rows: 1 } }
    expect(await at.administrator.call('recordExport', wrong)).toMatchObject({ status: 400 })
    const reader = await at.gateway.session(at.desk, await at.gateway.person('reader.one'))
    expect(await reader.channel.call('recordExport', { body })).toMatchObject({
      body: { code: 'permission-denied' },
    })
  })
})

describe('a live session', () => {
  it('is ended by the security officer with a reason, and its workstation told', async () => {
    const { gateway, security, auditor, desk } = at
    const person = await gateway.person('at.work')
    const session = await gateway.session(desk, person)
    const listed = (await security.call('sessions')).body
    expect(listed).toContainEqual(expect.objectContaining({ id: session.id, displayName: '姓名 at.work' }))
    const params = { id: session.id }
    expect(await security.call('endSession', { params, body: { reason: ' ' } })).toMatchObject({
      status: 400,
    })
    expect(await auditor.call('endSession', { params, body: { reason: 'x' } })).toMatchObject({ status: 403 })
    expect(await security.call('endSession', { params, body: { reason: '人已离开' } })).toMatchObject({
      status: 200,
    })
    expect(await gateway.connect(session.identity).call('session')).toMatchObject({
      body: { code: 'session-ended', facts: { reason: 'ended-by-officer' } },
    })
    const ended = (await auditRows(auditor)).find(
      ({ object, action }) => object === `session:${session.id}` && action === 'session.ended',
    )
    expect(ended).toMatchObject({
      actorName: '姓名 zhou.hai',
      objectName: '姓名 at.work',
      detail: { reason: 'ended-by-officer', because: '人已离开' },
    })
    expect(await security.call('endSession', { params, body: { reason: 'x' } })).toMatchObject({
      status: 404,
      body: { code: 'not-found', facts: { field: 'session' } },
    })
  })

  it('of the officer is not ended that way', async () => {
    const { security } = at
    const own = { params: { id: security.id }, body: { reason: 'x' } }
    expect(await security.call('endSession', own)).toMatchObject({
      status: 403,
      body: { code: 'own-account' },
    })
    expect(await security.call('session')).toMatchObject({ status: 200 })
  })
})
