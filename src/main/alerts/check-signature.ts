import { createHash } from 'node:crypto'
import type { CheckSignature } from '../../shared/api/index.ts'
import { alertCheckStatement } from '../../shared/signing/statement.ts'
import type { SignRequest, TokenDriver } from '../tokens/index.ts'

/** Which key, and its PIN; who made the buffer wipes it. */
export type TokenChoice = Pick<SignRequest, 'tokenId' | 'certificateId' | 'pin'>

/** A second look (双人核对), signed: `canonical` is what was looked at, `subject` the alert's id or the report's. */
export async function checkSignature(
  tokens: TokenDriver,
  choice: TokenChoice,
  { gatewayId, subject, canonical }: { gatewayId: string; subject: string; canonical: string },
): Promise<CheckSignature> {
  const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest()
  const statement = (certificate: Uint8Array) =>
    alertCheckStatement({
      gatewayId,
      subject,
      contentHash: sha256(canonical),
      certificateHash: sha256(certificate),
    })
  const { signature, algorithm, certificates } = await tokens.sign({ ...choice, statement })
  return {
    signature: Buffer.from(signature).toString('base64'),
    algorithm,
    certificate: Buffer.from(certificates[0] ?? []).toString('base64'),
  }
}
