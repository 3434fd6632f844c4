import { createHash } from 'node:crypto'
import { canonicalReport } from '../../shared/report/canonical.ts'
import type { ReportDocument } from '../../shared/report/index.ts'

/** The canonical form of a document and the SHA-256 of its UTF-8 bytes. @throws VigilError `bad-request` on broken Unicode. */
export function hashDocument(document: ReportDocument): { canonical: string; hash: Buffer } {
  const canonical = canonicalReport(document)
  return { canonical, hash: sha256(canonical) }
}

export function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest()
}
