import type { X509Certificate } from 'node:crypto'
import { certificatesIn, spkiPin } from '../channel/index.ts'

/** A gateway has one CA, and during a rotation two. */
const most = 4

/**
 * The CAs to trust from now on, PEM: of those that the gateway announces, each that is trusted already, and each whose key
 * one of these has certified (RFC 4210 4.4.1, "newWithOld"). What is announced no longer is dropped.
 * @returns null where nothing changes, or where nothing that is trusted now would remain or be followed.
 */
export function followingTrust(trusted: string, announced: readonly string[]): string | null {
  const known = new Map(read(trusted).map((ca) => [spkiPin(ca), ca]))
  const offered = read(announced.join('\n'))
  const isOurs = (candidate: X509Certificate) =>
    known.has(spkiPin(candidate)) ||
    offered.some(
      (link) => spkiPin(link) === spkiPin(candidate) && [...known.values()].some((ca) => signed(ca, link)),
    )
  const next = new Map<string, X509Certificate>()
  for (const candidate of offered) {
    // Roots alone; a link is the word for one, and no root itself.
    if (!candidate.ca || !signed(candidate, candidate) || !isOurs(candidate)) continue
    next.set(spkiPin(candidate), known.get(spkiPin(candidate)) ?? candidate)
  }
  const same = next.size === known.size && [...next.keys()].every((pin) => known.has(pin))
  if (same || next.size === 0 || next.size > most) return null
  return [...next.values()].map((ca) => ca.toString()).join('')
}

function signed(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.verify(issuer.publicKey)
}

/** What is not PEM is no CA. */
function read(pem: string): X509Certificate[] {
  try {
    return certificatesIn(pem)
  } catch {
    return []
  }
}
