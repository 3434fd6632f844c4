import { canonicalReport } from '../../shared/report/canonical.ts'
import type { ShownReport } from '../../shared/report/index.ts'

/** What tells a signed version and its certificate on paper, as lower-case hex in groups of eight. */
export interface Digests {
  document: string
  certificate: string
}

/** Of a version that is shown veiled, the document's is the gateway's to tell. */
export async function digestsOf({ document, certificate, veiled }: ShownReport): Promise<Digests> {
  const der = Uint8Array.from(atob(certificate), (character) => character.charCodeAt(0))
  const [text, key] = await Promise.all([
    veiled ? grouped(veiled.digest) : sha256(new TextEncoder().encode(canonicalReport(document))),
    sha256(der),
  ])
  return { document: text, certificate: key }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return grouped(hex)
}

const grouped = (hex: string) => hex.replace(/.{8}(?=.)/g, '$& ')
