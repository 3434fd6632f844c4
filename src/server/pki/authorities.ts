import { createHash, type X509Certificate } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../shared/time/clock.ts'
import { type Authority, createAuthority, readAuthority } from './authority.ts'
import { fileName } from './files.ts'
import { type AuthorityName, type Generations, initialGenerations, type Line } from './generations.ts'
import { type IssuedCertificate, issueClientCertificate } from './issue.ts'
import { readLink } from './link.ts'
import {
  createServerCertificate,
  readServerCertificate,
  type ServerCertificate,
} from './server-certificate.ts'
import * as x509 from './x509.ts'

const day = 86_400_000

export type Issuer = 'workstation' | 'session'

/** Which of the client CAs issued a certificate, and which generation of it. */
export interface IssuedBy {
  kind: Issuer
  generation: number
}

/**
 * The gateway's own certificates and the CAs that it issues clients' certificates from, as they are now: a rotation
 * changes each of them while the gateway runs.
 */
export interface Authorities {
  readonly generations: Generations
  readonly server: ServerCertificate
  /** PEM of the CA that the server certificate is of. */
  readonly gatewayCa: string
  /** base64url SHA-256 of that CA's SubjectPublicKeyInfo: goes into an enrolment ticket. */
  readonly gatewayPin: string
  /** PEM of every CA that the gateway is, or will be, known by, each successor with its predecessor's word for it. */
  readonly gatewayCas: string[]
  /** The newest gateway CA among these pins; 0 where none is ours. */
  newestOf(pins: readonly string[]): number
  /** PEM of the CAs whose certificates may open a connection to the API listener. */
  readonly clientCas: string[]
  /** @throws VigilError `bad-request` for a request that is malformed, not P-256 or not self-signed right. */
  issueWorkstation(
    csrDer: Uint8Array,
    workstation: { id: string; name: string; days?: number },
  ): Promise<IssuedCertificate>
  /** Until `notAfter` (epoch ms). @throws as above. */
  issueSession(
    csrDer: Uint8Array,
    session: { sessionId: string; notAfter: number },
  ): Promise<IssuedCertificate>
  /** Which of the client CAs signed this certificate; null where none that is still accepted did. */
  issuerOf(certificate: X509Certificate): Issuer | null
  issuedBy(certificate: X509Certificate): IssuedBy | null
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
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const now = options.clock()
  const make = (name: AuthorityName) => createGeneration({ ...options, name, generation: 1, now })
  const gateway = await make('gateway-ca')
  await make('workstation-ca')
  await make('session-ca')
  await createServerCertificate({ ...options, generation: 1, now, gateway })
}

const titles = {
  'gateway-ca': 'gateway CA',
  'workstation-ca': 'workstation CA',
  'session-ca': 'session CA',
} as const

/** Makes one generation of a CA. @throws EEXIST where its files are there. */
export function createGeneration(options: {
  dir: string
  name: AuthorityName
  generation: number
  gatewayId: string
  now: number
}): Promise<Authority> {
  const { name, generation, gatewayId } = options
  return createAuthority({
    dir: options.dir,
    name: fileName(name, generation),
    commonName: `Vigil ${titles[name]} ${gatewayId}${generation === 1 ? '' : ` ${generation}`}`,
    now: options.now,
  })
}

/**
 * Reads what is in use of the PKI's directory. The gateway CA's keys are not touched: they are for issuing server
 * certificates alone.
 * @throws Error naming the file that is missing, too widely readable or wrong.
 */
export async function loadAuthorities(
  dir: string,
  { clock, generations = initialGenerations }: { clock: Clock; generations?: Generations },
): Promise<Authorities> {
  const gateway = generations['gateway-ca']
  const gatewayCas = await readGatewayCas(dir, gateway)
  const gatewayCa = gatewayCas.get(gateway.issuing)?.pem ?? ''
  const workstation = await readLine(dir, 'workstation-ca', generations['workstation-ca'])
  const session = await readLine(dir, 'session-ca', generations['session-ca'])
  const known = [...gatewayCas].map(([generation, { pem }]) => ({ generation, pin: spkiPin(pem) }))

  function issuedBy(certificate: X509Certificate): IssuedBy | null {
    for (const [kind, { accepted }] of [
      ['workstation', workstation],
      ['session', session],
    ] as const) {
      for (const [generation, authority] of accepted) {
        if (authority.issued(certificate)) return { kind, generation }
      }
    }
    return null
  }

  return {
    generations,
    server: await readServerCertificate(dir, generations.server),
    gatewayCa,
    gatewayPin: spkiPin(gatewayCa),
    gatewayCas: [...gatewayCas.values()].flatMap(({ pem, link }) => (link ? [pem, link] : [pem])),
    newestOf: (pins) =>
      Math.max(0, ...known.filter(({ pin }) => pins.includes(pin)).map(({ generation }) => generation)),
    clientCas: [workstation, session].flatMap(({ accepted }) => [...accepted.values()].map(({ pem }) => pem)),
    issueWorkstation: (csrDer, { id, name, days = 365 }) =>
      issueClientCertificate({
        ...workstation.issuing,
        csrDer,
        kind: 'workstation',
        id,
        commonName: name,
        now: clock(),
        notAfter: clock() + days * day,
      }),
    issueSession: (csrDer, { sessionId, notAfter }) =>
      issueClientCertificate({
        ...session.issuing,
        csrDer,
        kind: 'session',
        id: sessionId,
        commonName: 'session',
        now: clock(),
        notAfter,
      }),
    issuerOf: (certificate) => issuedBy(certificate)?.kind ?? null,
    issuedBy,
  }
}

async function readGatewayCas(
  dir: string,
  { trusted }: Line,
): Promise<Map<number, { pem: string; link: string | null }>> {
  const cas = new Map<number, { pem: string; link: string | null }>()
  for (const generation of trusted) {
    const pem = await readFile(join(dir, `${fileName('gateway-ca', generation)}.pem`), 'utf8')
    cas.set(generation, { pem, link: generation === 1 ? null : await readLink(dir, generation) })
  }
  return cas
}

async function readLine(
  dir: string,
  name: AuthorityName,
  { issuing, trusted }: Line,
): Promise<{ issuing: { authority: Authority; generation: number }; accepted: Map<number, Authority> }> {
  const accepted = new Map<number, Authority>()
  for (const generation of trusted)
    accepted.set(generation, await readAuthority(dir, fileName(name, generation)))
  const authority = accepted.get(issuing)
  if (!authority) throw new Error(`${name}: generation ${issuing} issues and is not accepted`)
  return { issuing: { authority, generation: issuing }, accepted }
}

function spkiPin(pem: string): string {
  const certificate = new x509.X509Certificate(pem)
  return createHash('sha256').update(new Uint8Array(certificate.publicKey.rawData)).digest('base64url')
}
