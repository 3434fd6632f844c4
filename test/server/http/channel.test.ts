import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:https'
import { connect as connectTcp, createServer as createTcpServer } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { x509 } from '../../../src/server/pki/index.ts'
import { auditRows } from '../audit-rows.ts'
import { type ClientIdentity, openChannel } from '../channel.ts'
import { startGateway, type TestGateway, type TestSession, type TestWorkstation } from '../gateway-harness.ts'
import { activityBody, keyAndRequest, signIn } from '../sign-in-client.ts'

let gateway: TestGateway
let foreign: TestGateway
let workstation: TestWorkstation
let session: TestSession
beforeAll(async () => {
  const limits = { handshakeMs: 2000, headersMs: 1000, requestMs: 1500, checkEveryMs: 100 }
  ;[gateway, foreign] = [await startGateway({ tuning: { limits } }), await startGateway()]
  workstation = await gateway.workstation('阅片一号')
  session = await gateway.session(workstation, await gateway.person('reader'))
})
afterAll(async () => {
  await gateway.close()
  await foreign.close()
})

/** Whether a request got any HTTP answer. */
async function answered(identity?: ClientIdentity): Promise<boolean> {
  return gateway
    .connect(identity)
    .call('status')
    .then(
      () => true,
      () => false,
    )
}

function socket(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const opened = connect({
      host: '127.0.0.1',
      port: gateway.apiPort,
      ca: gateway.authorities.gatewayCa,
      servername: 'localhost',
      ...options,
    })
    opened.once('secureConnect', () => resolve(opened))
    opened.once('error', reject)
  })
}

const own = () => ({ cert: workstation.identity.certificate, key: workstation.identity.privateKey })

describe('the API listener', () => {
  it('answers an enrolled workstation', async () => {
    const answer = await gateway.connect(workstation.identity).call('status')
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ gatewayId: gateway.foundation.gatewayId })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers.server).toBeUndefined()
    expect(answer.headers['x-powered-by']).toBeUndefined()
  })

  it('answers nobody without a client certificate', async () => {
    expect(await answered()).toBe(false)
  })

  it('answers no certificate of another gateway, even of the same issuer name', async () => {
    const theirs = await foreign.workstation('theirs')
    expect(await answered(theirs.identity)).toBe(false)
  })

  it('answers no self-signed certificate that names an enrolled workstation', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKeyPair
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=me',
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'url', value: `urn:vigil:workstation:${workstation.id}` },
        ]),
      ],
    })
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    const privateKey = x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')
    expect(await answered({ certificate: certificate.toString('pem'), privateKey })).toBe(false)
  })

  it('answers no user certificate of the hospital’s own CA', async () => {
    const person = await gateway.person('direct')
    const certificate = x509.PemConverter.encode(new Uint8Array(person.signer.certificateDer), 'CERTIFICATE')
    expect(await answered({ certificate, privateKey: person.signer.privateKeyPem })).toBe(false)
  })

  it('refuses a workstation certificate that was never written to its store, or was revoked', async () => {
    const key = await keyAndRequest()
    const issued = await gateway.authorities.issueWorkstation(key.csr, { id: workstation.id, name: 'copy' })
    const copy = gateway.connect({ certificate: issued.pem, privateKey: key.privateKey })
    expect(await copy.call('status')).toMatchObject({ status: 401, body: { code: 'workstation-unknown' } })

    const stolen = await gateway.workstation('stolen')
    const channel = gateway.connect(stolen.identity)
    expect((await channel.call('status')).status).toBe(200)
    await gateway.workstations.revoke(stolen.id, { kind: 'cli', id: 'test' })
    expect(await channel.call('status')).toMatchObject({ status: 401, body: { code: 'workstation-revoked' } })
    const [row] = await gateway.foundation.audit.tail()
    expect(row).toMatchObject({ action: 'access.refused', detail: { code: 'workstation-revoked' } })
  })

  it('speaks TLS 1.3 and nothing older', async () => {
    await expect(socket({ ...own(), maxVersion: 'TLSv1.2' })).rejects.toThrow()
    const opened = await socket(own())
    expect(opened.getProtocol()).toBe('TLSv1.3')
    opened.destroy()
  })

  it('resumes no TLS session', async () => {
    const first = await socket(own())
    const sessions: Buffer[] = []
    first.on('session', (ticket: Buffer) => sessions.push(ticket))
    first.write('GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(first, 'data')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const ticket = sessions[0]
    expect(ticket).toBeDefined()
    const second = await socket({ ...own(), ...(ticket ? { session: ticket } : {}) })
    expect(second.isSessionReused()).toBe(false)
    first.destroy()
    second.destroy()
  })

  it('is told apart by a workstation from another server', async () => {
    const imposter = createServer({
      key: foreign.authorities.server.keyPem,
      cert: foreign.authorities.server.certificatePem,
    })
    imposter.listen(0, '127.0.0.1')
    await once(imposter, 'listening')
    const { port } = imposter.address() as { port: number }
    const outgoing = request({ host: '127.0.0.1', port, ca: gateway.authorities.gatewayCa, path: '/' })
    outgoing.end()
    const [error] = await once(outgoing, 'error')
    expect((error as NodeJS.ErrnoException).code).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY|SIGNATURE/)
    imposter.close()
  })
})

describe('a line that somebody sits on', () => {
  /** Hands bytes on in both directions, after `change` has had them. */
  async function between(change: (direction: 'up' | 'down', bytes: Buffer) => void): Promise<number> {
    const proxy = createTcpServer((near) => {
      const far = connectTcp(gateway.apiPort, '127.0.0.1')
      for (const [from, to, direction] of [
        [near, far, 'up'],
        [far, near, 'down'],
      ] as const) {
        from.on('data', (bytes: Buffer) => {
          change(direction, bytes)
          to.write(bytes)
        })
        from.on('error', () => to.destroy())
        from.on('close', () => to.destroy())
      }
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    proxy.unref()
    return (proxy.address() as { port: number }).port
  }

  it.each(['up', 'down'] as const)('changes no byte on the way %s unseen, and reads nothing', async (way) => {
    const seen: Buffer[] = []
    let armed = false
    const port = await between((direction, bytes) => {
      seen.push(Buffer.from(bytes))
      if (armed && direction === way) bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
    })
    const channel = openChannel({ port, ca: gateway.authorities.gatewayCa, identity: session.identity })
    const before = await channel.call('session')
    expect(before.status).toBe(200)
    armed = true
    const { gatewayId } = gateway.foundation
    const counter = way === 'up' ? 1000 : 2000
    const facts = { gatewayId, sessionId: session.id, counter, idleMs: 0 }
    const body = activityBody(session.identity.privateKey, facts)
    await expect(channel.call('activity', { body })).rejects.toThrow()
    channel.close()
    const line = Buffer.concat(seen).toString('latin1')
    for (const secret of ['/v1/session', 'session.own', session.id, 'HTTP/1.1']) {
      expect(line.includes(secret)).toBe(false)
    }
    // What was changed on the way up was never taken; on the way down it was, and only the answer is lost.
    const again = await session.channel.call('activity', { body })
    expect(again.status).toBe(way === 'up' ? 200 : 409)
  })
})

describe('routes', () => {
  it('of sessions are closed to a workstation, and the reverse; both are audited', async () => {
    const before = gateway.connect(workstation.identity)
    for (const name of ['session', 'worklist', 'accounts', 'signOut', 'events'] as const) {
      expect(await before.call(name)).toMatchObject({ status: 403, body: { code: 'session-required' } })
    }
    for (const name of ['status', 'signInChallenge', 'signIn'] as const) {
      const answer = await session.channel.call(name, name === 'signIn' ? { body: {} } : {})
      expect(answer).toMatchObject({ status: 403, body: { code: 'permission-denied' } })
    }
    const rows = (await gateway.foundation.audit.tail()).filter((row) => row.action === 'access.refused')
    expect(rows.filter((row) => row.detail.code === 'session-required')).toHaveLength(5)
    expect(rows.filter((row) => row.detail.code === 'permission-denied')).toHaveLength(3)
    expect(rows.every((row) => row.outcome === 'refused')).toBe(true)
  })

  it('are closed to a role that does not have the permission', async () => {
    const technologist = await gateway.session(
      workstation,
      await gateway.person('technologist', { roles: ['technologist'] }),
    )
    for (const name of [
      'accounts',
      'workstations',
      'sessions',
      'searchAudit',
      'dictionary',
      'alerts',
    ] as const) {
      expect(await technologist.channel.call(name)).toMatchObject({
        status: 403,
        body: { code: 'permission-denied' },
      })
    }
  })

  it('of administration answer each officer with their own', async () => {
    const session = async (role: 'security-officer' | 'auditor' | 'system-administrator') =>
      (await gateway.session(workstation, await gateway.person(role, { roles: [role] }))).channel
    const security = await session('security-officer')
    const accounts = await security.call('accounts')
    expect(accounts.status).toBe(200)
    expect(accounts.body).toContainEqual(
      expect.objectContaining({ loginName: 'reader', displayName: '姓名 reader', certificates: 1 }),
    )
    const sessions = await security.call('sessions')
    expect(sessions.body).toContainEqual(
      expect.objectContaining({ loginName: 'reader', workstation: '阅片一号', state: 'active' }),
    )
    expect((await security.call('workstations')).body).toContainEqual(
      expect.objectContaining({ id: workstation.id, state: 'active' }),
    )
    expect((await security.call('searchAudit', { body: {} })).status).toBe(403)

    const auditor = await session('auditor')
    expect((await auditRows(auditor, 3)).map(({ seq }) => seq)).toEqual([2, 1])
    expect(await auditRows(auditor)).toContainEqual(
      expect.objectContaining({ action: 'sign-in.accepted', actorName: '姓名 auditor' }),
    )
    expect((await auditor.call('accounts')).status).toBe(403)
    expect((await auditor.call('worklist')).status).toBe(403)
    expect((await (await session('system-administrator')).call('sessions')).status).toBe(403)
  })

  it('refused without end do not fill the audit', async () => {
    const lost = await gateway.workstation('lost')
    await gateway.workstations.revoke(lost.id, { kind: 'cli', id: 'test' })
    const rowsOf = async () => {
      const rows = await gateway.foundation.audit.tail()
      return rows.filter((row) => row.action === 'access.refused' && row.actor.includes(lost.id)).length
    }
    const codes = new Map<string, number>()
    for (let i = 0; i < 250; i += 1) {
      const channel = gateway.connect(lost.identity)
      const { code } = (await channel.call('status')).body
      codes.set(code, (codes.get(code) ?? 0) + 1)
      channel.close()
    }
    expect(codes.get('workstation-revoked')).toBeGreaterThanOrEqual(150)
    expect(codes.get('too-many-requests')).toBeGreaterThan(0)
    expect(await rowsOf()).toBe(codes.get('workstation-revoked'))
  })

  it('that do not exist are not found', async () => {
    for (const path of ['/', '/v1', '/v1/enrol', '/v1/status/', '/V1/status', '/v1/%2e%2e/etc']) {
      const answer = await gateway.connect(workstation.identity).send('GET', path)
      expect(answer, path).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const channel = gateway.connect(workstation.identity)
    for (const method of ['PUT', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE']) {
      expect((await channel.send(method, '/v1/status')).status, method).toBe(404)
    }
  })
})

describe('a connection that is no request', () => {
  it('is ended when it stays silent before, or after, its handshake', async () => {
    const raw = connectTcp(gateway.apiPort, '127.0.0.1')
    raw.on('error', () => {})
    const silent = await socket(own())
    silent.on('error', () => {})
    silent.resume()
    const started = Date.now()
    await Promise.all([once(raw, 'close'), once(silent, 'close')])
    expect(Date.now() - started).toBeLessThan(6000)
    expect(gateway.listener.counters.handshakeFailures).toBeGreaterThan(0)
  })

  it('is ended when its headers, or its body, come a byte at a time', async () => {
    const drip = async (head: string, piece: string) => {
      const slow = await socket(own())
      slow.on('error', () => {})
      let answer = ''
      slow.on('data', (chunk: Buffer) => {
        answer += chunk
      })
      slow.write(head)
      const timer = setInterval(() => slow.writable && slow.write(piece), 50)
      await once(slow, 'close')
      clearInterval(timer)
      return answer
    }
    const [headers, body] = await Promise.all([
      drip('GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'a'),
      drip(
        'POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n',
        '[',
      ),
    ])
    expect(headers).toContain('400 Refused')
    expect(body).toContain('400 Refused')
  })

  it('is refused and counted when it is not HTTP, or its headers are too large', async () => {
    const before = gateway.listener.counters.malformedRequests
    const talk = async (text: string) => {
      const opened = await socket(own())
      opened.on('error', () => {})
      let answer = ''
      opened.on('data', (chunk: Buffer) => {
        answer += chunk
      })
      opened.write(text)
      await once(opened, 'close')
      return answer
    }
    expect(await talk('\x00\x01\x02 nonsense\r\n\r\n')).toContain('"code":"bad-request"')
    expect(await talk(`GET /v1/status HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toContain('too-large')
    const smuggled =
      'POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(await talk(smuggled)).toContain('"code":"bad-request"')
    expect(gateway.listener.counters.malformedRequests).toBe(before + 3)
  })

  it('keeps nobody else from being answered', async () => {
    const person = await gateway.person('meanwhile')
    const sockets = await Promise.all(Array.from({ length: 40 }, () => socket(own())))
    for (const opened of sockets) opened.on('error', () => {}).write('GET /v1/status HTTP/1.1\r\nX: ')
    const answer = await signIn(gateway.connect(workstation.identity), person.signer, workstation.id)
    expect(answer.status).toBe(200)
    for (const opened of sockets) opened.destroy()
  })
})
