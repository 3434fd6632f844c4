import type { Token, TokenCertificate } from '../../shared/ipc/index.ts'

/** One way to sign: a certificate of a token, or a token whose certificates show only after the PIN. */
export interface TokenChoice {
  key: string
  token: Token
  certificate: TokenCertificate | null
  /** Why it cannot be chosen; null where it can. */
  barred: 'locked' | 'empty' | NonNullable<TokenCertificate['unfit']> | null
}

export function choicesOf(tokens: readonly Token[]): TokenChoice[] {
  return tokens.flatMap((token): TokenChoice[] => {
    const locked = token.pin === 'locked' ? 'locked' : null
    if (token.certificates.length === 0) {
      const barred = locked ?? (token.kind === 'pkcs11' ? 'empty' : null)
      return [{ key: token.id, token, certificate: null, barred }]
    }
    return token.certificates.map((certificate) => ({
      key: `${token.id}\n${certificate.id}`,
      token,
      certificate,
      barred: locked ?? certificate.unfit,
    }))
  })
}

/** The choice that stands: what the person picked while it is still usable, else of the token used last, else the first usable one. */
export function standingChoice(
  choices: readonly TokenChoice[],
  picked: string | null,
  lastToken = '',
): TokenChoice | null {
  const usable = choices.filter((choice) => choice.barred === null)
  return (
    usable.find((choice) => choice.key === picked) ??
    usable.find((choice) => choice.token.id === lastToken) ??
    usable[0] ??
    null
  )
}

/** The usable choice `by` places further down the list, as far as it goes. */
export function neighbour(
  choices: readonly TokenChoice[],
  from: TokenChoice | null,
  by: 1 | -1,
): TokenChoice | null {
  const usable = choices.filter((choice) => choice.barred === null)
  const at = usable.findIndex((choice) => choice.key === from?.key)
  return usable[Math.max(0, Math.min(usable.length - 1, at + by))] ?? null
}

/** The part of a call's arguments that names the choice. */
export function choiceArguments(choice: TokenChoice): { tokenId: string; certificateId?: string } {
  return {
    tokenId: choice.token.id,
    ...(choice.certificate ? { certificateId: choice.certificate.id } : {}),
  }
}
