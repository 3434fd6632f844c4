import type { CertificateRow } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Handlers } from '../http/index.ts'
import type { Accounts, CertificateStanding, IssuerCertificate } from '../identity/index.ts'

const endsSoonMs = 30 * 86_400_000

/** Every certificate, and revocation list, that the product depends on. */
export function certificateHandlers(
  { clock }: { clock: Clock },
  deps: {
    accounts: Accounts
    standing: CertificateStanding
    /** The hospital's user CAs. */
    userCas(): Promise<readonly IssuerCertificate[]>
    /** The rest: revocation lists, workstations, the gateway's own. */
    others(): Promise<CertificateRow[]>
  },
): Handlers<'certificates'> {
  const { accounts, standing, userCas, others } = deps

  function stateBy({ notAfter }: { notAfter: number }): CertificateRow['state'] {
    const now = clock()
    if (now > notAfter) return 'expired'
    return now > notAfter - endsSoonMs ? 'ends-soon' : 'good'
  }

  async function people(): Promise<CertificateRow[]> {
    const names = await accounts.displayNames()
    const rows: CertificateRow[] = []
    for (const { fingerprint, accountId, revoked, certificate } of await accounts.boundCertificates()) {
      const gone = revoked || (certificate !== null && (await standing.isOnList(certificate)))
      rows.push({
        kind: 'person',
        fingerprint,
        subject: certificate?.subject ?? '',
        issuer: certificate?.openssl.issuer ?? '',
        owner: names.get(accountId) ?? '',
        notBefore: certificate?.notBefore ?? 0,
        notAfter: certificate?.notAfter ?? 0,
        state: gone ? 'revoked' : certificate ? stateBy(certificate) : 'unknown',
      })
    }
    return rows
  }

  return {
    async certificates() {
      const cas = (await userCas()).map((certificate) => ({
        kind: 'user-ca' as const,
        fingerprint: certificate.fingerprint,
        subject: certificate.subject,
        issuer: certificate.openssl.issuer,
        owner: '',
        notBefore: certificate.notBefore,
        notAfter: certificate.notAfter,
        state: stateBy(certificate),
      }))
      return [...(await people()), ...cas, ...(await others())]
    },
  }
}
