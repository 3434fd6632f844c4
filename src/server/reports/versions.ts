import { ReportDocument, SignedReport } from '../../shared/report/index.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import { hashDocument } from './document-hash.ts'
import { signatureStands } from './stored-signature.ts'

type VersionRow = Schema['report_versions']

const place = (column: string, row: string): Place => ({ table: 'report_versions', column, row })
export const documentPlace = (row: string): Place => place('sealed_document', row)
export const certificatePlace = (row: string): Place => place('sealed_certificate', row)

/**
 * The signed versions of a report, oldest first, each proven: ciphertext, hash, link to the version before, the columns
 * beside it, and the signature itself.
 * @throws IntegrityError naming the first value that does not hold.
 */
export async function readVersions(
  queries: Queries,
  protection: Protection,
  reportId: string,
): Promise<SignedReport[]> {
  const rows = await queries
    .selectFrom('report_versions')
    .selectAll()
    .where('report_id', '=', reportId)
    .orderBy('version')
    .execute()
  let previous: string | null = null
  return rows.map((row, index) => {
    const report = provenVersion(row, protection)
    if (report.document.version !== index + 1 || row.version !== index + 1)
      throw new IntegrityError(place('version', row.id))
    if (report.document.previous !== previous) throw new IntegrityError(place('document_hash', row.id))
    previous = row.document_hash
    return report
  })
}

/** One version, proven by itself. @throws IntegrityError naming the value that does not hold. */
export function provenVersion(row: VersionRow, protection: Protection): SignedReport {
  const stored = protection.open(documentPlace(row.id), row.sealed_document)
  const document = ReportDocument.parse(JSON.parse(stored))
  const { canonical, hash } = hashDocument(document)
  if (canonical !== stored || hash.toString('hex') !== row.document_hash)
    throw new IntegrityError(place('document_hash', row.id))
  if (document.reportId !== row.report_id) throw new IntegrityError(place('report_id', row.id))
  if (document.author.accountId !== row.author_id) throw new IntegrityError(place('author_id', row.id))
  if ((document.writtenBy?.accountId ?? null) !== row.written_by)
    throw new IntegrityError(place('written_by', row.id))
  const report = SignedReport.parse({
    document,
    signature: row.signature,
    algorithm: row.algorithm,
    certificate: protection.open(certificatePlace(row.id), row.sealed_certificate),
    signedAt: row.signed_at,
  })
  if (!signatureStands(report, document.gatewayId, hash)) throw new IntegrityError(place('signature', row.id))
  return report
}
