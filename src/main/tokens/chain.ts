import type { X509Certificate } from 'node:crypto'

/** The signer's certificate and the intermediates that lead on from it, at most five, roots left out (RFC 5280 6.1). */
export function chainOf(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf]
  for (let last = leaf; chain.length < 5; ) {
    const issuer = others.find(
      (other) => other.ca && !chain.includes(other) && last.checkIssued(other) && !other.checkIssued(other),
    )
    if (!issuer) break
    chain.push(issuer)
    last = issuer
  }
  return chain
}
