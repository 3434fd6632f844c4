import { createPublicKey, type X509Certificate } from 'node:crypto'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation, Principal } from '../../foundation.ts'
import { createRateLimit } from '../../http/index.ts'
import { type Authorities, x509 } from '../../pki/index.ts'

const day = 86_400_000

type WorkstationPrincipal = Extract<Principal, { kind: 'workstation' }>

/** The certificates of workstations that are enrolled: when they are to be renewed, and their renewal. */
export interface Renewal {
  /** What the status says of the certificate that was presented, and of the CAs that the workstation keeps. */
  status(
    principal: WorkstationPrincipal,
    presented: X509Certificate,
    trusts: readonly string[],
  ): Promise<{ renewCertificate: boolean; gatewayCas: string[] }>
  /**
   * A certificate for another key. The one before stays good until the new one is first used; a second renewal takes the
   * place of one that was not used.
   * @throws VigilError `bad-request` where the request proves no new P-256 key of this workstation, `too-many-requests`.
   */
  renew(
    request: Uint8Array,
    by: { principal: WorkstationPrincipal; presented: X509Certificate; actor: AuditEntry['actor'] },
  ): Promise<{ certificate: string; issuer: string }>
}

export function createRenewal(
  { store, audit, clock, policies }: Pick<Foundation, 'store' | 'audit' | 'clock' | 'policies'>,
  { authorities }: { authorities: Authorities },
): Renewal {
  const rate = createRateLimit({ burst: 5, everyMs: 60_000, keys: 10_000, clock })
  /** What each workstation was last written to keep; saves the question at every status. */
  const keeps = new Map<string, number>()

  function isDue(presented: X509Certificate): boolean {
    const issued = authorities.issuedBy(presented)
    if (issued?.generation !== authorities.generations['workstation-ca'].issuing) return true
    const notAfter = Date.parse(presented.validTo)
    const beforeMs = policies.current().workstation.renewBeforeDays * day
    // A certificate of few days would otherwise be renewed as soon as it is made.
    const third = (notAfter - Date.parse(presented.validFrom)) / 3
    return clock() >= notAfter - Math.min(beforeMs, third)
  }

  async function noteTrust(id: string, trusts: readonly string[]): Promise<void> {
    const newest = authorities.newestOf(trusts)
    if (newest === 0 || keeps.get(id) === newest) return
    await store.db
      .updateTable('workstations')
      .set({ gateway_ca_generation: newest })
      .where('id', '=', id)
      .execute()
    keeps.set(id, newest)
  }

  return {
    async status({ workstationId }, presented, trusts) {
      await noteTrust(workstationId, trusts)
      return { renewCertificate: isDue(presented), gatewayCas: authorities.gatewayCas }
    },

    async renew(request, { principal, presented, actor }) {
      const { workstationId: id, workstationName: name } = principal
      rate.take(id)
      mustBeNewRequestOf(id, request, presented)
      const { certificateDays } = policies.current().workstation
      const issued = await authorities.issueWorkstation(request, { id, name, days: certificateDays })
      await store.transaction(async (trx) => {
        const updated = await trx
          .updateTable('workstations')
          .set({
            next_fingerprint: issued.fingerprint,
            next_expires_at: issued.notAfter,
            next_issued_at: clock(),
            next_generation: issued.generation,
          })
          .where('id', '=', id)
          // Whoever was suspended, revoked or overtaken by a newer certificate meanwhile gets none.
          .where('certificate_fingerprint', '=', fingerprintOf(presented))
          .where('revoked_at', 'is', null)
          .where('suspended_at', 'is', null)
          .executeTakeFirst()
        if (updated.numUpdatedRows !== 1n) throw new VigilError('workstation-unknown')
        await audit.append(trx, {
          action: 'workstation.renewed',
          outcome: 'success',
          actor,
          object: { kind: 'workstation', id },
          detail: { certificate: issued.fingerprint, expiresAt: issued.notAfter },
        })
      })
      return { certificate: issued.pem, issuer: issued.issuer }
    },
  }
}

/** The request names this workstation (so that another's, overheard, is worth nothing here) and brings a new key. */
function mustBeNewRequestOf(id: string, der: Uint8Array, presented: X509Certificate): void {
  const refuse = (why: string) => new VigilError('bad-request', { field: 'csr', why })
  try {
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(der))
    if (request.subjectName.getField('CN').join() !== id) throw refuse('subject')
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
    if (key.equals(presented.publicKey)) throw refuse('key in use')
  } catch (error) {
    throw error instanceof VigilError ? error : refuse('malformed')
  }
}

function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase()
}
