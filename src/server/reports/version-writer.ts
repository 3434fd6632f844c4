import type { Transaction } from 'kysely'
import type { SignedReport } from '../../shared/report/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../orders/index.ts'
import type { Schema } from '../store/index.ts'
import type { KeptKeyImages } from './key-images.ts'
import { type Claims, ensureReport } from './standing.ts'
import { certificatePlace, documentPlace } from './versions.ts'

/** Writes a signed version, ends its draft and audits it, in the transaction that signs. */
export function createVersionWriter(
  { protection, audit }: Pick<Foundation, 'protection' | 'audit'>,
  { keyImages, claims }: { keyImages: KeptKeyImages; claims: Claims },
) {
  return async (
    trx: Transaction<Schema>,
    signed: {
      report: SignedReport
      canonical: string
      hash: Buffer
      reportVersionId: string
      studyInstanceUid: string
    },
    { orderDamaged, ...counts }: { findings: number; withdrawn: number; orderDamaged: boolean },
    actor: AuditEntry['actor'],
  ): Promise<void> => {
    const { report, canonical, hash, reportVersionId: id, studyInstanceUid } = signed
    const { document, signedAt, signature, algorithm, certificate } = report
    const { reportId } = document
    await ensureReport(trx, protection, {
      id: reportId,
      studyInstanceUid,
      studyIndex: studyIndex(protection, studyInstanceUid),
      at: signedAt,
    })
    await trx
      .insertInto('report_versions')
      .values({
        id,
        report_id: reportId,
        version: document.version,
        author_id: document.author.accountId,
        written_by: document.writtenBy?.accountId ?? null,
        sealed_document: protection.seal(documentPlace(id), canonical),
        document_hash: hash.toString('hex'),
        signature,
        algorithm,
        sealed_certificate: protection.seal(certificatePlace(id), certificate),
        signed_at: signedAt,
      })
      .execute()
    await keyImages.signed(trx, reportId, document.version, document.keyImages ?? [])
    await trx.deleteFrom('report_drafts').where('report_id', '=', reportId).execute()
    await claims.follow(trx, { studyInstanceUid, holder: null }, actor)
    await trx
      .updateTable('reports')
      .set({ status: 'signed', updated_at: signedAt })
      .where('id', '=', reportId)
      .execute()
    await audit.append(trx, {
      action: 'report.signed',
      outcome: 'success',
      actor,
      object: { kind: 'report', id: reportId },
      about: [
        { kind: 'study', id: studyInstanceUid },
        ...(document.patientId ? [{ kind: 'patient' as const, id: document.patientId }] : []),
        ...(document.accessionNumber ? [{ kind: 'order' as const, id: document.accessionNumber }] : []),
      ],
      detail: {
        version: document.version,
        ...(document.amendment ? { amendment: document.amendment.kind } : {}),
        ...(document.writtenBy ? { writtenBy: document.writtenBy.accountId } : {}),
        ...(document.keyImages ? { keyImages: document.keyImages.length } : {}),
        documentHash: hash.toString('hex'),
        dismissed: document.decisions.filter(({ action }) => action === 'dismiss').length,
        ...counts,
        ...(orderDamaged ? { orderDamaged } : {}),
      },
    })
  }
}
