import { split } from 'shamir-secret-sharing'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { masterFingerprint } from '../protection/index.ts'
import { printShare } from './paper-share.ts'

/** What is printed on one paper. */
interface EscrowShare {
  number: number
  fingerprint: string
  lines: string[]
}

/**
 * Splits the master key into shares, of which `threshold` give it back and one fewer say nothing (Shamir). That it was done, and into
 * how many, is recorded; of the shares nothing. Of a security module, what its key wraps is split: the shares stand in for the module.
 * @throws RangeError where the numbers make no sense
 */
export async function escrow(
  { store, audit, clock, random }: Pick<Foundation, 'store' | 'audit' | 'clock' | 'random'>,
  masterKey: Buffer,
  { shares, threshold, actor }: { shares: number; threshold: number; actor: AuditEntry['actor'] },
): Promise<EscrowShare[]> {
  const makesSense = Number.isInteger(shares) && Number.isInteger(threshold)
  if (!makesSense || threshold < 2 || shares < threshold || shares > 20)
    throw new RangeError('of 2 to 20 shares, at least 2 and at most all must be needed')
  const fingerprint = masterFingerprint(masterKey)
  const parts = await split(new Uint8Array(masterKey), shares, threshold)
  await store.transaction(async (trx) => {
    await trx
      .insertInto('key_escrows')
      .values({
        id: Buffer.from(random(12)).toString('base64url'),
        fingerprint,
        shares,
        threshold,
        made_at: clock(),
      })
      .execute()
    await audit.append(trx, {
      action: 'key.escrowed',
      outcome: 'success',
      actor,
      object: { kind: 'key', id: `master:${fingerprint}` },
      detail: { fingerprint, shares, threshold },
    })
  })
  return parts.map((bytes, index) => {
    const number = index + 1
    return {
      number,
      fingerprint,
      lines: printShare({ number, threshold, fingerprint, bytes: Buffer.from(bytes) }),
    }
  })
}
