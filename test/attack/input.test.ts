import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../src/shared/api/index.ts'
import { Failure } from '../../src/shared/errors/index.ts'
import type { Answer, Call } from '../server/channel.ts'
import { signInEverybody } from './callers.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { params } from './patient.ts'
import { pathOf, routes } from './routes.ts'

/** Every route of the composed gateway, fed what it must not choke on by somebody who may call it. */
let gateway: ComposedGateway
let callers: Awaited<ReturnType<typeof signInEverybody>>
let rss = 0
beforeAll(async () => {
  gateway = await composeGateway()
  callers = await signInEverybody(gateway)
  rss = process.memoryUsage().rss
})
afterAll(() => gateway.remove())
afterEach(async () => {
  const status = routes.find(([name]) => name === 'status')![1]
  expect((await callers.channelFor(status).call('status')).status).toBe(200)
})

/** Looked for in answers: nothing that was sent comes back. */
const canary = 'CANARY-7f3a'
const megabytes = 1024 * 1024
const tenMegabytes = Buffer.alloc(10 * megabytes, `"${canary}",`)
const bomb = gzipSync(Buffer.alloc(10 * megabytes, ' '))

function expectRefusal(answer: Answer, statuses: number[], codes: string[]): void {
  const failure = Failure.parse(answer.body)
  expect(statuses, failure.code).toContain(answer.status)
  expect(codes).toContain(failure.code)
  expect(answer.bytes.toString()).not.toContain(canary)
}
const send = (route: Route, call: Call, path = pathOf(route)) =>
  callers.channelFor(route).send(route.method, path, call)
const limitOf = (route: Route) => route.bodyLimit ?? 16_384

const writing = routes.filter(([, route]) => route.method !== 'GET')
const withParams = routes.filter(([, route]) => route.params)

describe.each(writing)('%s', (_, route) => {
  it('refuses a body one byte over its limit, and 10 MB', async () => {
    const limit = limitOf(route)
    const atLimit = `{"${canary}":1}`.padEnd(limit, ' ')
    expectRefusal(await send(route, { raw: atLimit }), [400], ['bad-request'])
    expectRefusal(await send(route, { raw: `${atLimit} ` }), [413], ['too-large'])
    // Said to be long, or not said and sent in chunks. The connection may be cut before all of it is out.
    for (const headers of [{}, { 'transfer-encoding': 'chunked', 'content-length': undefined as never }]) {
      const answer = await send(route, { raw: tenMegabytes, headers }).catch(() => null)
      if (answer) expectRefusal(answer, [413], ['too-large'])
    }
  })

  it('refuses a compressed body without unpacking it', async () => {
    expect(bomb.length).toBeLessThan(12_000)
    for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip'])
      expectRefusal(
        await send(route, { raw: bomb, headers: { 'content-encoding': encoding } }),
        [400],
        ['bad-request'],
      )
  })

  it('refuses deep nesting and poisoned keys wherever they stand', async () => {
    const deep = 100_000
    const bodies = [
      '['.repeat(deep) + ']'.repeat(deep),
      `{"text":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
      `{"document":${'['.repeat(deep)}`,
      `{"text":{"findings":"${canary}","impression":"","__proto__":{"admin":true}},"baseRevision":0}`,
      String.raw`{"counter":1,"idleMs":0,"\u005f_proto__":{"locked":false}}`,
      `{"text":{"constructor":{"prototype":{"permission":"${canary}"}}},"baseRevision":0}`,
      `{"document":{"text":{"__proto__":null}}}`,
    ]
    for (const raw of bodies) {
      const answer = await send(route, { raw }).catch(() => null)
      if (answer) expectRefusal(answer, [400, 413], ['bad-request', 'too-large'])
    }
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    expect(({} as Record<string, unknown>).locked).toBeUndefined()
  })
})

describe.each(withParams)('%s', (_, route) => {
  it('refuses what is no identifier in its path', async () => {
    const values = [
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '..%2f..%2fmaster.key',
      '%2e%2e',
      '..%5c..%5cvigil.db',
      `${canary}%00.dcm`,
      '%c0%ae%c0%ae%2f',
      '%EF%BC%8E%EF%BC%8E',
      `1'%20OR%20'1'='1`,
      '1;DROP%20TABLE%20audit;--',
      '1%0d%0aX-Injected:%201',
      '%E2%80%AE1.2.3',
      '1.2.3%20',
      '.1.2',
      '1..2',
      `${'1.'.repeat(40)}1`,
      '1'.repeat(5000),
      '__proto__',
      'constructor',
    ]
    const names = Object.keys(params).filter((key) => route.path.includes(`:${key}`))
    for (const key of names) {
      for (const value of values) {
        const path = pathOf(route).replace(String(params[key as keyof typeof params]), value)
        const body = route.body ? { body: {} } : {}
        expectRefusal(
          await send(route, body, path),
          [400, 404, 413],
          ['bad-request', 'not-found', 'too-large', 'target-unknown'],
        )
      }
    }
  })
})

describe.each(routes)('%s', (name, route) => {
  it('refuses a query that it does not know, or knows once', async () => {
    const queries = [
      '?__proto__=1',
      '?__proto__[x]=1&constructor=2',
      `?${canary}=1`,
      '?limit=1&limit=2',
      '?search=a&search=b',
      '?before=1&before=2',
      `?study=1.2&study=${canary}`,
      '?limit=99999999999999999999',
      '?before=1e400',
      `?search=${'%F0%9F%98%80'.repeat(65)}`,
      `?${'a=1&'.repeat(1500)}`,
    ]
    for (const query of queries) {
      if (name === 'events') continue
      const answer = await send(route, { query })
      // Unknown keys of a route that has a query are passed over; nothing of them is used.
      const ignored = route.query && /__proto__|CANARY-7f3a=|search|before|limit|study|a=1/.test(query)
      if (ignored && answer.status === 200) continue
      expectRefusal(answer, [400, 413], ['bad-request', 'too-large'])
    }
  })

  it('refuses headers of more than 8 KiB, and other methods', async () => {
    const long = { 'x-long': canary.repeat(900) }
    expectRefusal(await send(route, { headers: long }), [413], ['too-large'])
    for (const method of ['OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']) {
      const answer = await callers.channelFor(route).send(method, pathOf(route))
      expectRefusal(answer, [404], ['not-found'])
    }
  })
})

describe('all of it', () => {
  it('was asked of every route', () => {
    expect(routes.length).toBeGreaterThanOrEqual(26)
    expect(writing.length).toBeGreaterThanOrEqual(11)
  })

  it('left no memory behind to speak of', () => {
    expect((process.memoryUsage().rss - rss) / megabytes).toBeLessThan(400)
  })

  it('is not in the audit as what was sent, and left its chain whole', async () => {
    const text = await gateway.beside(async ({ audit }) => {
      expect((await audit.verify()).faults).toEqual([])
      return JSON.stringify(await audit.tail())
    })
    expect(text).not.toContain(canary)
  })
})
