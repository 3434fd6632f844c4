import type { Translate } from '../../i18n/index.ts'

type Look = (key: string, options: { defaultValue: string }) => string

/** Why a delivery failed, in words; a receiver's own code (AE:207, http-503) as it is. */
export function deliveryErrorText(t: Translate, code: string | null): string {
  if (code === null) return ''
  return (t as unknown as Look)(`interfaces.error.${code}`, { defaultValue: code })
}

/** Why a message could not be taken in, in words. */
export function problemText(t: Translate, reason: string): string {
  return (t as unknown as Look)(`interfaces.problem.${reason}`, { defaultValue: reason })
}
