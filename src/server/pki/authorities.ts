import { createHash, type X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../../shared/time/clock.ts'
import {
  type Authority,
  createAuthority,
  generateKeyPair,
  readAuthority,
  readPrivateKey,
  serialNumber,
  writePrivateKey,
} from './authority.ts'
import { type IssuedCertificate, issueClientCertificate } from './issue.ts'
import * as x509 from './x509.ts'

const day = 86_400_000
const workstationDays = 365
const serverDays = 3 * 365

export type Issuer = 'workstation' | 'session'

/** The gateway's own certificates and the CAs that it issues clients' certificates from. */
export interface Authorities {
  server: { keyPem: string; certificatePem: string }
  /** PEM of the CA that workstations trust the gateway by. */
  gatewayCa: string
  /** base64url SHA-256 of that CA's SubjectPublicKeyInfo: goes into an enrolment ticket. */
  gatewayPin: string
  /** PEM of the CAs whose certificates may open a connection to the API listener. */
  clientCas: string[]
  /** 365 days. @throws VigilError `bad-request` for a request that is malformed, not P-256 or not self-signed right. */
  issueWorkstation(csrDer: Uint8Array, workstation: { id: string; name: string }): Promise<IssuedCertificate>
  /** Until `notAfter` (epoch ms). @throws as above. */
  issueSession(
    csrDer: Uint8Array,
    session: { sessionId: string; notAfter: number },
  ): Promise<IssuedCertificate>
  /** Which of the client CAs signed this certificate; null where none did. */
  issuerOf(certificate: X509Certificate): Issuer | null
}

/**
 * Makes all of the gateway's PKI in its directory, once: gateway CA and server certificate, workstation CA, session CA.
 * @throws EEXIST where there is one already; a CA is never overwritten.
 */
export async function createAuthorities(options: {
  dir: string
  gatewayId: string
  serverNames: readonly string[]
  clock: Clock
}): Promise<void> {
  const { dir } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const now = options.clock()
  const make = (name: string, title: string) =>
    createAuthority({
      dir,
      name,
      commonName: `Vigil ${title} ${options.gatewayId}`,
      now,
    })
  const gateway = await make('gateway-ca', 'gateway CA')
  await make('workstation-ca', 'workstation CA')
  await make('session-ca', 'session CA')
  await createServerCertificate({ ...options, dir, now, gateway })
}

/** Reads what `createAuthorities` made. @throws Error naming the file that is missing, too widely readable or wrong. */
export async function loadAuthorities(dir: string, { clock }: { clock: Clock }): Promise<Authorities> {
  const gatewayCa = await readFile(join(dir, 'gateway-ca.pem'), 'utf8')
  const server = {
    keyPem: await readPrivateKey(join(dir, 'server.key')),
    certificatePem: await readFile(join(dir, 'server.pem'), 'utf8'),
  }
  const workstation = await readAuthority(dir, 'workstation-ca')
  const session = await readAuthority(dir, 'session-ca')
  return {
    server,
    gatewayCa,
    gatewayPin: spkiPin(new x509.X509Certificate(gatewayCa)),
    clientCas: [workstation.pem, session.pem],
    issueWorkstation: (csrDer, { id, name }) =>
      issueClientCertificate({
        authority: workstation,
        csrDer,
        kind: 'workstation',
        id,
        commonName: name,
        now: clock(),
        notAfter: clock() + workstationDays * day,
      }),
    issueSession: (csrDer, { sessionId, notAfter }) =>
      issueClientCertificate({
        authority: session,
        csrDer,
        kind: 'session',
        id: sessionId,
        commonName: 'session',
        now: clock(),
        notAfter,
      }),
    issuerOf: (certificate) =>
      workstation.issued(certificate) ? 'workstation' : session.issued(certificate) ? 'session' : null,
  }
}

async function createServerCertificate(options: {
  dir: string
  serverNames: readonly string[]
  now: number
  gateway: Authority
}): Promise<void> {
  const keys = await generateKeyPair()
  const names = options.serverNames.map((value) => ({
    type: isIP(value) ? ('ip' as const) : ('dns' as const),
    value,
  }))
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [options.serverNames[0] ?? 'gateway'] }],
    issuer: options.gateway.certificate.subjectName.toJSON(),
    notBefore: new Date(options.now - day),
    notAfter: new Date(options.now + serverDays * day),
    publicKey: keys.publicKey,
    signingKey: options.gateway.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], true),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(options.gateway.certificate.publicKey),
    ],
  })
  await writePrivateKey(join(options.dir, 'server.key'), keys.privateKey)
  // With its CA, so that an enrolling workstation can hold the CA against the pin in its ticket.
  const chain = `${certificate.toString('pem')}\n${options.gateway.pem}`
  await writeFile(join(options.dir, 'server.pem'), chain, { flag: 'wx' })
}

function spkiPin(certificate: x509.X509Certificate): string {
  return createHash('sha256').update(new Uint8Array(certificate.publicKey.rawData)).digest('base64url')
}
