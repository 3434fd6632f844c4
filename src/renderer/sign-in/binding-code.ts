import { BindingCode } from '../../shared/api/index.ts'

/**
 * The code as it was given out, from what a person makes of it: Crockford's base32 reads lower case, O as 0, I and L
 * as 1, and nothing into spaces and hyphens. Null where it cannot be one.
 */
export function readBindingCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return BindingCode.safeParse(code).success ? code : null
}
