import { canonicalReport } from '../../shared/report/canonical.ts'
import type { SignedReport } from '../../shared/report/index.ts'

/** What tells a signed version and its certificate on paper, as lower-case hex in groups of eight. */
export interface Digests {
  document: string
  certificate: string
}

export async function digestsOf({ document, certificate }: SignedReport): Promise<Digests> {
  const der = Uint8Array.from(atob(certificate), (character) => character.charCodeAt(0))
  const [text, key] = await Promise.all([
    sha256(new TextEncoder().encode(canonicalReport(document))),
    sha256(der),
  ])
  return { document: text, certificate: key }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/.{8}(?=.)/g, '$& ')
}
