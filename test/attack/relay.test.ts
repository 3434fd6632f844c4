import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditRows } from '../server/audit-rows.ts'
import { openChannel } from '../server/channel.ts'
import { keyAndRequest, signIn, signInBody, unlock } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'

/**
 * Somebody who has stolen the gateway's server key and a workstation's key, and stands between the two: each leg is good
 * TLS. Only the binding of the signature to the one connection (RFC 9266) is left.
 */
let gateway: ComposedGateway
let relay: Server
let relayPort = 0
let passed = Buffer.alloc(0)
let onward = { certificate: '', privateKey: '' }
beforeAll(async () => {
  gateway = await composeGateway()
  onward = gateway.workstation.identity
  const own = join(gateway.paths.pki, 'server')
  const keys = { key: readFileSync(`${own}.key`), cert: readFileSync(`${own}.pem`) }
  relay = createServer(
    { ...keys, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
    (victim) => {
      const { certificate: cert, privateKey: key } = onward
      const up = connect({
        host: '127.0.0.1',
        port: gateway.apiPort(),
        ca: gateway.authorities.gatewayCa,
        cert,
        key,
      })
      for (const socket of [victim, up]) socket.on('error', () => {})
      victim.on('data', (chunk) => {
        passed = Buffer.concat([passed, chunk])
        up.write(chunk)
      })
      up.on('data', (chunk) => victim.write(chunk))
      up.on('close', () => victim.destroy())
      victim.on('close', () => up.destroy())
    },
  )
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  relayPort = (relay.address() as { port: number }).port
})
afterAll(async () => {
  relay.close()
  await gateway.remove()
})
const throughRelay = (identity = gateway.workstation.identity) =>
  openChannel({ port: relayPort, ca: gateway.authorities.gatewayCa, identity })

describe('a relay that ends TLS on both sides', () => {
  it('can pass on what is not signed', async () => {
    const channel = throughRelay()
    expect((await channel.call('status')).status).toBe(200)
    channel.close()
    expect(passed.toString()).toContain('GET /v1/status')
  })

  it('gets no session for a signature that was made on its victim’s connection', async () => {
    const { radiologist } = gateway.people
    const channel = throughRelay()
    const answer = await signIn(channel, radiologist.signer, gateway.workstation.id)
    expect(answer).toMatchObject({ status: 403, body: { code: 'signature-invalid' } })
    channel.close()
    // What it heard is worth nothing on a connection of its own either.
    const body = JSON.parse(passed.toString().slice(passed.lastIndexOf('{"csr"')))
    const mine = gateway.connect(gateway.workstation.identity)
    expect((await mine.call('signIn', { body })).body.code).toBe('challenge-invalid')
    await mine.call('signInChallenge')
    expect((await mine.call('signIn', { body })).body.code).toBe('signature-invalid')
  })

  it('does not unlock a session that it holds the certificate of', async () => {
    const { radiologist } = gateway.people
    const session = await gateway.session(radiologist)
    expect((await session.channel.call('lock')).status).toBe(200)
    onward = session.identity
    const channel = throughRelay(session.identity)
    const answer = await unlock(channel, radiologist.signer, session.id)
    expect(answer).toMatchObject({ status: 403, body: { code: 'signature-invalid' } })
    channel.close()
    onward = gateway.workstation.identity
    expect((await session.channel.call('worklist', { body: { filter: {} } })).body.code).toBe(
      'session-locked',
    )
    // The person themselves does.
    expect((await unlock(session.channel, radiologist.signer, session.id)).status).toBe(200)
  })

  it('is audited each time, and a signature for one workstation is none for another', async () => {
    const { radiologist } = gateway.people
    const other = await gateway.addWorkstation('another')
    const channel = gateway.connect(other.identity)
    const key = await keyAndRequest()
    // Signed for the first workstation, on the second one's connection.
    const body = await signInBody(channel, radiologist.signer, gateway.workstation.id, key)
    expect((await channel.call('signIn', { body })).body.code).toBe('signature-invalid')
    const { channel: auditor } = await gateway.session(gateway.people.auditor)
    const rows = await auditRows(auditor)
    const refused = rows.filter(({ action }) => /^(sign-in\.refused|session\.unlock-refused)$/.test(action))
    expect(refused.map(({ detail }) => detail.code).sort()).toEqual([
      'challenge-invalid',
      ...Array(4).fill('signature-invalid'),
    ])
  })
})
