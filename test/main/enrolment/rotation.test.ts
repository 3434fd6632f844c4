import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../demo/places.ts'
import { createGateway, enrol, type SessionChannel } from '../../../src/main/channel/index.ts'
import { api } from '../../../src/shared/api/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { startGateway, type TestGateway, type TestPerson } from '../../server/gateway-harness.ts'
import { enrolStation, type Station, startStation, ticketFor } from './station.ts'

/** Each of the gateway's certificates rotated by the command line, beside the gateway, under a workstation and a session at work. */

const run = promisify(execFile)

let gateway: TestGateway
let station: Station
let person: TestPerson
let session: SessionChannel
const dropped: string[] = []

async function vigil(...args: string[]): Promise<{ code: number; said: string }> {
  const command = ['src/server/cli/vigil.ts', ...args, '--dir', gateway.dir]
  return run(process.execPath, command, { cwd: projectRoot }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error) => ({ code: error.code, said: `${error.stdout}${error.stderr}` }),
  )
}
const rotate = (...args: string[]) => vigil('pki', 'rotate', ...args)
const generations = () => gateway.authorities.generations
const inForce = (condition: () => boolean) => expect.poll(condition, { timeout: 20_000 }).toBe(true)
const https = () => gateway.listener.server.server

/** The certificate that a new connection is shown, and the one that its issuer field names. */
async function shown(port: number): Promise<X509Certificate> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  if (!certificate) throw new Error('no certificate')
  return certificate
}

/** The session answers, over the connections that it has and over new ones. */
async function serves(channel: SessionChannel): Promise<void> {
  await channel.call(api.session)
  https().closeIdleConnections()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await channel.call(api.session)
}

const refusal = (promise: Promise<unknown>) => promise.then(() => null, failureOf)
const live = async (name: string) => (await gateway.sessions.live()).filter((row) => row.workstation === name)

beforeAll(async () => {
  gateway = await startGateway({ tuning: { pki: { pollMs: 50 } } })
  station = await enrolStation(gateway, '阅片一号')
  person = await gateway.person('zhang')
  session = await station.signIn(person)
  session.follow({
    onEvent: (event) => {
      if (event.kind === 'session-ended') dropped.push(event.reason)
    },
    onReachable: (reachable) => {
      if (!reachable) dropped.push('unreachable')
    },
    onOver: (error) => void dropped.push(error.code),
  })
  await station.probe()
})
afterAll(async () => {
  session.close()
  await gateway.close()
})

describe('rotation under a workstation and a session at work', { timeout: 180_000 }, () => {
  it('has one generation of everything to begin with', async () => {
    const { said } = await vigil('pki', 'status')
    expect(said.split('\n').filter((line) => line.includes('in use'))).toHaveLength(4)
    expect(said).not.toContain('under way')
  })

  it('shows another server certificate to new connections, and drops none', async () => {
    const before = await shown(gateway.apiPort)
    expect(await rotate('server')).toMatchObject({ code: 0 })
    await inForce(() => generations().server === 2)
    const after = await shown(gateway.apiPort)
    expect(after.fingerprint256).not.toBe(before.fingerprint256)
    expect(after.publicKey.equals(before.publicKey)).toBe(false)
    await serves(session)
    await station.probe()
    expect(dropped).toEqual([])
  })

  it('shows it on the enrolment listener as well, open or not', async () => {
    await ticketFor(gateway)
    const port = gateway.enrolment.port() ?? 0
    const before = await shown(port)
    expect(await rotate('server')).toMatchObject({ code: 0 })
    await inForce(() => generations().server === 3)
    expect((await shown(port)).fingerprint256).not.toBe(before.fingerprint256)
  })

  it('takes everybody to another gateway CA before it is used, and forgets the old one last', async () => {
    const second = await enrolStation(gateway, '阅片二号')
    const oldCa = gateway.authorities.gatewayCa
    const oldServer = gateway.authorities.server
    const oldTicket = await ticketFor(gateway)
    expect(await rotate('gateway-ca', '--retire')).toMatchObject({ code: 1 })
    expect(await rotate('gateway-ca', '--finish')).toMatchObject({ code: 1 })
    expect(await rotate('gateway-ca', '--begin')).toMatchObject({ code: 0 })
    expect(await rotate('gateway-ca', '--begin')).toMatchObject({ code: 1 })
    await inForce(() => generations()['gateway-ca'].trusted.length === 2)
    expect(gateway.authorities.gatewayCa).toBe(oldCa)

    expect((await rotate('gateway-ca', '--finish')).said).toMatch(/阅片一号, 阅片二号/)
    await station.probe()
    expect((await station.identity()).gatewayCa.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect((await rotate('gateway-ca', '--finish')).said).toMatch(/shut out 阅片二号;/)
    await second.probe()
    expect(await rotate('gateway-ca', '--finish')).toMatchObject({ code: 0 })
    await inForce(() => generations()['gateway-ca'].issuing === 2)

    const newCa = new X509Certificate(gateway.authorities.gatewayCa)
    expect((await shown(gateway.apiPort)).verify(newCa.publicKey)).toBe(true)
    await serves(session)
    await station.probe()
    await (await startStation(second.vault)).probe()
    // A ticket names the CA that was in use when it was made.
    expect(await refusal(enrol(oldTicket, 'x'))).toMatchObject({ code: 'gateway-untrusted' })
    const third = await enrolStation(gateway, '阅片三号')
    await third.probe()

    expect(await rotate('gateway-ca', '--retire')).toMatchObject({ code: 0 })
    await inForce(() => generations()['gateway-ca'].trusted.length === 1)
    await station.probe()
    const kept = (await station.identity()).gatewayCa
    expect(new X509Certificate(kept).fingerprint256).toBe(newCa.fingerprint256)
    expect(kept.match(/BEGIN CERTIFICATE/g)).toHaveLength(1)
    await serves(session)
    expect(dropped).toEqual([])

    // Whoever has the old CA, or a certificate of it, is nobody from now on.
    const imposter = createServer({ key: oldServer.keyPem, cert: oldServer.certificatePem })
    imposter.listen(0, '127.0.0.1')
    await once(imposter, 'listening')
    const { port } = imposter.address() as { port: number }
    const misled = createGateway(
      { ...(await station.identity()), apiPort: port },
      {
        clock: Date.now,
        random: (n) => Buffer.alloc(n),
      },
    )
    expect(await refusal(misled.check())).toMatchObject({ code: 'gateway-untrusted' })
    misled.close()
    imposter.close()
  })

  it('has workstations renew by themselves from another workstation CA, then refuses the old', async () => {
    const silent = await gateway.workstation('无人')
    const channel = gateway.connect(silent.identity)
    expect((await channel.call('status')).status).toBe(200)
    const before = (await station.identity()).certificate
    await Promise.all(
      (await gateway.workstations.list())
        .filter(({ name }) => /[二三]号/.test(name))
        .map(({ id }) => gateway.workstations.revoke(id, { kind: 'cli', id: 'test' }, 'scrapped')),
    )

    expect(await rotate('workstation-ca', '--begin')).toMatchObject({ code: 0 })
    await inForce(() => generations()['workstation-ca'].issuing === 2)
    expect((await channel.call('status')).body.renewCertificate).toBe(true)
    expect((await rotate('workstation-ca', '--finish')).said).toMatch(
      /shut out 无人, 阅片一号;|shut out 阅片一号, 无人;/,
    )
    await station.probe()
    const renewed = await station.identity()
    expect(renewed.certificate).not.toBe(before)
    expect(
      new X509Certificate(renewed.certificate).verify(new X509Certificate(renewed.issuer).publicKey),
    ).toBe(true)
    expect((await station.gateway.check()).renewCertificate).toBe(false)
    await serves(session)

    expect((await rotate('workstation-ca', '--finish')).said).toMatch(/shut out 无人;/)
    expect((await channel.call('status')).status).toBe(200)
    expect(await rotate('workstation-ca', '--finish', '--force')).toMatchObject({ code: 0 })
    await inForce(() => generations()['workstation-ca'].trusted.length === 1)
    // The connection that stands, and a new one.
    expect((await channel.call('status')).status).toBe(401)
    expect(
      await gateway
        .connect(silent.identity)
        .call('status')
        .then(
          () => 'answered',
          () => 'refused',
        ),
    ).toBe('refused')
    await station.probe()
    await (await startStation(station.vault)).probe()
    await serves(session)
    expect(dropped).toEqual([])
  })

  it('lets sessions of the old session CA live, and refuses it only when they are over', async () => {
    expect(await rotate('session-ca', '--begin')).toMatchObject({ code: 0 })
    await inForce(() => generations()['session-ca'].issuing === 2)
    await serves(session)
    expect((await rotate('session-ca', '--finish')).said).toMatch(/a session at 阅片一号/)
    expect(dropped).toEqual([])
    await session.call(api.signOut)
    await expect.poll(() => live('阅片一号'), { timeout: 20_000 }).toEqual([])
    expect(await rotate('session-ca', '--finish')).toMatchObject({ code: 0 })
    await inForce(() => generations()['session-ca'].trusted.length === 1)
    const next = await station.signIn(person)
    await serves(next)
    next.close()
  })

  it('tells all of it in the audit, and keeps every private key to its owner', async () => {
    const rows = await gateway.foundation.audit.tail()
    const told = new Set(rows.map((row) => row.action))
    for (const action of [
      'pki.server-certificate-issued',
      'pki.rotation-begun',
      'pki.rotation-finished',
      'pki.ca-retired',
      'workstation.renewed',
      'workstation.certificate-changed',
    ])
      expect(told, action).toContain(action)
    expect(
      rows.find((row) => row.action === 'pki.rotation-finished' && row.detail.force === true),
    ).toMatchObject({
      actor: expect.stringMatching(/^cli:/),
      detail: { shutOut: 1 },
    })
    const { stdout } = await run('find', [join(gateway.dir, 'pki'), '-name', '*.key', '-perm', '/077'])
    expect(stdout).toBe('')
    const status = await vigil('pki', 'status')
    expect(status.said).toMatch(/gateway-ca 1 +past/)
    expect(status.said).toMatch(/workstation-ca 2 +in use/)
    expect(readFileSync(join(gateway.dir, 'pki', 'gateway-ca.2.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
  })
})
