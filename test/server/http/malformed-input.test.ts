import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ZodObject } from 'zod'
import type { Permission, Role } from '../../../src/shared/access/index.ts'
import { decide } from '../../../src/shared/access/index.ts'
import { type Api, api, fillPath, type Route } from '../../../src/shared/api/index.ts'
import { Failure } from '../../../src/shared/errors/index.ts'
import type { Answer, Channel } from '../channel.ts'
import { startGateway, type TestGateway } from '../gateway-harness.ts'

/** Every route of the table, attacked by somebody who is allowed to call it. */
const routes = Object.entries(api) as [keyof Api, Route][]
const uid = '1.2.840.113619.2.1'
const goodParams: Record<string, string | number> = {
  study: uid,
  series: uid,
  instance: uid,
  frame: 1,
  accession: 'A1',
  id: '00000000-0000-4000-8000-000000000000',
  fingerprint: '0'.repeat(64),
  alert: '0'.repeat(16),
  version: 'D999',
  target: 'nobody',
  area: 'worklist',
  image: '0'.repeat(64),
  report: '0'.repeat(22),
  format: 'pdf',
}
/** Ids of broken glass are no UUIDs. */
const paramsOf = (route: Route) =>
  route.path.startsWith('/v1/glass-breaks/') ? { ...goodParams, id: '0'.repeat(22) } : goodParams
/** Looked for in answers: nothing that was sent comes back. */
const canary = 'CANARY-7f3a'

let gateway: TestGateway
const channels = new Map<Role | 'workstation', Channel>()
beforeAll(async () => {
  gateway = await startGateway()
  const workstation = await gateway.workstation('one')
  channels.set('workstation', gateway.connect(workstation.identity))
  const roles = [
    'radiologist',
    'technologist',
    'quality-manager',
    'system-administrator',
    'security-officer',
    'auditor',
  ] as const
  for (const role of roles) {
    const person = await gateway.person(role, { roles: [role] })
    channels.set(role, (await gateway.session(workstation, person)).channel)
  }
  // No officer can give this role: only the command line makes the one account that has it.
  const bootstrap = await gateway.person('bootstrap')
  await gateway.foundation.store.db
    .updateTable('accounts')
    .set({ roles: JSON.stringify(['bootstrap-administrator']) })
    .where('id', '=', bootstrap.accountId)
    .execute()
  channels.set('bootstrap-administrator', (await gateway.session(workstation, bootstrap)).channel)
})
afterAll(() => gateway.close())

function channelFor(route: Route): Channel {
  const allowed = (role: Role) => decide({ roles: [role] }, route.permission as Permission)
  const role = [...channels.keys()].find((key) =>
    route.principal === 'workstation' ? key === 'workstation' : key !== 'workstation' && allowed(key),
  )
  return channels.get(role as Role)!
}

function expectRefusal(answer: Answer, statuses: number[], codes: string[]): void {
  expect(statuses).toContain(answer.status)
  const failure = Failure.parse(answer.body)
  expect(codes).toContain(failure.code)
  expect(answer.bytes.toString()).not.toContain(canary)
}

const withBody = routes.filter(([, route]) => route.body)
const withParams = routes.filter(([, route]) => route.params)
const withQuery = routes.filter(([, route]) => route.query)
const writing = routes.filter(([, route]) => route.method !== 'GET')

describe('the table', () => {
  it('is attacked whole', () => {
    expect(routes.length).toBe(Object.keys(api).length)
    expect(routes.length).toBeGreaterThanOrEqual(25)
    expect(withBody.length).toBeGreaterThanOrEqual(6)
  })
})

describe.each(writing)('%s', (_, route) => {
  const send = (call: Parameters<Channel['send']>[2]) =>
    channelFor(route).send(route.method, fillPath(route.path, paramsOf(route)), call)

  it('refuses a body that is too large', async () => {
    const beyond = Math.max(route.bodyLimit ?? 0, 700_000)
    const raw = JSON.stringify({ text: canary.repeat(Math.ceil(beyond / canary.length)) })
    // The connection may be gone before the whole body is sent: refused as well.
    const answer = await send({ raw }).catch(() => null)
    if (answer) expectRefusal(answer, [413], ['too-large'])
    const next = await channelFor(route).call(route.principal === 'session' ? 'session' : 'status')
    expect(next.status).toBe(200)
  })

  it.each([
    ['cut off', `{"text":"${canary}`],
    ['not JSON', canary],
    ['deeply nested', '['.repeat(8000)],
    ['poisoned', `{"__proto__":{"admin":"${canary}"}}`],
    ['with a poisoned constructor', `{"constructor":{"prototype":{"admin":"${canary}"}}}`],
    ['with a byte order mark and no value', '\uFEFF'],
    ['NaN', 'NaN'],
  ])('refuses a body that is %s', async (_name, raw) => {
    expectRefusal(await send({ raw }), [400], ['bad-request'])
  })

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/json;'])(
    'refuses %s',
    async (type) => {
      const answer = await send({ raw: canary, headers: { 'content-type': type } })
      expectRefusal(answer, [400], ['bad-request'])
    },
  )
})

describe.each(withBody)('%s', (_, route) => {
  const send = (body: unknown) =>
    channelFor(route).send(route.method, fillPath(route.path, paramsOf(route)), { body })

  it.each([
    ['none', undefined],
    ['null', null],
    ['a string', canary],
    ['a number', 7],
    ['a list', [canary]],
    ['an empty object', {}],
    ['an object of something else', { [canary]: canary }],
  ])('refuses %s in place of its body', async (_name, body) => {
    // Where all may be left out, nothing is a body.
    if (route.body?.safeParse(body).success) return
    expectRefusal(await send(body), [400], ['bad-request'])
  })

  it('names the field that is wrong and never its value', async () => {
    const wrong = {
      csr: canary,
      certificates: canary,
      counter: canary,
      text: [canary],
      from: [canary],
      document: canary,
      failures: canary,
    }
    const answer = await send(wrong)
    expectRefusal(answer, [400], ['bad-request'])
    expect(answer.body.facts.where).toBe('body')
    const fields = Object.keys((route.body as ZodObject).shape)
    expect(fields).toContain(String(answer.body.facts.field).split('.')[0])
  })
})

describe.each(withParams)('%s', (_, route) => {
  it.each([
    ['an injection', `1' OR '1'='1`],
    ['a path', '../../etc/passwd'],
    ['a null byte', 'a\u0000b'],
    ['too long a value', '1'.repeat(90)],
    ['a script', `<script>${canary}</script>`],
  ])('refuses %s in its path', async (_name, value) => {
    const params = Object.fromEntries(Object.keys(goodParams).map((name) => [name, value]))
    const body = route.body ? {} : undefined
    const answer = await channelFor(route).send(route.method, fillPath(route.path, params), { body })
    // Some ids may be anything: there is nothing of that name, or nobody it could go to.
    expectRefusal(answer, [400, 404], ['bad-request', 'not-found', 'target-unknown'])
  })

  it('refuses broken percent-encoding', async () => {
    const path = route.path.replace(/:[a-z]+/g, '%zz')
    expectRefusal(await channelFor(route).send(route.method, path), [400], ['bad-request'])
  })
})

describe.each(withQuery)('%s', (_, route) => {
  it('refuses a query that is too long or of the wrong type', async () => {
    for (const query of [
      `?search=${'x'.repeat(65)}&study=${canary}&before=${canary}`,
      '?limit=0&before=1.5',
      '?limit=1e9&before=x',
      '?search=a&search=b&limit=1&limit=2&before=1&before=2',
    ]) {
      const answer = await channelFor(route).send(route.method, fillPath(route.path, paramsOf(route)), {
        query: `${query}&trusts=${canary}&state=${canary}`,
      })
      expectRefusal(answer, [400], ['bad-request'])
      expect(answer.body.facts.where).toBe('query')
    }
  })
})

describe.each(routes.filter(([name, route]) => !route.query && name !== 'signOut'))('%s', (_, route) => {
  it('takes no query', async () => {
    const path = fillPath(route.path, paramsOf(route))
    const answer = await channelFor(route).send(route.method, path, { query: `?x=${canary}` })
    expectRefusal(answer, [400], ['bad-request'])
  })
})
