import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Role } from '../../src/shared/access/index.ts'
import { canonicalAlertContent } from '../../src/shared/alert/canonical.ts'
import type { Alert } from '../../src/shared/alert/index.ts'
import type { Api } from '../../src/shared/api/index.ts'
import { alertCheckStatement } from '../../src/shared/signing/statement.ts'
import { auditRows } from '../server/audit-rows.ts'
import type { Call } from '../server/channel.ts'
import { signInFallback, totpCode } from '../server/fallback-client.ts'
import { sha256, tokenSign } from '../server/sign-in-client.ts'
import { readAndSign } from './clinical-flow.ts'
import { type ComposedGateway, composeGateway, type Person, type Session } from './composed-gateway.ts'
import { publish, tested } from './dictionary.ts'
import { params } from './patient.ts'

/** People who want more of critical values than is theirs. */
let gateway: ComposedGateway
const sessions = {} as Record<Role, Session>
let alerts: Alert[]
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of Role.options) sessions[role] = await gateway.session(gateway.people[role])
  const second = await gateway.addPerson('second.manager', '第二质控员', ['quality-manager'])
  const rules = { secondCheck: { mode: 'required', onePersonTwice: { night: null, emergencies: false } } }
  await publish(sessions['quality-manager'], await gateway.session(second), rules)
  alerts = await readAndSign(sessions.radiologist.channel, gateway.people.radiologist)
})
afterAll(() => gateway.remove())

const call = async (session: Session, name: keyof Api, more: Call = {}) => {
  const { status, body } = await session.channel.call(name, more)
  return status === 200 ? 'done' : String(body.code)
}
const ask = (role: Role, name: keyof Api, more: Call) => call(sessions[role], name, more)
const told = () => auditRows(sessions.auditor.channel)

describe('critical values', () => {
  it('are not checked, objected to or seen to by who raised them, nor by who may not', async () => {
    expect(alerts.map(({ state }) => state.status)).toEqual(alerts.map(() => 'awaiting-check'))
    const [alert] = alerts
    const own = { params: { alert: alert!.id } }
    const statement = await checkOf(gateway, alert!, gateway.people.radiologist)
    const session = sessions.radiologist
    expect(await call(session, 'checkAlert', { ...own, body: statement })).toBe('second-person-required')
    expect(await call(session, 'objectToAlert', { ...own, body: { remark: '同意' } })).toBe(
      'second-person-required',
    )
    const manager = sessions['quality-manager']
    expect(await call(manager, 'checkAlert', { ...own, body: statement })).toBe('permission-denied')
    // Another radiologist cannot pass on a signature that is not their own.
    const other = await gateway.addPerson('other.radiologist', '第二报告医师', ['radiologist'])
    const colleague = await gateway.session(other)
    expect(await call(colleague, 'checkAlert', { ...own, body: statement })).not.toBe('done')
    const { body } = await colleague.channel.call('alert', own)
    expect(body.alert.state.status).toBe('awaiting-check')
    expect(
      await call(colleague, 'checkAlert', { ...own, body: await checkOf(gateway, body.alert, other) }),
    ).toBe('done')
    expect((await told()).find(({ action }) => action === 'alert.check')).toMatchObject({
      outcome: 'refused',
    })
  })

  it('are not for technologists and officers, and no event of them comes to their streams', async () => {
    const [, alert] = alerts
    const own = { params: { alert: alert!.id } }
    const others = ['technologist', 'system-administrator', 'security-officer', 'auditor'] as const
    const heard = new Map<string, string>()
    const streams: Duplex[] = []
    for (const role of [...others, 'radiologist'] as const) {
      const stream = await gateway.connect(sessions[role].identity).stream('/v1/events')
      heard.set(role, '')
      stream.on('data', (chunk: Buffer) => heard.set(role, `${heard.get(role)}${chunk}`))
      streams.push(stream)
    }
    for (const role of others) {
      expect(await ask(role, 'alerts', {})).toBe('permission-denied')
      expect(await ask(role, 'alert', own)).toBe('permission-denied')
      expect(await ask(role, 'withdrawAlert', { ...own, body: { reason: '误报' } })).toBe('permission-denied')
    }
    expect(await call(sessions.radiologist, 'withdrawAlert', { ...own, body: { reason: '误报' } })).toBe(
      'done',
    )
    await expect.poll(() => heard.get('radiologist'), { timeout: 10_000 }).toContain(alert!.id)
    // Whatever was announced before this has come, or does not come.
    for (const role of others) {
      await expect.poll(() => heard.get(role), { timeout: 10_000 }).toContain('"kind":"hello"')
      expect(heard.get(role)).not.toContain('alert-')
      expect(heard.get(role)).not.toContain(alert!.id)
    }
    for (const stream of streams) stream.destroy()
  })

  it('are neither signed nor written by a quality manager', async () => {
    const text = { findings: '双肺清晰。', impression: '' }
    const session = sessions['quality-manager']
    expect(await call(session, 'saveDraft', { params, body: { text, baseRevision: 0 } })).toBe(
      'permission-denied',
    )
    expect(await call(session, 'prepareSignOff', { params, body: { text } })).toBe('permission-denied')
    expect(await call(sessions.radiologist, 'beginDictionaryDraft', { body: {} })).toBe('permission-denied')
  })

  it('have a dictionary that nobody changes alone: not by approving, nor by taking over and giving back', async () => {
    const session = sessions['quality-manager']
    const { body: draft } = await session.channel.call('beginDictionaryDraft', { body: {} })
    const { body } = await session.channel.call('dictionaryVersion', { params: { version: draft.version } })
    const saved = await session.channel.call('saveDictionaryDraft', {
      body: { baseRevision: draft.revision, content: body.content, note: '一人' },
    })
    const { revision } = saved.body
    expect(await call(session, 'publishDictionary', { body: { revision } })).not.toBe('done')
    await tested(session, revision)
    expect(await call(session, 'publishDictionary', { body: { revision } })).toBe('second-person-required')
    // Set aside and begun again from it: whoever wrote at that one wrote at this one.
    expect(await call(session, 'discardDictionaryDraft')).toBe('done')
    const again = (await session.channel.call('beginDictionaryDraft', { body: { from: draft.version } })).body
    await tested(session, again.revision)
    expect(await call(session, 'publishDictionary', { body: { revision: again.revision } })).toBe(
      'second-person-required',
    )
    expect(await call(session, 'discardDictionaryDraft')).toBe('done')
  })

  it('are not checked without a key, though the session may see them', async () => {
    const { channel, person } = await keyless(gateway, sessions)
    expect((await channel.call('alerts')).status).toBe(200)
    const [alert] = alerts
    const body = await checkOf(gateway, alert!, person)
    const answer = await channel.call('checkAlert', { params: { alert: alert!.id }, body })
    expect([answer.status, answer.body.code]).toEqual([403, 'permission-denied'])
  })
})

/** A second person's signature over what an alert says. */
async function checkOf(gateway: ComposedGateway, alert: Alert, { signer }: Person) {
  const statement = alertCheckStatement({
    gatewayId: await gateway.beside(async ({ gatewayId }) => gatewayId),
    subject: alert.id,
    contentHash: createHash('sha256').update(canonicalAlertContent(alert)).digest(),
    certificateHash: sha256(signer.certificateDer),
  })
  return {
    signature: tokenSign(signer, statement).toString('base64'),
    algorithm: signer.algorithm,
    certificate: signer.certificateDer.toString('base64'),
  }
}

/** A radiologist who lost the key, signed in by password and code for an hour. */
async function keyless(gateway: ComposedGateway, sessions: Record<Role, Session>) {
  const person = await gateway.addPerson('keyless.radiologist', '第三报告医师', ['radiologist'])
  const officer = sessions['security-officer'].channel
  const id = { params: { id: person.accountId } }
  const { password } = (await officer.call('resetPassword', id)).body
  const granted = await officer.call('grantFallback', { ...id, body: { hours: 1, reason: 'lost key' } })
  const at = gateway.connect(gateway.workstation.identity)
  const code = totpCode(granted.body.totp.secret, Date.now())
  const { loginName } = person
  const newPassword = 'mQ7#tLx2vB-own'
  const entered = await signInFallback(at, { loginName, password, code, newPassword })
  expect([entered.status, entered.body.code]).toEqual([200, undefined])
  return { channel: gateway.connect(entered.identity), person }
}
