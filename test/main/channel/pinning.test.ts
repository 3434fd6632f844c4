import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { enrol } from '../../../src/main/channel/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'

/** A stranger that stands in the gateway's place on the enrolment port, and keeps all that it is sent. */
const dir = temporary('pinning')
const code = '0123456789ABCDEFGHJK'
const servers: Server[] = []

function openssl(...args: string[]): Buffer {
  return execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
}

/** A CA and a server certificate of it, for a name. */
function authority(name: string, subjectAltName: string) {
  const [ca, server] = [`${name}-ca`, `${name}-server`]
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const caUse = ['-addext', 'basicConstraints=critical,CA:TRUE']
  openssl(
    'req',
    '-x509',
    ...ec,
    '-keyout',
    `${ca}.key`,
    '-out',
    `${ca}.pem`,
    '-subj',
    `/CN=${ca}`,
    '-days',
    '3',
    ...caUse,
  )
  const request = [
    'req',
    ...ec,
    '-keyout',
    `${server}.key`,
    '-out',
    `${server}.csr`,
    '-subj',
    `/CN=${server}`,
  ]
  openssl(...request, '-addext', `subjectAltName=${subjectAltName}`)
  const sign = [
    'x509',
    '-req',
    '-in',
    `${server}.csr`,
    '-CA',
    `${ca}.pem`,
    '-CAkey',
    `${ca}.key`,
    '-days',
    '3',
  ]
  openssl(...sign, '-copy_extensions', 'copy', '-out', `${server}.pem`)
  const spki = execFileSync(
    'sh',
    [
      '-c',
      `openssl x509 -in ${ca}.pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary`,
    ],
    { cwd: dir },
  )
  const read = (file: string) => readFileSync(join(dir, file), 'utf8')
  return {
    ca: read(`${ca}.pem`),
    cert: read(`${server}.pem`),
    key: read(`${server}.key`),
    pin: spki.toString('base64url'),
  }
}

async function listen(options: { key: string; cert: string; maxVersion?: 'TLSv1.2' }) {
  const received: Buffer[] = []
  const server = createServer(options, (socket: TLSSocket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => received.push(data))
  })
  server.on('tlsClientError', () => {})
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, received }
}

describe('enrolment sends its code to nobody but the pinned gateway', () => {
  const gateway = authority('gateway', 'IP:127.0.0.1')
  const stranger = authority('stranger', 'IP:127.0.0.1')
  const elsewhere = authority('elsewhere', 'DNS:other.example')
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  const outcome = (port: number, pin: string) =>
    enrol(`127.0.0.1:${port}/${code}/${pin}`, 'x').catch(failureOf)

  it('not to another CA', async () => {
    const { port, received } = await listen({ key: stranger.key, cert: stranger.cert + stranger.ca })
    expect(await outcome(port, gateway.pin)).toEqual({ code: 'gateway-untrusted', facts: { reason: 'pin' } })
    expect(received).toEqual([])
  })

  it('not to a stranger who shows the real CA beside a certificate of his own', async () => {
    const { port, received } = await listen({ key: stranger.key, cert: stranger.cert + gateway.ca })
    expect(await outcome(port, gateway.pin)).toMatchObject({ code: 'gateway-untrusted' })
    expect(received).toEqual([])
  })

  it('not to a machine of the same CA with another name', async () => {
    const { port, received } = await listen({ key: elsewhere.key, cert: elsewhere.cert + elsewhere.ca })
    expect(await outcome(port, elsewhere.pin)).toMatchObject({
      code: 'gateway-untrusted',
      facts: { system: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
    expect(received).toEqual([])
  })

  it('not to the server certificate itself, where the pin is of a CA', async () => {
    const self = execFileSync(
      'sh',
      [
        '-c',
        'openssl x509 -in gateway-server.pem -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary',
      ],
      { cwd: dir },
    ).toString('base64url')
    const { port, received } = await listen({ key: gateway.key, cert: gateway.cert + gateway.ca })
    expect(await outcome(port, self)).toMatchObject({ code: 'gateway-untrusted' })
    expect(received).toEqual([])
  })

  it('not over TLS 1.2', async () => {
    const { port, received } = await listen({
      key: gateway.key,
      cert: gateway.cert + gateway.ca,
      maxVersion: 'TLSv1.2',
    })
    expect(await outcome(port, gateway.pin)).toMatchObject({ code: 'gateway-protocol' })
    expect(received).toEqual([])
  })

  it('but to the gateway, over a connection that it has proven', async () => {
    const { port, received } = await listen({ key: gateway.key, cert: gateway.cert + gateway.ca })
    void outcome(port, gateway.pin)
    await expect.poll(() => Buffer.concat(received).toString()).toContain(code)
  })

  it('and says so where nobody listens', async () => {
    expect(await outcome(1, gateway.pin)).toMatchObject({ code: 'gateway-unreachable' })
  })
})
