import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHospitalCa } from '../../../demo/hospital-ca.ts'
import { x509 } from '../../../src/server/pki/index.ts'
import { type SignatureAlgorithm, SignInResponse } from '../../../src/shared/api/index.ts'
import { signInStatement } from '../../../src/shared/signing/statement.ts'
import { startGateway, type TestGateway, type TestWorkstation } from '../gateway-harness.ts'
import {
  exporterOf,
  keyAndRequest,
  type Signer,
  sha256,
  signIn,
  signInBody,
  tokenSign,
} from '../sign-in-client.ts'

const day = 86_400_000
let gateway: TestGateway
let workstation: TestWorkstation
beforeAll(async () => {
  gateway = await startGateway()
  workstation = await gateway.workstation('阅片一号')
})
afterAll(() => gateway.close())

/** The latest audit row. */
const lastAudit = async () => (await gateway.foundation.audit.tail())[0]

describe('sign-in', () => {
  it.each([
    ['RSA-2048', 'RSA-PSS-SHA256'],
    ['RSA-2048', 'RSA-PKCS1-SHA256'],
    ['P-256', 'ECDSA-SHA256'],
    ['P-384', 'ECDSA-SHA384'],
  ] as const)('opens a session for a %s token that signs %s', async (keyType, algorithm) => {
    const person = await gateway.person(`happy-${algorithm.toLowerCase()}`, { keyType })
    const answer = await signIn(
      gateway.connect(workstation.identity),
      { ...person.signer, algorithm },
      workstation.id,
    )
    expect(answer.status).toBe(200)
    const { session } = SignInResponse.parse(answer.body)
    expect(session.accountId).toBe(person.accountId)
    expect(session.permissions).toContain('report.sign')
    const own = await gateway.connect(answer.identity).call('session')
    expect(own.status).toBe(200)
    expect(own.body).toEqual(session)
    expect(await lastAudit()).toMatchObject({ action: 'sign-in.accepted', outcome: 'success' })
  })

  it('ends the session certificate with the token certificate where that ends first', async () => {
    const notAfter = Math.floor(Date.now() / 1000) * 1000 + 3_600_000
    const person = await gateway.person('short', { certificate: { notAfter } })
    const answer = await signIn(gateway.connect(workstation.identity), person.signer, workstation.id)
    expect(answer.body.session.expiresAt).toBe(notAfter)
  })

  it('is remembered with who, where and which certificate', async () => {
    const person = await gateway.person('audited')
    await gateway.session(workstation, person)
    const row = await lastAudit()
    expect(row?.detail).toMatchObject({ certificate: person.fingerprint })
  })
})

describe('sign-in is refused', () => {
  const attempt = async (signer: Signer, more: Record<string, unknown> = {}) => {
    const answer = await signIn(gateway.connect(workstation.identity), signer, workstation.id, more)
    return { status: answer.status, ...answer.body }
  }
  /** A leaf that differs from a good one in its extensions. */
  const extensions = (over: {
    usage?: number | null
    eku?: string[]
    more?: x509.Extension[]
    ca?: boolean
  }) => [
    new x509.BasicConstraintsExtension(over.ca ?? false, undefined, true),
    ...(over.usage === null
      ? []
      : [new x509.KeyUsagesExtension(over.usage ?? x509.KeyUsageFlags.digitalSignature, true)]),
    new x509.ExtendedKeyUsageExtension(over.eku ?? [x509.ExtendedKeyUsage.clientAuth]),
    ...(over.more ?? []),
  ]

  it.each([
    ['expired', { notBefore: Date.now() - 9 * day, notAfter: Date.now() - day }, 'certificate-expired'],
    ['not valid yet', { notBefore: Date.now() + day }, 'certificate-not-yet-valid'],
    [
      'for encryption',
      { extensions: extensions({ usage: x509.KeyUsageFlags.keyEncipherment }) },
      'certificate-unsuitable',
    ],
    ['without key usage', { extensions: extensions({ usage: null }) }, 'certificate-unsuitable'],
    [
      'for servers',
      { extensions: extensions({ eku: [x509.ExtendedKeyUsage.serverAuth] }) },
      'certificate-unsuitable',
    ],
    ['of a CA', { extensions: extensions({ ca: true }) }, 'certificate-unsuitable'],
    [
      'with a critical extension that is unknown',
      { extensions: extensions({ more: [new x509.Extension('1.2.3.4.5', true, new Uint8Array([5, 0]))] }) },
      'certificate-unsuitable',
    ],
  ])('for a certificate that is %s', async (name, certificate, code) => {
    const person = await gateway.person(`bad-${name.replaceAll(' ', '.')}`.slice(0, 30), { certificate })
    expect(await attempt(person.signer)).toMatchObject({ status: 403, code })
    expect(await lastAudit()).toMatchObject({
      action: 'sign-in.refused',
      outcome: 'refused',
      detail: { code, fingerprint: person.fingerprint },
    })
  })

  it('for a certificate that no account has', async () => {
    const key = await gateway.hospital.issue({ commonName: 'nobody', keyType: 'P-256' })
    const signer = { ...key, algorithm: 'ECDSA-SHA256' as const }
    expect(await attempt(signer)).toMatchObject({ status: 403, code: 'account-unknown' })
  })

  it('for a certificate of a CA that only has the same name', async () => {
    const other = await createHospitalCa({ commonName: 'Hospital CA', now: Date.now() })
    const key = await other.issue({ commonName: 'foreign', keyType: 'P-256' })
    const id = await gateway.accounts.create(
      { loginName: 'foreign', displayName: 'F', roles: ['radiologist'] },
      { kind: 'cli', id: 'test' },
    )
    await gateway.accounts.bindCertificate(id, key.certificatePem, { kind: 'cli', id: 'test' })
    const signer = { ...key, algorithm: 'ECDSA-SHA256' as const }
    expect(await attempt(signer)).toMatchObject({ status: 403, code: 'certificate-untrusted' })
  })

  it('for a certificate issued by another person’s certificate', async () => {
    const mallory = await gateway.person('mallory')
    const keys = await keyAndRequest()
    const { webcrypto } = await import('node:crypto')
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const signingKey = await webcrypto.subtle.importKey(
      'pkcs8',
      x509.PemConverter.decodeFirst(mallory.signer.privateKeyPem),
      ecdsa,
      false,
      ['sign'],
    )
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(keys.csr))
    const forged = await x509.X509CertificateGenerator.create({
      serialNumber: '0102',
      subject: 'CN=chief',
      issuer: new x509.X509Certificate(new Uint8Array(mallory.signer.certificateDer)).subject,
      publicKey: request.publicKey,
      signingKey,
      signingAlgorithm: ecdsa,
      extensions: extensions({}),
    })
    const certificateDer = Buffer.from(forged.rawData)
    const signer: Signer = {
      certificateDer,
      privateKeyPem: keys.privateKey,
      algorithm: 'ECDSA-SHA256',
      chain: [mallory.signer.certificateDer],
    }
    expect(await attempt(signer)).toMatchObject({ status: 403, code: 'certificate-untrusted' })
  })

  it('for a revoked certificate, as soon as the list says so', async () => {
    const person = await gateway.person('revoked')
    await gateway.revoke([person.serialNumber])
    expect(await attempt(person.signer)).toMatchObject({ status: 403, code: 'certificate-revoked' })
    await gateway.revoke([])
    expect(await attempt(person.signer)).toMatchObject({ status: 200 })
  })

  it('while the revocation list is stale, and still for a certificate that stands on it', async () => {
    const [person, revoked] = [await gateway.person('stale'), await gateway.person('stale-revoked')]
    const past = { thisUpdate: Date.now() - 3 * day, nextUpdate: Date.now() - day }
    await gateway.revoke([revoked.serialNumber], past)
    expect(await attempt(person.signer)).toMatchObject({ status: 503, code: 'revocation-unknown' })
    expect(await attempt(revoked.signer)).toMatchObject({ code: 'certificate-revoked' })
    await gateway.revoke([])
  })

  it('by a revocation list that another CA signed', async () => {
    const person = await gateway.person('crl-forged')
    const other = await createHospitalCa({ commonName: 'Hospital CA', now: Date.now() })
    const { writeFile } = await import('node:fs/promises')
    const times = { thisUpdate: Date.now() - 1000, nextUpdate: Date.now() + day }
    await writeFile(gateway.crlFile, await other.revocationList({ revoked: [], ...times }))
    expect(await attempt(person.signer)).toMatchObject({ code: 'revocation-unknown' })
    await gateway.revoke([])
  })

  it('for a disabled account and for a binding that was revoked', async () => {
    const by = { kind: 'cli', id: 'test' } as const
    const [disabled, unbound] = [await gateway.person('disabled'), await gateway.person('unbound')]
    await gateway.accounts.disable(disabled.accountId, 'left', by)
    await gateway.accounts.revokeCertificate(unbound.fingerprint, 'lost', by)
    expect(await attempt(disabled.signer)).toMatchObject({ status: 403, code: 'account-disabled' })
    expect(await attempt(unbound.signer)).toMatchObject({ status: 403, code: 'certificate-revoked' })
  })

  it('for another person’s certificate without its key, and says nothing about that certificate', async () => {
    const [owner, thief] = [await gateway.person('owner'), await gateway.person('thief')]
    const signer = { ...owner.signer, privateKeyPem: thief.signer.privateKeyPem }
    expect(await attempt(signer)).toEqual({ status: 403, code: 'signature-invalid', facts: {} })
    const expired = await gateway.person('owner-expired', { certificate: { notAfter: Date.now() - 1000 } })
    const guess = { ...expired.signer, privateKeyPem: thief.signer.privateKeyPem }
    expect(await attempt(guess)).toEqual({ status: 403, code: 'signature-invalid', facts: {} })
  })

  it('where the algorithm is not the key’s own', async () => {
    const rsa = await gateway.person('wrong-algorithm', { keyType: 'RSA-2048' })
    const ec = await gateway.person('wrong-algorithm-ec', { keyType: 'P-256' })
    const named = (signer: Signer, algorithm: SignatureAlgorithm) => attempt(signer, { algorithm })
    expect(await named(rsa.signer, 'RSA-PKCS1-SHA256')).toMatchObject({ code: 'signature-invalid' })
    expect(await named(rsa.signer, 'ECDSA-SHA256')).toMatchObject({ code: 'signature-invalid' })
    expect(await named(ec.signer, 'ECDSA-SHA384')).toMatchObject({ code: 'signature-invalid' })
    expect(await named(ec.signer, 'RSA-PSS-SHA256')).toMatchObject({ code: 'signature-invalid' })
  })

  it('for an RSA key of 1024 bits', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const { webcrypto } = await import('node:crypto')
    const import8 = (pem: string) =>
      webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), algorithm, true, ['sign'])
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: '77',
      subject: 'CN=weak',
      issuer: new x509.X509Certificate(gateway.hospital.certificatePem).subject,
      publicKey: new x509.PublicKey(new Uint8Array(weak.publicKey.export({ format: 'der', type: 'spki' }))),
      signingKey: await import8(gateway.hospital.privateKeyPem),
      signingAlgorithm: algorithm,
      extensions: extensions({}),
    })
    const signer: Signer = {
      certificateDer: Buffer.from(certificate.rawData),
      privateKeyPem: String(weak.privateKey.export({ format: 'pem', type: 'pkcs8' })),
      algorithm: 'RSA-PKCS1-SHA256',
    }
    expect(await attempt(signer)).toMatchObject({
      code: 'certificate-unsuitable',
      facts: { why: 'key-type' },
    })
  })

  it('for bytes after the certificate', async () => {
    const person = await gateway.person('trailing')
    const certificateDer = Buffer.concat([person.signer.certificateDer, Buffer.from([0])])
    expect(await attempt({ ...person.signer, certificateDer })).toMatchObject({
      status: 400,
      code: 'bad-request',
    })
  })
})

describe('a sign-in signature', () => {
  it('is worth nothing a second time, on the same socket or another', async () => {
    const person = await gateway.person('replayed')
    const channel = gateway.connect(workstation.identity)
    const body = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    expect((await channel.call('signIn', { body })).status).toBe(200)
    expect((await channel.call('signIn', { body })).body.code).toBe('challenge-invalid')
    await channel.call('signInChallenge')
    expect((await channel.call('signIn', { body })).body.code).toBe('signature-invalid')
    const other = gateway.connect(workstation.identity)
    await other.call('signInChallenge')
    expect((await other.call('signIn', { body })).body.code).toBe('signature-invalid')
  })

  it('is worth nothing on a socket other than the one it was made for, even over that socket’s own nonce', async () => {
    const person = await gateway.person('relayed')
    const [victim, attacker] = [gateway.connect(workstation.identity), gateway.connect(workstation.identity)]
    const challenge = await attacker.call('signInChallenge')
    await victim.call('status')
    const key = await keyAndRequest()
    const bodyFor = (exporter: Buffer) => ({
      csr: key.csr.toString('base64'),
      certificates: [person.signer.certificateDer.toString('base64')],
      algorithm: person.signer.algorithm,
      signature: tokenSign(
        person.signer,
        signInStatement({
          gatewayId: challenge.body.gatewayId,
          nonce: Buffer.from(challenge.body.nonce, 'base64'),
          exporter,
          csrHash: sha256(key.csr),
          certificateHash: sha256(person.signer.certificateDer),
          workstationId: workstation.id,
        }),
      ).toString('base64'),
    })
    const relayed = bodyFor(exporterOf(victim.socket()))
    expect((await attacker.call('signIn', { body: relayed })).body.code).toBe('signature-invalid')
    // The same with the attacker's own exporter is accepted: only the binding made the difference.
    const again = await attacker.call('signInChallenge')
    challenge.body.nonce = again.body.nonce
    expect((await attacker.call('signIn', { body: bodyFor(exporterOf(attacker.socket())) })).status).toBe(200)
  })

  it('is worth nothing from another workstation', async () => {
    const person = await gateway.person('moved')
    const elsewhere = await gateway.workstation('elsewhere')
    const answer = await signIn(gateway.connect(elsewhere.identity), person.signer, workstation.id)
    expect(answer.body.code).toBe('signature-invalid')
  })

  it('covers the session key: another request in its place is refused', async () => {
    const person = await gateway.person('csr-swapped')
    const channel = gateway.connect(workstation.identity)
    const body = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    const other = await keyAndRequest()
    const answer = await channel.call('signIn', { body: { ...body, csr: other.csr.toString('base64') } })
    expect(answer.body.code).toBe('signature-invalid')
  })

  it('over a request that its key did not sign is refused', async () => {
    const person = await gateway.person('csr-tampered')
    const channel = gateway.connect(workstation.identity)
    const key = await keyAndRequest()
    key.csr[key.csr.length - 1] = (key.csr[key.csr.length - 1] ?? 0) ^ 1
    const body = await signInBody(channel, person.signer, workstation.id, key)
    expect((await channel.call('signIn', { body })).body).toMatchObject({
      code: 'bad-request',
      facts: { field: 'csr' },
    })
  })

  it('uses up the nonce even where the attempt fails', async () => {
    const [person, thief] = [await gateway.person('second-try'), await gateway.person('second-thief')]
    const channel = gateway.connect(workstation.identity)
    const good = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    const bad = { ...good, signature: tokenSign(thief.signer, new Uint8Array(1)).toString('base64') }
    expect((await channel.call('signIn', { body: bad })).body.code).toBe('signature-invalid')
    expect((await channel.call('signIn', { body: good })).body.code).toBe('challenge-invalid')
  })

  it('needs a challenge, and only the latest counts', async () => {
    const person = await gateway.person('two-nonces')
    const channel = gateway.connect(workstation.identity)
    const first = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    await channel.call('signInChallenge')
    expect((await channel.call('signIn', { body: first })).body.code).toBe('signature-invalid')
    expect((await channel.call('signIn', { body: first })).body.code).toBe('challenge-invalid')
  })
})
