import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseWiderThanOwner } from '../protection/index.ts'
import * as x509 from './x509.ts'

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const tenYears = 3650 * 86_400_000

/** A certification authority: its certificate, and the key that signs with it. */
export interface Authority {
  certificate: x509.X509Certificate
  pem: string
  privateKey: webcrypto.CryptoKey
  /** Whether this CA's key signed the certificate. A name proves nothing and is not looked at. */
  issued(certificate: X509Certificate): boolean
}

/** A P-256 key pair that may be written out once; for CAs and servers, made at `vigil init`. */
export function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>
}

/** 128 random bits, positive, as RFC 5280 4.1.2.2 wants (at most 20 octets). */
export function serialNumber(): string {
  const bytes = randomBytes(16)
  // The first bit stays clear (a positive INTEGER), the next is set (never all zero, always the same length).
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

/** Makes a self-signed CA that may issue end-entity certificates only (path length 0), and writes `<name>.pem` and `<name>.key`. */
export async function createAuthority(options: {
  dir: string
  name: string
  commonName: string
  now: number
}): Promise<Authority> {
  const keys = await generateKeyPair()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [options.commonName] }],
    notBefore: new Date(options.now - 86_400_000),
    notAfter: new Date(options.now + tenYears),
    keys,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writePrivateKey(join(options.dir, `${options.name}.key`), keys.privateKey)
  await writeFile(join(options.dir, `${options.name}.pem`), `${certificate.toString('pem')}\n`, {
    flag: 'wx',
  })
  return authorityOf(certificate, keys.privateKey)
}

/**
 * Reads a CA written by `createAuthority`.
 * @throws Error naming the file where the key is readable by others, or does not belong to the certificate.
 */
export async function readAuthority(dir: string, name: string): Promise<Authority> {
  const certificate = new x509.X509Certificate(await readFile(join(dir, `${name}.pem`), 'utf8'))
  const keyFile = join(dir, `${name}.key`)
  const key = createPrivateKey(await readPrivateKey(keyFile))
  if (!new X509Certificate(Buffer.from(certificate.rawData)).checkPrivateKey(key)) {
    throw new Error(`${keyFile}: does not belong to ${name}.pem`)
  }
  return authorityOf(certificate, await signingKey(key))
}

/** The PEM of a private key file. @throws Error naming the file where its mode is wider than 0600. */
export async function readPrivateKey(file: string): Promise<string> {
  refuseWiderThanOwner(file, await stat(file))
  return readFile(file, 'utf8')
}

/** PKCS#8 PEM, readable by its owner alone. @throws EEXIST: a key is never overwritten. */
export async function writePrivateKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  })
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' })
}

function authorityOf(certificate: x509.X509Certificate, privateKey: webcrypto.CryptoKey): Authority {
  const { publicKey } = new X509Certificate(Buffer.from(certificate.rawData))
  return {
    certificate,
    pem: `${certificate.toString('pem')}\n`,
    privateKey,
    issued: (candidate) => candidate.verify(publicKey),
  }
}

function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), ecdsa, false, [
    'sign',
  ]) as Promise<webcrypto.CryptoKey>
}
