import type { SignInFailureRow } from '../../shared/api/administration.ts'
import type { Translate } from '../i18n/index.ts'

type Look = (keys: string[], options: { defaultValue: string }) => string

/** Why an attempt failed, as an officer reads it; a code without such a word in the sentence that the person saw. */
export function failureReason(t: Translate, { code }: Pick<SignInFailureRow, 'code'>): string {
  return (t as unknown as Look)([`administration.failure.reason.${code}`, `errors.${code}`], {
    defaultValue: code,
  })
}
