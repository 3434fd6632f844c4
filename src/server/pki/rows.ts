import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CertificateRow } from '../../shared/api/index.ts'
import { fileName, generationsOnDisk } from './files.ts'
import { authorityNames, type Generations } from './generations.ts'
import { derFingerprint } from './issue.ts'
import { serverRenewBeforeMs } from './server-certificate.ts'

const caEndsSoonMs = 365 * 86_400_000

/** A certificate of the gateway's own, as the officers' list shows it, and which generation it is. */
export type PkiCertificate = CertificateRow & {
  generation: number
  use: 'in use' | 'accepted' | 'announced' | 'past'
}

/** Every generation of the gateway's own certificates that is on disk; those no longer accepted count as revoked. */
export async function pkiCertificates(
  dir: string,
  generations: Generations,
  now: number,
): Promise<PkiCertificate[]> {
  const rows: PkiCertificate[] = []
  const add = async (
    kind: CertificateRow['kind'],
    name: string,
    use: (n: number) => PkiCertificate['use'],
  ) => {
    for (const generation of await generationsOnDisk(dir, name)) {
      const pem = await readFile(join(dir, `${fileName(name, generation)}.pem`), 'utf8').catch(() => null)
      // A step that was interrupted between its two files.
      if (pem === null) continue
      const endsSoonMs = kind === 'gateway-server' ? serverRenewBeforeMs : caEndsSoonMs
      rows.push(rowOf(new X509Certificate(pem), { kind, generation, use: use(generation), now, endsSoonMs }))
    }
  }
  await add('gateway-server', 'server', (n) => (n === generations.server ? 'in use' : 'past'))
  for (const name of authorityNames) {
    const { issuing, trusted } = generations[name]
    await add(name, name, (n) => {
      if (n === issuing) return 'in use'
      if (!trusted.includes(n)) return 'past'
      return n > issuing ? 'announced' : 'accepted'
    })
  }
  return rows
}

function rowOf(
  certificate: X509Certificate,
  about: Pick<PkiCertificate, 'kind' | 'generation' | 'use'> & { now: number; endsSoonMs: number },
): PkiCertificate {
  const { kind, generation, use, now, endsSoonMs } = about
  const notAfter = Date.parse(certificate.validTo)
  const state =
    use === 'past'
      ? 'revoked'
      : now >= notAfter
        ? 'expired'
        : now >= notAfter - endsSoonMs
          ? 'ends-soon'
          : 'good'
  return {
    kind,
    fingerprint: derFingerprint(certificate.raw),
    subject: certificate.subject,
    issuer: certificate.issuer,
    owner: '',
    notBefore: Date.parse(certificate.validFrom),
    notAfter,
    state,
    generation,
    use,
  }
}
