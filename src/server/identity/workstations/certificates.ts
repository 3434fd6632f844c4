import type { CertificateRow } from '../../../shared/api/index.ts'
import type { Foundation } from '../../foundation.ts'
import { stateOf } from './workstations.ts'

const day = 86_400_000

/** The certificates of workstations as the officers' list shows them; `issuers` are the subjects of the workstation CAs. */
export async function workstationCertificates(
  { store, clock, policies }: Pick<Foundation, 'store' | 'clock' | 'policies'>,
  issuers: ReadonlyMap<number, string>,
): Promise<CertificateRow[]> {
  const rows = await store.db.selectFrom('workstations').selectAll().orderBy('enrolled_at').execute()
  const now = clock()
  const endsSoonMs = policies.current().workstation.renewBeforeDays * day
  return rows.flatMap((row) => {
    const state = (notAfter: number): CertificateRow['state'] => {
      if (stateOf(row) === 'revoked') return 'revoked'
      if (now >= notAfter) return 'expired'
      return now >= notAfter - endsSoonMs ? 'ends-soon' : 'good'
    }
    const rowOf = (
      fingerprint: string,
      { from, to, generation }: { from: number; to: number; generation: number },
    ): CertificateRow => ({
      kind: 'workstation',
      fingerprint,
      subject: `CN=${row.name}`,
      issuer: issuers.get(generation) ?? '',
      owner: row.name,
      notBefore: from,
      notAfter: to,
      state: state(to),
    })
    const current = rowOf(row.certificate_fingerprint, {
      from: row.certificate_issued_at ?? row.enrolled_at,
      to: row.certificate_expires_at,
      generation: row.certificate_generation,
    })
    if (row.next_fingerprint === null || row.next_expires_at === null) return [current]
    const next = rowOf(row.next_fingerprint, {
      from: row.next_issued_at ?? row.enrolled_at,
      to: row.next_expires_at,
      generation: row.next_generation ?? row.certificate_generation,
    })
    return [current, next]
  })
}
