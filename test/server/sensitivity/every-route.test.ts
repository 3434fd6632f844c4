import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrders, studyIndex } from '../../../src/server/orders/index.ts'
import { createBrokenGlass } from '../../../src/server/sensitivity/index.ts'
import { Role } from '../../../src/shared/access/index.ts'
import { type Api, api, type Route } from '../../../src/shared/api/index.ts'
import { startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { anOrder } from '../reports/reading-room.ts'

/** Routes that name a study, as the guard finds them: in the path, or in the query. None is left out by hand. */
const ofStudies = (Object.entries(api) as [keyof Api, Route][]).filter(
  ([, { path, query }]) => path.includes(':study') || 'study' in ((query as { shape?: object })?.shape ?? {}),
)
const secret = '1.2.840.99.1'
const plain = '1.2.840.99.2'
const by = { kind: 'cli', id: 'test' } as const

let gateway: TestGateway
let session: TestSession
let other: TestSession

beforeAll(async () => {
  gateway = await startGateway()
  await createOrders(gateway.foundation, { announce: () => {} }).importOrders(
    [
      anOrder('S1', { studyInstanceUid: secret, sensitivity: 'highly-sensitive' }),
      anOrder('S2', { studyInstanceUid: plain, patientId: 'P2' }),
    ],
    by,
  )
  const workstation = await gateway.workstation('CT-1')
  // Everything that clinical people may do, and no clearance.
  const roles = Role.options.filter((role) =>
    ['radiologist', 'resident', 'technologist', 'quality-manager'].includes(role),
  )
  session = await gateway.session(workstation, await gateway.person('all.in.one', { roles }))
  other = await gateway.session(workstation, await gateway.person('somebody.else', { roles }))
})
afterAll(() => gateway.close())

/** What is asked is no study's business: the guard stands before the body is read. */
function ask(of: TestSession, name: keyof Api, study: string) {
  const route: Route = api[name]
  const params = { study, series: '1.2', instance: '1.3', frame: 1, image: '0'.repeat(64) }
  const query = route.path.includes(':study') ? {} : { query: `?study=${study}` }
  return of.channel.call(name, { params, ...query, ...(route.method === 'GET' ? {} : { body: {} }) })
}
const codeOf = async (...what: Parameters<typeof ask>) => (await ask(...what)).body?.code

describe('a study whose label is above the clearance', () => {
  it('has routes: of study, images, report, measurements, claim, alerts', () => {
    const names = ofStudies.map(([name]) => name)
    for (const name of [
      'study',
      'frame',
      'priorStudies',
      'signOff',
      'claimExam',
      'storeMeasurements',
      'alerts',
    ])
      expect(names).toContain(name)
  })

  it.each(ofStudies.map(([name]) => name))('%s', async (name) => {
    const code = await codeOf(session, name, secret)
    if (name === 'breakGlass') expect(code).toBe('bad-request')
    else expect(code).toBe('study-restricted')
    // Whoever is kept from one is not kept from another.
    expect(await codeOf(session, name, plain)).not.toBe('study-restricted')
  })

  it('is not to be had by other ways to write its UID', async () => {
    const twice = await session.channel.send('GET', `/v1/critical/alerts?study=${plain}&study=${secret}`)
    expect(['study-restricted', 'bad-request']).toContain(twice.body.code)
    const escaped = await session.channel.send('GET', `/v1/studies/${secret.replaceAll('.', '%2E')}`)
    expect(escaped.body.code).toBe('study-restricted')
  })

  it('leaves each refusal in the audit, without a name', async () => {
    const rows = await gateway.foundation.audit.tail()
    const refused = rows.filter(({ detail }) => detail.code === 'study-restricted')
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused.map(({ object }) => object))).toEqual(
      new Set([`study:${studyIndex(gateway.foundation.protection, secret)}`]),
    )
    expect(new Set(refused.map(({ detail }) => detail.because))).toEqual(new Set(['label']))
    expect(JSON.stringify(refused)).not.toContain('张伟')
  })

  it('is told of by no list', async () => {
    const body = { filter: {} }
    const rows = (await session.channel.call('worklist', { body })).body.rows
    const masked = rows.filter((row: { masked: boolean }) => row.masked)
    expect(masked).toHaveLength(1)
    expect(JSON.stringify(masked)).not.toMatch(/张伟|Zhang|P1|呼吸|胸/)
    const { body: priors } = await session.channel.call('priorStudies', { params: { study: plain } })
    expect(JSON.stringify(priors)).not.toContain('S1')
  })

  it('has an identity that is told with an audit, or not at all', async () => {
    const reveal = (of: TestSession, reason: string | null) =>
      of.channel.call('revealIdentity', {
        body: { studyInstanceUid: null, accessionNumber: 'S1', reason },
      })
    expect((await reveal(session, null)).body.code).toBe('bad-request')
    const { db } = gateway.foundation.store
    await sql`create trigger no_more_audit before insert on audit begin select raise(abort, 'full'); end`.execute(
      db,
    )
    const unwritten = await reveal(session, '叫号核对身份')
    await sql`drop trigger no_more_audit`.execute(db)
    expect(unwritten.body.code).toBe('audit-unavailable')
    expect(JSON.stringify(unwritten.body)).not.toContain('张伟')
    expect((await reveal(session, '叫号核对身份')).body).toMatchObject({ patientName: '张伟' })
  })

  it('opens to the session that broke the glass, on every route, and to no other', async () => {
    const { sessions, foundation } = gateway
    const { accountId } = (await sessions.live()).find(({ id }) => id === session.id)!
    const opened = {
      accountId,
      sessionId: session.id,
      studyIndex: studyIndex(foundation.protection, secret),
      reason: '急诊抢救',
    }
    // As another gateway on the same store would do it.
    await createBrokenGlass(foundation).break(opened, { kind: 'account', id: accountId })
    for (const [name] of ofStudies)
      expect([name, await codeOf(session, name, secret)]).not.toEqual([name, 'study-restricted'])
    expect(await codeOf(other, 'study', secret)).toBe('study-restricted')
  })

  it('is closed again where the record of it was changed', async () => {
    const { foundation } = gateway
    const forged = {
      id: randomBytes(8).toString('hex'),
      account_id: 'x',
      session_id: other.id,
      study_index: studyIndex(foundation.protection, secret),
      broken_at: Date.now(),
      ends_at: Date.now() + 60_000,
    }
    const [real] = await foundation.store.db.selectFrom('glass_breaks').selectAll().execute()
    await foundation.store.db
      .insertInto('glass_breaks')
      .values({ ...forged, sealed_break: real!.sealed_break })
      .execute()
    expect(await codeOf(other, 'study', secret)).toBe('study-restricted')
    const rows = await foundation.audit.tail()
    expect(rows.map(({ action, object }) => `${action} ${object}`)).toContain(
      `integrity.failed glass_breaks:${forged.id}`,
    )
  })

  it('closes within a second where another process labels it', async () => {
    expect(await codeOf(other, 'study', plain)).not.toBe('study-restricted')
    const label = { studyInstanceUid: plain, patientId: 'P2', sensitivity: 'sensitive' as const }
    await createOrders(gateway.foundation, { announce: () => {} }).importOrders([anOrder('S2', label)], by)
    // A second, and what a busy machine takes.
    await expect
      .poll(() => codeOf(other, 'study', plain), { timeout: 2500, interval: 100 })
      .toBe('study-restricted')
  })
})
