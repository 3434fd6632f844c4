import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  type Authority,
  generateKeyPair,
  readPrivateKey,
  serialNumber,
  writePrivateKey,
} from './authority.ts'
import { fileName } from './files.ts'
import * as x509 from './x509.ts'

const day = 86_400_000
const serverDays = 3 * 365
/** From this long before its end the gateway makes itself a new one. */
export const serverRenewBeforeMs = 30 * day

/** The gateway's own key and certificate, PEM; the certificate with its CA behind it. */
export interface ServerCertificate {
  keyPem: string
  certificatePem: string
}

/**
 * Makes a key and a certificate for the gateway's names, three years or as long as its CA lasts.
 * @throws EEXIST: a key is never overwritten.
 */
export async function createServerCertificate(options: {
  dir: string
  generation: number
  serverNames: readonly string[]
  now: number
  gateway: Authority
}): Promise<void> {
  const { gateway, now } = options
  const keys = await generateKeyPair()
  const names = options.serverNames.map((value) => ({
    type: isIP(value) ? ('ip' as const) : ('dns' as const),
    value,
  }))
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [options.serverNames[0] ?? 'gateway'] }],
    issuer: gateway.certificate.subjectName.toJSON(),
    notBefore: new Date(now - day),
    notAfter: new Date(Math.min(now + serverDays * day, gateway.certificate.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: gateway.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], true),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(gateway.certificate.publicKey),
    ],
  })
  const name = join(options.dir, fileName('server', options.generation))
  await writePrivateKey(`${name}.key`, keys.privateKey)
  // With its CA, so that an enrolling workstation can hold the CA against the pin in its ticket.
  const chain = `${certificate.toString('pem')}\n${gateway.pem}`
  await writeFile(`${name}.pem`, chain, { flag: 'wx' })
}

/** @throws Error naming the file that is missing or too widely readable. */
export async function readServerCertificate(dir: string, generation: number): Promise<ServerCertificate> {
  const name = join(dir, fileName('server', generation))
  return {
    keyPem: await readPrivateKey(`${name}.key`),
    certificatePem: await readFile(`${name}.pem`, 'utf8'),
  }
}

/** Why the gateway needs another certificate now; null where it does not. */
export function serverCertificateDue(
  certificatePem: string,
  at: { now: number; serverNames: readonly string[] },
): 'ends-soon' | 'names' | null {
  const certificate = new X509Certificate(certificatePem)
  if (at.now > Date.parse(certificate.validTo) - serverRenewBeforeMs) return 'ends-soon'
  const names = new x509.X509Certificate(certificatePem).getExtension(
    x509.SubjectAlternativeNameExtension,
  )?.names
  const dns = names?.items.filter(({ type }) => type === 'dns').map(({ value }) => value.toLowerCase()) ?? []
  const covered = (name: string) =>
    isIP(name) ? certificate.checkIP(name) !== undefined : dns.includes(name.toLowerCase())
  return at.serverNames.every(covered) ? null : 'names'
}
