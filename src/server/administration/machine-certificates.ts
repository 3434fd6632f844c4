import type { CertificateRow } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import { workstationCertificates } from '../identity/index.ts'
import { type Pki, pkiCertificates } from '../pki/index.ts'

/** The certificates of workstations, and the gateway's own with its CAs. */
export async function machineCertificates(
  foundation: Foundation,
  { pki, dir }: { pki: Pki; dir: string },
): Promise<CertificateRow[]> {
  const own = await pkiCertificates(dir, pki.authorities.generations, foundation.clock())
  const issuers = new Map(
    own.filter(({ kind }) => kind === 'workstation-ca').map((row) => [row.generation, row.subject]),
  )
  const workstations = await workstationCertificates(foundation, issuers)
  return [...workstations, ...own.map(({ generation: _generation, use: _use, ...row }) => row)]
}
