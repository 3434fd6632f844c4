import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInEverybody } from './callers.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { sendRaw } from './raw-request.ts'
import { pathOf, routes } from './routes.ts'

/** Requests whose end two readers could see in two places, on every route (RFC 9112 6.3, 11.2). */
let gateway: ComposedGateway
let callers: Awaited<ReturnType<typeof signInEverybody>>
beforeAll(async () => {
  gateway = await composeGateway()
  callers = await signInEverybody(gateway)
})
afterAll(() => gateway.remove())

const canary = 'CANARY-7f3a'
/** What an attacker would have a second reader take for a request of somebody else's. */
const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
const json = 'Content-Type: application/json\r\n'
const ambiguous: Record<string, (start: string) => string> = {
  'both lengths': (start) =>
    `${start}${json}Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'chunked named twice': (start) =>
    `${start}${json}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
  'chunked not last': (start) =>
    `${start}${json}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n${smuggled}`,
  'an unknown coding': (start) => `${start}${json}Transfer-Encoding: ${canary}\r\n\r\n${smuggled}`,
  'a space before the colon': (start) =>
    `${start}${json}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'a folded header': (start) => `${start}${json}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'two lengths': (start) => `${start}${json}Content-Length: 0\r\nContent-Length: 30\r\n\r\n${smuggled}`,
  'a list of lengths': (start) => `${start}${json}Content-Length: 0, 30\r\n\r\n${smuggled}`,
  'a signed length': (start) => `${start}${json}Content-Length: +0\r\n\r\n${smuggled}`,
  'a negative length': (start) => `${start}${json}Content-Length: -1\r\n\r\n${smuggled}`,
  'a length in hex': (start) => `${start}${json}Content-Length: 0x10\r\n\r\n${smuggled}`,
  'a length past 64 bits': (start) =>
    `${start}${json}Content-Length: 18446744073709551617\r\n\r\n${smuggled}`,
  'a chunk size that is none': (start) =>
    `${start}${json}Transfer-Encoding: chunked\r\n\r\n${canary}\r\n${smuggled}`,
  'a chunk size past 64 bits': (start) =>
    `${start}${json}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n${smuggled}`,
  'a chunk without its end': (start) =>
    `${start}${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}${canary}\r\n0\r\n\r\n${smuggled}`,
  'a null byte in a header': (start) => `${start}X-A: ${canary}\0\r\n\r\n${smuggled}`,
  'a bare carriage return': (start) => `${start}X-A: ${canary}\rX-B: 1\r\n\r\n${smuggled}`,
}

describe('no second request is read out of', () => {
  it.each(Object.entries(ambiguous))('%s', async (_name, build) => {
    const answers = await Promise.all(
      routes
        .filter(([name]) => name !== 'events' && name !== 'signOut' && name !== 'lock')
        .map(async ([name, route]) => {
          const start = `${route.method} ${pathOf(route)} HTTP/1.1\r\nHost: localhost\r\n`
          return [name, await sendRaw(callers.rawFor(route), build(start))] as const
        }),
    )
    for (const [name, { statuses, text, ended }] of answers) {
      // A refusal and the end of the connection; a GET may have had its answer before what follows its head was looked at.
      const refused = statuses.at(-1) === undefined || statuses.at(-1) === 400 || statuses.at(-1) === 413
      expect([name, statuses.length <= 2, refused, ended]).toEqual([name, true, true, true])
      // That would be the answer to what was smuggled; the first is the GET's own.
      expect(statuses.slice(1)).not.toContain(404)
      expect(text).not.toContain(canary)
    }
  })
})

describe('what is not a plain request', () => {
  const target = () => callers.rawFor(routes.find(([name]) => name === 'session')![1])

  it.each([
    ['a proxy request', 'GET http://evil.example/v1/session HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n'],
    [
      'a web socket',
      'GET /v1/session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      'HTTP/2 in the clear',
      'GET /v1/session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    ],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [
      'an unknown expectation',
      'POST /v1/session/lock HTTP/1.1\r\nHost: x\r\nExpect: more\r\nContent-Length: 0\r\n\r\n',
    ],
    ['HTTP/0.9', 'GET /v1/session\r\n'],
    ['HTTP/1.0', 'GET /v1/session HTTP/1.0\r\n\r\n'],
    ['no host', 'GET /v1/session HTTP/1.1\r\n\r\n'],
    ['a request for everything', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['five hundred headers', `GET /v1/session HTTP/1.1\r\nHost: x\r\n${'a:b\r\n'.repeat(500)}\r\n`],
  ])('%s breaks nothing', async (_name, text) => {
    const { statuses } = await sendRaw(target(), text, 500)
    expect(statuses.length).toBeLessThanOrEqual(1)
    for (const status of statuses) expect([200, 400, 404, 413, 417]).toContain(status)
  })

  it('and twenty requests at once on one connection are answered one by one', async () => {
    const one = (more: string) => `GET /v1/session HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
    const { statuses } = await sendRaw(target(), one('').repeat(19) + one('Connection: close\r\n'))
    expect(statuses).toEqual(Array(20).fill(200))
  })
})
