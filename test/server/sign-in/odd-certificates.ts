import { randomBytes, webcrypto } from 'node:crypto'
import type { HospitalCa } from '../../../demo/hospital-ca.ts'
import { x509 } from '../../../src/server/pki/index.ts'
import type { Signer } from '../sign-in-client.ts'

const rsa = (bits: number, hash: string) => ({
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: bits,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash,
})
const keys = {
  'RSA-1024': rsa(1024, 'SHA-256'),
  'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'P-521': { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
}

/** What the hospital's CA would not issue today, and once did: weak and unusual keys, a SHA-1 signature. */
export async function oddCertificate(
  hospital: HospitalCa,
  odd: { key?: keyof typeof keys; signedWith?: 'SHA-256' | 'SHA-1'; now: number },
): Promise<Signer> {
  const algorithm = keys[odd.key ?? 'P-256']
  const pair = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const signing = rsa(2048, odd.signedWith ?? 'SHA-256')
  const der = x509.PemConverter.decodeFirst(hospital.privateKeyPem)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `40${randomBytes(10).toString('hex')}`,
    issuer: new x509.X509Certificate(hospital.certificatePem).subject,
    subject: 'CN=odd',
    notBefore: new Date(odd.now - 86_400_000),
    notAfter: new Date(odd.now + 86_400_000),
    publicKey: pair.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', der, signing, false, ['sign']),
    signingAlgorithm: signing,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)
  return {
    certificateDer: Buffer.from(certificate.rawData),
    privateKeyPem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    algorithm: odd.key === 'RSA-1024' ? 'RSA-PKCS1-SHA256' : 'ECDSA-SHA256',
  }
}

/** The usual extensions of a person's certificate, but for what is said. */
export function extensions(over: {
  usage?: number
  eku?: string
  ca?: boolean
  critical?: string
}): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(over.ca ?? false, undefined, true),
    new x509.KeyUsagesExtension(over.usage ?? x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([over.eku ?? x509.ExtendedKeyUsage.clientAuth]),
    ...(over.critical ? [new x509.Extension(over.critical, true, new Uint8Array([5, 0]))] : []),
  ]
}
