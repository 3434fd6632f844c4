import type { Transaction } from 'kysely'
import type { CheckSignature } from '../../../shared/api/index.ts'
import type { AuditEntry, AuditTrail } from '../../audit/index.ts'
import type { Schema } from '../../store/index.ts'

/**
 * Whether the second look at alerts (双人核对) was signed by the account's own token, with a certificate that is good now.
 * See AlertCheckFacts for what is signed. @throws VigilError
 */
export type VerifyAlertCheck = (
  check: CheckSignature & { accountId: string; subject: string; contentHash: Uint8Array },
) => Promise<void>

/** Keeps the proven signature where it can be looked up years later: in the audit, beside the event that it stands for. */
export async function noteCheckSignature(
  audit: Pick<AuditTrail, 'append'>,
  trx: Transaction<Schema>,
  alertId: string,
  { contentHash, signature }: { contentHash: string; signature: CheckSignature },
  actor: AuditEntry['actor'],
): Promise<void> {
  await audit.append(trx, {
    action: 'alert.check-signature',
    outcome: 'success',
    actor,
    object: { kind: 'alert', id: alertId },
    detail: { contentHash, ...signature },
  })
}
