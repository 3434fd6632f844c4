import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthorities, loadAuthorities, workstationIdOf, x509 } from '../../../src/server/pki/index.ts'

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const deps = { clock: Date.now }

async function csr(algorithm: object = ecdsa, subject = 'CN=somebody else'): Promise<Buffer> {
  const keys = (await webcrypto.subtle.generateKey(algorithm as never, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys,
    signingAlgorithm: algorithm as never,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: 'urn:vigil:session:forged' }]),
    ],
  })
  return Buffer.from(request.rawData)
}

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-pki-'))
  await createAuthorities({ dir, gatewayId: 'gw-1', serverNames: ['localhost', '127.0.0.1'], ...deps })
})
afterAll(() => rm(dir, { recursive: true }))

describe('authorities', () => {
  it('keep every private key from others, and refuse one that is readable by more', async () => {
    const files = await readdir(dir)
    const keys = files.filter((name) => name.endsWith('.key'))
    expect(keys).toHaveLength(4)
    for (const key of keys) expect((await stat(join(dir, key))).mode & 0o777).toBe(0o600)
    for (const key of keys) {
      await chmod(join(dir, key), 0o640)
      // The gateway CA's key is for `vigil init` and rotation; a running gateway does not touch it.
      if (key !== 'gateway-ca.key') await expect(loadAuthorities(dir, deps)).rejects.toThrow(key)
      await chmod(join(dir, key), 0o600)
    }
  })

  it('are never overwritten', async () => {
    await expect(
      createAuthorities({ dir, gatewayId: 'gw-2', serverNames: ['x'], ...deps }),
    ).rejects.toMatchObject({ code: 'EEXIST' })
  })

  it('give the gateway a server certificate for its names, and the pin of its CA', async () => {
    const authorities = await loadAuthorities(dir, deps)
    const ca = new X509Certificate(authorities.gatewayCa)
    const server = new X509Certificate(authorities.server.certificatePem)
    expect(server.verify(ca.publicKey)).toBe(true)
    expect(server.checkHost('localhost')).toBe('localhost')
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(server.ca).toBe(false)
    const spki = ca.publicKey.export({ type: 'spki', format: 'der' })
    expect(authorities.gatewayPin).toBe(createHash('sha256').update(spki).digest('base64url'))
  })

  it('issue certificates that carry their own identity and nothing of the request', async () => {
    const authorities = await loadAuthorities(dir, deps)
    const issued = await authorities.issueWorkstation(await csr(), { id: 'ws-1', name: '阅片一号' })
    const certificate = new X509Certificate(issued.pem)
    expect(certificate.subject).toBe('CN=阅片一号')
    expect(certificate.subjectAltName).toBe('URI:urn:vigil:workstation:ws-1')
    expect(workstationIdOf(certificate)).toBe('ws-1')
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificate.ca).toBe(false)
    expect(createHash('sha256').update(certificate.raw).digest('hex')).toBe(issued.fingerprint)
    const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(364.9)
    expect(days).toBeLessThanOrEqual(365)
    const again = await authorities.issueWorkstation(await csr(), { id: 'ws-1', name: '阅片一号' })
    expect(new X509Certificate(again.pem).serialNumber).not.toBe(certificate.serialNumber)
  })

  it('end a session certificate exactly when they are told to', async () => {
    const authorities = await loadAuthorities(dir, deps)
    const notAfter = Date.now() + 3_600_000
    const issued = await authorities.issueSession(await csr(), { sessionId: 's-1', notAfter })
    const certificate = new X509Certificate(issued.pem)
    expect(certificate.subjectAltName).toBe('URI:urn:vigil:session:s-1')
    expect(Date.parse(certificate.validTo)).toBe(Math.floor(notAfter / 1000) * 1000)
    expect(workstationIdOf(certificate)).toBeNull()
  })

  it('tell the issuer by signature, not by name', async () => {
    const other = await mkdtemp(join(tmpdir(), 'vigil-pki-'))
    try {
      await createAuthorities({ dir: other, gatewayId: 'gw-1', serverNames: ['localhost'], ...deps })
      const [ours, theirs] = [await loadAuthorities(dir, deps), await loadAuthorities(other, deps)]
      const own = await ours.issueWorkstation(await csr(), { id: 'ws-1', name: 'a' })
      const session = await ours.issueSession(await csr(), { sessionId: 's', notAfter: Date.now() + 1e6 })
      // Same gateway id, so the same issuer name, by another key.
      const foreign = await theirs.issueWorkstation(await csr(), { id: 'ws-1', name: 'a' })
      expect(ours.issuerOf(new X509Certificate(own.pem))).toBe('workstation')
      expect(ours.issuerOf(new X509Certificate(session.pem))).toBe('session')
      expect(new X509Certificate(foreign.pem).issuer).toBe(new X509Certificate(own.pem).issuer)
      expect(ours.issuerOf(new X509Certificate(foreign.pem))).toBeNull()
    } finally {
      await rm(other, { recursive: true })
    }
  })

  it.each([
    ['P-384', { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
    [
      'RSA',
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
    ],
  ])('accept no %s key', async (_, algorithm) => {
    const authorities = await loadAuthorities(dir, deps)
    await expect(
      authorities.issueSession(await csr(algorithm), { sessionId: 's', notAfter: Date.now() + 1e6 }),
    ).rejects.toMatchObject({ code: 'bad-request', facts: { field: 'csr', why: 'key type' } })
  })

  it('accept no request whose every byte is not as its key signed it', async () => {
    const authorities = await loadAuthorities(dir, deps)
    const good = await csr()
    const issue = (der: Uint8Array) =>
      authorities.issueSession(der, { sessionId: 's', notAfter: Date.now() + 1e6 })
    for (const at of [0, 10, 40, 80, good.length - 40, good.length - 1]) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] ?? 0) ^ 0x01
      await expect(issue(bad), `byte ${at}`).rejects.toMatchObject({ code: 'bad-request' })
    }
    await expect(issue(Buffer.alloc(0))).rejects.toMatchObject({ code: 'bad-request' })
  })
})
