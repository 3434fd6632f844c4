import { createHash, randomBytes } from 'node:crypto'
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalReport } from '../../src/shared/report/canonical.ts'
import { reportStatement, signInStatement } from '../../src/shared/signing/statement.ts'
import { openChannel } from '../server/channel.ts'
import {
  activityBody,
  exporterOf,
  keyAndRequest,
  sha256,
  signIn,
  signInBody,
  tokenSign,
  unlock,
} from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { params, report } from './patient.ts'

/** What was heard, kept or stolen, used once more; and the ways to talk a gateway into less than it asks. */
let gateway: ComposedGateway
beforeAll(async () => {
  gateway = await composeGateway()
})
afterAll(() => gateway.remove())

const liveSessions = () =>
  gateway.tamper((database) =>
    database.prepare(`select id from sessions where state != 'ended' order by id`).all(),
  )

describe('a recorded sign-in', () => {
  it('opens nothing: on the same socket, another one, another workstation, after a restart', async () => {
    const { radiologist } = gateway.people
    const { workstation } = gateway
    const channel = gateway.connect(workstation.identity)
    const key = await keyAndRequest()
    const body = await signInBody(channel, radiologist.signer, workstation.id, key)
    const first = await channel.call('signIn', { body })
    expect(first.status).toBe(200)
    const before = liveSessions()
    const replay = async (at = channel, challenge = true) => {
      if (challenge) await at.call('signInChallenge')
      return (await at.call('signIn', { body })).body.code
    }
    expect(await replay(channel, false)).toBe('challenge-invalid')
    expect(await replay()).toBe('signature-invalid')
    expect(await replay(gateway.connect(workstation.identity), false)).toBe('challenge-invalid')
    expect(await replay(gateway.connect(workstation.identity))).toBe('signature-invalid')
    const other = await gateway.addWorkstation('other')
    expect(await replay(gateway.connect(other.identity))).toBe('signature-invalid')
    // From inside the session that it opened: that is no workstation's connection.
    const own = gateway.connect({ certificate: first.body.certificate, privateKey: key.privateKey })
    expect((await own.call('signIn', { body })).body.code).toBe('permission-denied')
    expect(liveSessions()).toEqual(before)
    await gateway.restart()
    expect(await replay(gateway.connect(workstation.identity), false)).toBe('challenge-invalid')
    expect(await replay(gateway.connect(workstation.identity))).toBe('signature-invalid')
    expect(liveSessions()).toEqual(before)
  })

  it('opens nothing as the bytes that went over the wire', async () => {
    const { radiologist } = gateway.people
    const sent: Buffer[] = []
    const sockets = new Set<Socket>()
    const tap: Server = createServer((victim) => {
      const up = connectTcp(gateway.apiPort(), '127.0.0.1')
      for (const socket of [victim, up]) {
        sockets.add(socket)
        socket.on('error', () => {})
      }
      victim.on('data', (chunk) => {
        sent.push(chunk)
        up.write(chunk)
      })
      up.pipe(victim)
    })
    await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve))
    const { port } = tap.address() as { port: number }
    const { identity, id } = gateway.workstation
    const through = openChannel({ port, ca: gateway.authorities.gatewayCa, identity })
    expect((await signIn(through, radiologist.signer, id)).status).toBe(200)
    through.close()
    const before = liveSessions()
    const answer = await new Promise<Buffer>((resolve) => {
      const socket = connectTcp(gateway.apiPort(), '127.0.0.1')
      const heard: Buffer[] = []
      socket.on('data', (chunk) => heard.push(chunk))
      socket.on('error', () => {})
      socket.on('close', () => resolve(Buffer.concat(heard)))
      for (const chunk of sent) socket.write(chunk)
      socket.setTimeout(3000, () => socket.destroy())
    })
    // A ServerHello to the recorded ClientHello, and then an end: no key of that connection is known.
    expect(sent.length).toBeGreaterThan(1)
    expect(answer.length).toBeLessThan(8192)
    expect(liveSessions()).toEqual(before)
    for (const socket of sockets) socket.destroy()
    tap.close()
  })
})

describe('a signature for one purpose is none for another', () => {
  it('report, sign-in, unlock and activity are four', async () => {
    const { radiologist } = gateway.people
    const { signer } = radiologist
    const session = await gateway.session(radiologist)
    // A report's signature in the place of a sign-in's.
    const channel = gateway.connect(gateway.workstation.identity)
    const key = await keyAndRequest()
    const body = await signInBody(channel, signer, gateway.workstation.id, key)
    const gatewayId = (await session.channel.call('unlockChallenge')).body.gatewayId
    const document = (await session.channel.call('prepareSignOff', { params, body: { text: report } })).body
      .document
    const documentHash = createHash('sha256').update(canonicalReport(document)).digest()
    const certificateHash = sha256(signer.certificateDer)
    const ofReport = tokenSign(signer, reportStatement({ gatewayId, documentHash, certificateHash }))
    const refused = await channel.call('signIn', {
      body: { ...body, signature: ofReport.toString('base64') },
    })
    expect(refused.body.code).toBe('signature-invalid')
    // A sign-in's, and bytes of the caller's choosing, in the place of a report's.
    const facts = { gatewayId, nonce: randomBytes(32), exporter: randomBytes(32), csrHash: randomBytes(32) }
    const ofSignIn = tokenSign(signer, signInStatement({ ...facts, certificateHash, workstationId: 'x' }))
    const certificate = signer.certificateDer.toString('base64')
    for (const signature of [ofSignIn, tokenSign(signer, documentHash), tokenSign(signer, Buffer.alloc(0))]) {
      const decided = { ...document, decisions: [] }
      const signed = {
        document: decided,
        signature: signature.toString('base64'),
        algorithm: signer.algorithm,
        certificate,
      }
      const answer = await session.channel.call('signOff', { params, body: signed })
      expect(answer.status).not.toBe(200)
    }
    // A token's, and a workstation key's, in the place of the session key's.
    for (const privateKey of [signer.privateKeyPem, gateway.workstation.identity.privateKey]) {
      const forged = activityBody(privateKey, { gatewayId, sessionId: session.id, counter: 1, idleMs: 0 })
      expect((await session.channel.call('activity', { body: forged })).body.code).toBe('signature-invalid')
    }
    // The session key's own, over another session.
    const another = activityBody(session.identity.privateKey, {
      gatewayId,
      sessionId: crypto.randomUUID(),
      counter: 1,
      idleMs: 0,
    })
    expect((await session.channel.call('activity', { body: another })).body.code).toBe('signature-invalid')
    // The session key in the place of the token's, at the unlock.
    await session.channel.call('lock')
    const own = { ...signer, privateKeyPem: session.identity.privateKey }
    expect((await unlock(session.channel, own, session.id)).body.code).toBe('signature-invalid')
    expect((await unlock(session.channel, signer, session.id)).status).toBe(200)
  })
})

describe('less than is asked for', () => {
  it.each([
    'RSA-PKCS1-SHA1',
    'RSA-PKCS1-MD5',
    'ECDSA-SHA1',
    'SHA1withRSA',
    'none',
    'HS256',
    'rsa-pss-sha256',
    '',
  ])('a signature algorithm called %j is none', async (algorithm) => {
    const { signer } = gateway.people.radiologist
    const channel = gateway.connect(gateway.workstation.identity)
    const body = await signInBody(channel, signer, gateway.workstation.id, await keyAndRequest())
    expect((await channel.call('signIn', { body: { ...body, algorithm } })).body.code).toBe('bad-request')
  })

  it('a signature with SHA-1 under the name of one with SHA-256 is none', async () => {
    const key = await gateway.hospital.issue({ commonName: 'rsa', keyType: 'RSA-2048' })
    const channel = gateway.connect(gateway.workstation.identity)
    const { sign } = await import('node:crypto')
    const { body: challenge } = await channel.call('signInChallenge')
    const request = await keyAndRequest()
    const statement = signInStatement({
      gatewayId: challenge.gatewayId,
      nonce: Buffer.from(challenge.nonce, 'base64'),
      exporter: exporterOf(channel.socket()),
      csrHash: sha256(request.csr),
      certificateHash: sha256(key.certificateDer),
      workstationId: gateway.workstation.id,
    })
    const body = {
      csr: request.csr.toString('base64'),
      certificates: [key.certificateDer.toString('base64')],
      algorithm: 'RSA-PKCS1-SHA256',
      signature: sign('sha1', statement, key.privateKeyPem).toString('base64'),
    }
    expect((await channel.call('signIn', { body })).body.code).toBe('signature-invalid')
  })

  it.each([['TLSv1.2'], ['TLSv1.1']] as const)('no connection is had over %s', async (maxVersion) => {
    const { certificate: cert, privateKey: key } = gateway.workstation.identity
    const outcome = await new Promise<string>((resolve) => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: gateway.apiPort(),
        ca: gateway.authorities.gatewayCa,
        cert,
        key,
        minVersion: 'TLSv1',
        maxVersion,
        ciphers: 'ALL:@SECLEVEL=0',
      })
      socket.once('secureConnect', () => resolve('connected'))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
    expect(outcome).not.toBe('connected')
  })

  it('no connection is resumed in the place of a new one, with or without the certificate', async () => {
    const { certificate: cert, privateKey: key } = gateway.workstation.identity
    const to = { host: '127.0.0.1', port: gateway.apiPort(), ca: gateway.authorities.gatewayCa }
    const talk = (options: object) =>
      new Promise<{ answer: string; ticket: Buffer | undefined; resumed: boolean }>((resolve) => {
        const socket = connectTls({ ...to, ...options })
        const seen = { answer: '', ticket: undefined as Buffer | undefined, resumed: false }
        socket.on('session', (session) => {
          seen.ticket = session
        })
        socket.on('error', () => {})
        socket.on('data', (chunk) => {
          seen.answer += chunk.toString('latin1')
        })
        socket.once('secureConnect', () => {
          seen.resumed = socket.isSessionReused()
          socket.write('GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
        })
        socket.on('close', () => resolve(seen))
        socket.setTimeout(3000, () => socket.destroy())
      })
    const first = await talk({ cert, key })
    expect(first.answer).toMatch(/^HTTP\/1\.1 200 /)
    // What the gateway hands out names a session that it does not keep.
    const session = first.ticket
    expect(session).toBeDefined()
    expect(await talk({ session })).toMatchObject({ answer: '', resumed: false })
    expect((await talk({ session, cert, key })).resumed).toBe(false)
  })
})

describe('a certificate of one kind is none of another', () => {
  it('a session’s signs nobody in, renews no workstation and reports no failures', async () => {
    const { identity } = await gateway.session(gateway.people.radiologist)
    const channel = gateway.connect(identity)
    const { csr } = await keyAndRequest()
    for (const [name, body] of [
      ['signInChallenge', undefined],
      ['renewWorkstation', { csr: csr.toString('base64') }],
      ['tokenFailures', { failures: [] }],
    ] as const)
      expect((await channel.call(name, body ? { body } : {})).body.code).toBe('permission-denied')
  })

  it('a stolen session certificate is worth nothing without its key, or with another', async () => {
    const { identity } = await gateway.session(gateway.people.radiologist)
    const { privateKey } = await keyAndRequest()
    await expect(
      Promise.resolve().then(() =>
        gateway.connect({ certificate: identity.certificate, privateKey }).call('session'),
      ),
    ).rejects.toThrow()
  })

  it('a person’s key that is put where a workstation’s belongs, and the reverse, is refused', async () => {
    const { radiologist } = gateway.people
    const { signer } = radiologist
    const pem = `-----BEGIN CERTIFICATE-----\n${signer.certificateDer.toString('base64')}\n-----END CERTIFICATE-----\n`
    await expect(
      gateway.connect({ certificate: pem, privateKey: signer.privateKeyPem }).call('status'),
    ).rejects.toThrow()
    // The workstation's certificate as a token's.
    const { identity, id } = gateway.workstation
    const der = Buffer.from(identity.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const asToken = {
      certificateDer: der,
      privateKeyPem: identity.privateKey,
      algorithm: 'ECDSA-SHA256' as const,
    }
    const answer = await signIn(gateway.connect(identity), asToken, id)
    expect(answer.body.code).toBe('certificate-untrusted')
    // And the session's, which names an account's session.
    const session = await gateway.session(radiologist)
    const sessionDer = Buffer.from(session.identity.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const again = {
      certificateDer: sessionDer,
      privateKeyPem: session.identity.privateKey,
      algorithm: 'ECDSA-SHA256' as const,
    }
    expect((await signIn(gateway.connect(identity), again, id)).body.code).toBe('certificate-untrusted')
  })
})
