import { VigilError } from '../../../shared/errors/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { Certificate } from '../certificate.ts'
import { certificatePath, unfitness } from '../certificate-path.ts'
import type { Issuers } from '../issuers.ts'
import type { Revocation } from '../revocation/index.ts'

/** What can be said of a person's certificate before its key has signed anything. */
export interface CertificateStanding {
  /** Whether it could sign in one day. @throws VigilError `certificate-unsuitable` or `certificate-expired`. */
  mustBeFit(certificate: Certificate): void
  /** Whether it could sign in now. @throws VigilError as above, `certificate-untrusted`, `certificate-not-yet-valid` or `certificate-revoked`. */
  mustBeGood(certificate: Certificate, presented?: readonly Certificate[]): Promise<void>
  /** Whether a revocation list at hand names it; no responder is asked. */
  isOnList(certificate: Certificate): Promise<boolean>
}

export function createCertificateStanding(
  { clock }: { clock: Clock },
  deps: { issuers: Issuers; revocation: Pick<Revocation, 'ofIntermediate'> },
): CertificateStanding {
  const { issuers, revocation } = deps

  async function pathOf(certificate: Certificate, presented: readonly Certificate[] = []) {
    const intermediates = [...presented, ...(await issuers.intermediates())]
    return certificatePath(certificate, intermediates, await issuers.anchors(), clock())
  }

  /** The lists are asked in the same way for a person's certificate as for a CA's. */
  async function revoked(path: readonly Certificate[]): Promise<boolean> {
    const issuer = path[1]
    const [certificate] = path
    if (!certificate || !issuer) return false
    return (await revocation.ofIntermediate(certificate, issuer)) === 'revoked'
  }

  function mustBeFit(certificate: Certificate): void {
    const why = unfitness(certificate)
    if (why) throw new VigilError('certificate-unsuitable', { why })
    const { notAfter } = certificate
    if (clock() > notAfter) throw new VigilError('certificate-expired', { notAfter })
  }

  return {
    mustBeFit,
    async mustBeGood(certificate, presented) {
      mustBeFit(certificate)
      const { notBefore } = certificate
      if (clock() < notBefore) throw new VigilError('certificate-not-yet-valid', { notBefore })
      const path = await pathOf(certificate, presented)
      if (!path) throw new VigilError('certificate-untrusted')
      if (await revoked(path)) throw new VigilError('certificate-revoked')
    },
    async isOnList(certificate) {
      return revoked((await pathOf(certificate)) ?? [])
    },
  }
}
