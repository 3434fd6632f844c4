import { readFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthorities, loadAuthorities } from '../../src/server/pki/index.ts'
import type { ClientIdentity } from '../server/channel.ts'
import { keyAndRequest } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { bodyOf, callRoute, mayCall, pathOf, routes } from './routes.ts'

/** Who is not what a route serves gets nothing out of any route of the composed gateway. */
let gateway: ComposedGateway
beforeAll(async () => {
  gateway = await composeGateway()
})
afterAll(() => gateway.remove())

/** What comes back on a connection that sends a request by hand; '' where it was ended without an answer. */
function rawAnswer(options: { tls: object | null; text: string }): Promise<string> {
  const to = { host: '127.0.0.1', port: gateway.apiPort() }
  return new Promise((resolve) => {
    const socket = options.tls
      ? connectTls({ ...to, ca: gateway.authorities.gatewayCa, ...options.tls })
      : connectPlain(to)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.once(options.tls ? 'secureConnect' : 'connect', () => socket.write(options.text))
    socket.setTimeout(3000, () => socket.destroy())
  })
}

const request = (method: string, path: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
const requests = routes.map(([name, route]) => [name, request(route.method, pathOf(route))] as const)

async function expectNoAnswer(tls: object | null): Promise<void> {
  const answers = await Promise.all(requests.map(([, text]) => rawAnswer({ tls, text })))
  for (const [index, answer] of answers.entries())
    expect([requests[index]?.[0], answer]).toEqual([requests[index]?.[0], ''])
}

describe('no route answers', () => {
  it('without a client certificate', () => expectNoAnswer({}))

  it('a certificate of another gateway whose authorities have the same names', async () => {
    const dir = join(gateway.dir, 'foreign')
    const { gatewayId } = await gateway.beside(async (foundation) => foundation)
    await createAuthorities({ dir, gatewayId, serverNames: ['localhost'], clock: Date.now })
    const foreign = await loadAuthorities(dir, { clock: Date.now })
    const { csr, privateKey } = await keyAndRequest()
    const notAfter = Date.now() + 3_600_000
    const issued = [
      await foreign.issueSession(csr, { sessionId: 'x', notAfter }),
      await foreign.issueWorkstation(csr, { id: gateway.workstation.id, name: 'reading room 1' }),
    ]
    for (const { pem } of issued) await expectNoAnswer({ cert: pem, key: privateKey })
  })

  it('a certificate of the hospital, or the gateway’s own', async () => {
    const user = await gateway.hospital.issue({ commonName: 'x', keyType: 'P-256' })
    const own = join(gateway.paths.pki, 'server')
    await expectNoAnswer({ cert: user.certificatePem, key: user.privateKeyPem })
    await expectNoAnswer({ cert: readFileSync(`${own}.pem`), key: readFileSync(`${own}.key`) })
  })

  it('over TLS 1.2, with a good certificate', async () => {
    const { certificate: cert, privateKey: key } = gateway.workstation.identity
    await expectNoAnswer({ cert, key, maxVersion: 'TLSv1.2' })
    const [text] = requests.map(([, request]) => request)
    expect(await rawAnswer({ tls: { cert, key }, text: text ?? '' })).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('in the clear', () => expectNoAnswer(null))
})

describe('every route', () => {
  const refusals = async (identity: ClientIdentity, names = routes) => {
    const channel = gateway.connect(identity)
    const codes: string[] = []
    for (const [name] of names) {
      const answer = await callRoute(channel, name)
      codes.push(`${name} ${answer.status} ${answer.body?.code}`)
    }
    return codes
  }
  const all = (served: 'workstation' | 'session', verdict: string) =>
    routes.filter(([, route]) => route.principal === served).map(([name]) => `${name} ${verdict}`)
  const of = (served: 'workstation' | 'session') => routes.filter(([, route]) => route.principal === served)

  it('of sessions is closed to a workstation', async () => {
    const codes = await refusals(gateway.workstation.identity, of('session'))
    expect(codes).toEqual(all('session', '403 session-required'))
  })

  it('of workstations is closed to a session', async () => {
    const { identity } = await gateway.session(gateway.people.radiologist)
    expect(await refusals(identity, of('workstation'))).toEqual(all('workstation', '403 permission-denied'))
  })

  it('is closed to the certificate of a session that is over', async () => {
    const session = await gateway.session(gateway.people.radiologist)
    expect((await session.channel.call('signOut')).status).toBe(200)
    expect(await refusals(session.identity)).toEqual(routes.map(([name]) => `${name} 401 session-ended`))
  })

  it('is closed to the sessions of a revoked workstation, and to itself', async () => {
    const lost = await gateway.addWorkstation('lost')
    const session = await gateway.session(gateway.people.technologist, lost)
    await gateway.revokeWorkstation(lost.id)
    expect(await refusals(session.identity)).toEqual(routes.map(([name]) => `${name} 401 session-ended`))
    expect(await refusals(lost.identity)).toEqual(routes.map(([name]) => `${name} 401 workstation-revoked`))
  })

  it('that is not for locked sessions is closed to one', async () => {
    const { identity, channel } = await gateway.session(gateway.people.radiologist)
    expect((await channel.call('lock')).status).toBe(200)
    const closed = of('session').filter(([, route]) => !route.whileLocked)
    const codes = await refusals(identity, closed)
    // What the person may not do anyway is said as that.
    const expected = closed.map(([name, route]) =>
      mayCall('radiologist', route) ? `${name} 423 session-locked` : `${name} 403 permission-denied`,
    )
    expect(codes).toEqual(expected)
    // Nothing a locked screen must not show is among what stays open.
    expect(routes.filter(([, route]) => route.whileLocked).map(([name]) => name)).toEqual([
      'session',
      'activity',
      'lock',
      'unlockChallenge',
      'unlock',
      'unlockFallback',
      'signOut',
      'events',
    ])
  })

  it('of a second person’s session is not reached by the first’s, whatever its requests say', async () => {
    const first = await gateway.session(gateway.people.radiologist)
    const second = await gateway.session(gateway.people.technologist)
    // No header, and nothing else that a client may write, says who it is.
    const headers = {
      authorization: `Bearer ${second.id}`,
      cookie: `session=${second.id}`,
      'x-session': second.id,
    }
    const forwarded = {
      'x-forwarded-for': '10.0.0.1',
      'x-ssl-client-cert': second.identity.certificate.replace(/\n/g, ' '),
    }
    const answer = await first.channel.call('session', { headers: { ...headers, ...forwarded } })
    expect(answer.body.accountId).toBe(gateway.people.radiologist.accountId)
    expect(bodyOf('session')).toEqual({})
  })
})
