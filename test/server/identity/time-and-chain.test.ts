import { webcrypto } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { x509 } from '../../../src/server/pki/index.ts'
import { alertCheckStatement, reportStatement } from '../../../src/shared/signing/statement.ts'
import { movableClock, startGateway, type TestGateway } from '../gateway-harness.ts'
import { keyAndRequest, type Signer, sha256, signIn, signInBody, tokenSign } from '../sign-in-client.ts'

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

let gateway: TestGateway
afterEach(() => gateway.close())

describe('a challenge', () => {
  it('expires', async () => {
    const { clock, advance } = movableClock()
    gateway = await startGateway({ clock, config: { identity: { challengeSeconds: 30 } } })
    const workstation = await gateway.workstation('one')
    const person = await gateway.person('late')
    const channel = gateway.connect(workstation.identity)
    const body = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    advance(30_000)
    expect((await channel.call('signIn', { body })).body.code).toBe('challenge-invalid')
    const fresh = await signInBody(channel, person.signer, workstation.id, await keyAndRequest())
    advance(29_999)
    expect((await channel.call('signIn', { body: fresh })).status).toBe(200)
  })
})

describe('sign-in attempts', () => {
  it('are limited per workstation, and no other workstation pays for it', async () => {
    const { clock, advance } = movableClock()
    gateway = await startGateway({ clock, tuning: { attempts: { burst: 3, everyMs: 1000 } } })
    const [noisy, quiet] = [await gateway.workstation('noisy'), await gateway.workstation('quiet')]
    const person = await gateway.person('reader')
    const stranger = {
      ...(await gateway.hospital.issue({ commonName: 'x', keyType: 'P-256' })),
      algorithm: 'ECDSA-SHA256' as const,
    }
    const codes = []
    for (let i = 0; i < 5; i += 1) {
      codes.push((await signIn(gateway.connect(noisy.identity), stranger, noisy.id)).body.code)
    }
    expect(codes.slice(0, 3)).toEqual(['account-unknown', 'account-unknown', 'account-unknown'])
    expect(codes.slice(3)).toEqual(['too-many-requests', 'too-many-requests'])
    expect((await signIn(gateway.connect(quiet.identity), person.signer, quiet.id)).status).toBe(200)
    advance(1000)
    const again = await signIn(gateway.connect(noisy.identity), person.signer, noisy.id, { takeOver: true })
    expect(again.status).toBe(200)
  })
})

describe('revocation', () => {
  it('is required unless the configuration says otherwise', async () => {
    gateway = await startGateway({ config: { identity: { crlFiles: [] } } })
    const workstation = await gateway.workstation('one')
    const person = await gateway.person('unlisted')
    const answer = await signIn(gateway.connect(workstation.identity), person.signer, workstation.id)
    expect(answer.body.code).toBe('revocation-unknown')
    await gateway.close()

    gateway = await startGateway({ config: { identity: { crlFiles: [], crlRequired: false } } })
    const again = await gateway.workstation('one')
    const other = await gateway.person('unlisted')
    expect((await signIn(gateway.connect(again.identity), other.signer, again.id)).status).toBe(200)
  })
})

describe('an intermediate CA', () => {
  /** Hospital root (path length not limited) → department CA → person. */
  async function chain(constraints: { ca?: boolean; pathLength?: number; usage?: number } = {}) {
    const make = async (name: string, algorithm: object) => ({
      name,
      keys: (await webcrypto.subtle.generateKey(algorithm as never, true, [
        'sign',
        'verify',
      ])) as webcrypto.CryptoKeyPair,
    })
    const root = await make('CN=Root', {
      ...rsa,
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    })
    const department = await make('CN=Department', ecdsa)
    const person = await make('CN=Person', ecdsa)
    const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags
    const rootCertificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: root.name,
      keys: root.keys,
      signingAlgorithm: rsa,
      extensions: [
        new x509.BasicConstraintsExtension(true, constraints.pathLength, true),
        new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      ],
    })
    const departmentCertificate = await x509.X509CertificateGenerator.create({
      subject: department.name,
      issuer: root.name,
      publicKey: department.keys.publicKey,
      signingKey: root.keys.privateKey,
      signingAlgorithm: rsa,
      extensions: [
        new x509.BasicConstraintsExtension(constraints.ca ?? true, undefined, true),
        new x509.KeyUsagesExtension(constraints.usage ?? keyCertSign | cRLSign, true),
      ],
    })
    const certificate = await x509.X509CertificateGenerator.create({
      subject: person.name,
      issuer: department.name,
      publicKey: person.keys.publicKey,
      signingKey: department.keys.privateKey,
      signingAlgorithm: ecdsa,
      extensions: [new x509.KeyUsagesExtension(digitalSignature, true)],
    })
    const signer: Signer = {
      certificateDer: Buffer.from(certificate.rawData),
      privateKeyPem: x509.PemConverter.encode(
        await webcrypto.subtle.exportKey('pkcs8', person.keys.privateKey),
        'PRIVATE KEY',
      ),
      algorithm: 'ECDSA-SHA256',
      chain: [Buffer.from(departmentCertificate.rawData)],
    }
    return { rootPem: rootCertificate.toString('pem'), signer }
  }

  async function attempt(constraints: Parameters<typeof chain>[0] = {}, withChain = true) {
    const { rootPem, signer } = await chain(constraints)
    gateway = await startGateway({
      config: { identity: { userCaFiles: ['root.pem'], crlRequired: false } },
      before: (dir) => writeFile(join(dir, 'root.pem'), rootPem),
    })
    const workstation = await gateway.workstation('one')
    const by = { kind: 'cli', id: 'test' } as const
    const accountId = await gateway.accounts.create(
      { loginName: 'person', displayName: 'P', roles: ['radiologist'] },
      by,
    )
    await gateway.accounts.bindCertificate(accountId, signer.certificateDer, by)
    const sent = { ...signer, chain: withChain ? (signer.chain ?? []) : [] }
    const answer = await signIn(gateway.connect(workstation.identity), sent, workstation.id)
    return { signer, accountId, code: answer.status === 200 ? 'ok' : answer.body.code }
  }

  it('that the token brings along completes the path, and is known again when a report is signed', async () => {
    const { signer, accountId, code } = await attempt()
    expect(code).toBe('ok')
    const documentHash = sha256(Buffer.from('document'))
    const statement = reportStatement({
      gatewayId: gateway.foundation.gatewayId,
      documentHash,
      certificateHash: sha256(signer.certificateDer),
    })
    const report = {
      documentHash,
      certificate: signer.certificateDer.toString('base64'),
      signature: tokenSign(signer, statement).toString('base64'),
      algorithm: signer.algorithm,
    }
    const { verifyReportSignature } = gateway.tokens
    await expect(verifyReportSignature(report, { accountId })).resolves.toMatchObject({ accountId })
    await expect(verifyReportSignature(report, { accountId: 'another' })).rejects.toMatchObject({
      code: 'other-account',
    })
    // A second look at alerts is for its own purpose and subject.
    const contentHash = documentHash
    const look = alertCheckStatement({
      gatewayId: gateway.foundation.gatewayId,
      subject: 'an-alert',
      contentHash,
      certificateHash: sha256(signer.certificateDer),
    })
    const signature = tokenSign(signer, look).toString('base64')
    const check = { ...report, subject: 'an-alert', contentHash, signature }
    const { verifyAlertCheck } = gateway.tokens
    await expect(verifyAlertCheck(check, { accountId })).resolves.toMatchObject({ accountId })
    for (const [forged, by, refusal] of [
      [check, 'another', 'other-account'],
      [{ ...check, subject: 'another-alert' }, accountId, 'signature-invalid'],
      [{ ...check, contentHash: sha256(Buffer.from('x')) }, accountId, 'signature-invalid'],
      [{ ...check, signature: report.signature }, accountId, 'signature-invalid'],
    ] as const)
      await expect(verifyAlertCheck(forged, { accountId: by })).rejects.toMatchObject({ code: refusal })
    await expect(verifyReportSignature({ ...report, signature }, { accountId })).rejects.toMatchObject({
      code: 'signature-invalid',
    })
    const changed = { ...report, documentHash: sha256(Buffer.from('another document')) }
    await expect(verifyReportSignature(changed, { accountId })).rejects.toMatchObject({
      code: 'signature-invalid',
    })
    await gateway.accounts.revokeCertificate(sha256(signer.certificateDer).toString('hex'), 'lost', {
      kind: 'cli',
      id: 'test',
    })
    await expect(verifyReportSignature(report, { accountId })).rejects.toMatchObject({
      code: 'certificate-revoked',
    })
  })

  it.each([
    ['is missing', {}, false],
    ['is no CA', { ca: false }, true],
    ['may not sign certificates', { usage: x509.KeyUsageFlags.digitalSignature }, true],
    ['is below a root that allows none', { pathLength: 0 }, true],
  ])('that %s is not trusted', async (_, constraints, withChain) => {
    expect((await attempt(constraints, withChain)).code).toBe('certificate-untrusted')
  })
})
