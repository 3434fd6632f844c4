import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import forge from 'node-forge'

/**
 * A stand-in for the hospital's certification authority, which issues the staff's USB keys: for the demo and for tests.
 * A real hospital has its own; the gateway only ever sees its certificate and revocation list.
 */

const day = 86_400_000

const algorithms = {
  'RSA-2048': {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
  'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
} as const
export type KeyType = keyof typeof algorithms

export interface UserCertificateRequest {
  /** Subject CN, the person's name. */
  commonName: string
  keyType?: KeyType
  notBefore?: number
  notAfter?: number
  /** Replaces the usual extensions (digitalSignature, clientAuth). */
  extensions?: x509.Extension[]
}

/** A person's key and certificate, as they would lie on a USB key. */
export interface UserKey {
  certificatePem: string
  certificateDer: Buffer
  serialNumber: string
  /** PKCS#8. */
  privateKeyPem: string
  /** PKCS#12 under the PIN. RSA keys only (node-forge). */
  pkcs12(pin: string, friendlyName: string): Buffer
}

export interface HospitalCa {
  certificatePem: string
  privateKeyPem: string
  issue(request: UserCertificateRequest): Promise<UserKey>
  /** A revocation list over the given serial numbers. Times are epoch ms. */
  revocationList(options: { revoked: string[]; thisUpdate: number; nextUpdate: number }): Promise<string>
}

/** Makes a new CA. Its private key may be kept and given to `loadHospitalCa` later. */
export async function createHospitalCa(options: { commonName: string; now: number }): Promise<HospitalCa> {
  const keys = await generate('RSA-2048')
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [options.commonName] }],
    notBefore: new Date(options.now - day),
    notAfter: new Date(options.now + 3650 * day),
    keys,
    signingAlgorithm: algorithms['RSA-2048'],
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return hospitalCa(certificate, keys.privateKey, await privatePem(keys.privateKey), options.now)
}

export async function loadHospitalCa(
  pem: { certificatePem: string; privateKeyPem: string },
  now: number,
): Promise<HospitalCa> {
  const der = x509.PemConverter.decodeFirst(pem.privateKeyPem)
  const key = await webcrypto.subtle.importKey('pkcs8', der, algorithms['RSA-2048'], true, ['sign'])
  return hospitalCa(new x509.X509Certificate(pem.certificatePem), key, pem.privateKeyPem, now)
}

function hospitalCa(
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
  privateKeyPem: string,
  now: number,
): HospitalCa {
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem,

    async issue(request) {
      const keys = await generate(request.keyType ?? 'RSA-2048')
      const serialNumber = randomSerial()
      const issued = await x509.X509CertificateGenerator.create({
        serialNumber,
        issuer: certificate.subject,
        subject: [{ CN: [request.commonName] }],
        notBefore: new Date(request.notBefore ?? now - day),
        notAfter: new Date(request.notAfter ?? now + 730 * day),
        publicKey: keys.publicKey,
        signingKey: privateKey,
        signingAlgorithm: algorithms['RSA-2048'],
        extensions: request.extensions ?? [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(certificate),
        ],
      })
      const certificatePem = `${issued.toString('pem')}\n`
      const userKeyPem = await privatePem(keys.privateKey)
      return {
        certificatePem,
        certificateDer: Buffer.from(issued.rawData),
        serialNumber,
        privateKeyPem: userKeyPem,
        pkcs12: (pin, friendlyName) => pkcs12(userKeyPem, certificatePem, pin, friendlyName),
      }
    },

    async revocationList({ revoked, thisUpdate, nextUpdate }) {
      const list = await x509.X509CrlGenerator.create({
        issuer: certificate.subject,
        thisUpdate: new Date(thisUpdate),
        nextUpdate: new Date(nextUpdate),
        signingKey: privateKey,
        signingAlgorithm: algorithms['RSA-2048'],
        entries: revoked.map((serialNumber) => ({ serialNumber, revocationDate: new Date(thisUpdate) })),
      })
      // RFC 7468 clause 6 names the label; the library's own is one that OpenSSL does not know.
      return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`
    },
  }
}

function generate(keyType: KeyType): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithms[keyType], true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

function pkcs12(privateKeyPem: string, certificatePem: string, pin: string, friendlyName: string): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKeyPem),
    [forge.pki.certificateFromPem(certificatePem)],
    pin,
    { algorithm: 'aes256', friendlyName },
  )
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

/** Positive and never empty, RFC 5280 4.1.2.2. */
function randomSerial(): string {
  const bytes = randomBytes(12)
  bytes[0] = 0x40 | (bytes[0]! & 0x3f)
  return bytes.toString('hex')
}
