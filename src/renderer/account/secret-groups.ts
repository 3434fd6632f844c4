/** A secret in groups of four, for reading off and typing. */
export function secretGroups(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? ''
}
