import { canonicalAlertContent } from '../../shared/alert/canonical.ts'
import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs } from '../../shared/ipc/index.ts'
import type { SignedIn } from '../session/index.ts'
import type { TokenDriver } from '../tokens/index.ts'
import { checkSignature } from './check-signature.ts'

export { checkSignature, type TokenChoice } from './check-signature.ts'

/**
 * Confirms an alert as its second person (双人核对): what the window showed must be the alert as the gateway has it, and
 * that is what the token signs.
 * @throws VigilError `conflict` where the alert is another than was shown.
 */
export async function checkAlert(
  signedIn: SignedIn,
  tokens: TokenDriver,
  { alert: id, content, tokenId, certificateId, pin: typed }: IpcArgs<'alert.check'>,
): Promise<Record<string, never>> {
  const pin = Buffer.from(typed, 'utf8')
  try {
    const { alert } = await signedIn.call(api.alert, { params: { alert: id } })
    const canonical = canonicalAlertContent(alert)
    if (alert.id !== id || canonical !== canonicalAlertContent(content)) throw new VigilError('conflict')
    const { gatewayId } = signedIn.channel
    const choice = { tokenId, certificateId, pin }
    const body = await checkSignature(tokens, choice, { gatewayId, subject: id, canonical })
    await signedIn.call(api.checkAlert, { params: { alert: id }, body })
    return {}
  } finally {
    pin.fill(0)
  }
}
