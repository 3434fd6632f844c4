import type { Foundation } from '../../../src/server/foundation.ts'
import { studyIndex } from '../../../src/server/orders/index.ts'
import { hashDocument } from '../../../src/server/reports/document-hash.ts'
import { reportIdOf } from '../../../src/server/reports/standing.ts'
import { documentPlace } from '../../../src/server/reports/versions.ts'
import type { ReportDocument } from '../../../src/shared/report/index.ts'

export interface DocumentFacts {
  study: string
  findings: string
  impression?: string
  signedAt: number
  version?: number
  author?: { accountId: string; name: string }
  exam?: Partial<ReportDocument['exam']>
  decisions?: ReportDocument['decisions']
  patientName?: string
}

/** Accounts that may stand as authors, with no way to sign in. */
export async function addAuthors({ store, protection, clock }: Foundation, people: Record<string, string>) {
  for (const [id, name] of Object.entries(people))
    await store.db
      .insertInto('accounts')
      .values({
        id,
        login_index: protection.blindIndex('login', id),
        sealed_login: protection.seal({ table: 'accounts', column: 'sealed_login', row: id }, id),
        sealed_name: protection.seal({ table: 'accounts', column: 'sealed_name', row: id }, name),
        roles: '["radiologist"]',
        staff_index: null,
        sealed_staff_number: null,
        clearance: 'general',
        emergency: 0,
        disabled: 0,
        created_at: clock(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
}

/**
 * Signed reports as sign-off leaves them, less the signature: what looks through many of them does not verify it.
 * @returns the ids of the versions, in order
 */
export async function writeSigned(
  { store, protection, gatewayId }: Foundation,
  documents: readonly DocumentFacts[],
): Promise<string[]> {
  return store.db.transaction().execute(async (trx) => {
    const ids: string[] = []
    for (const facts of documents) {
      const { study, signedAt, version = 1, author = { accountId: 'li', name: '李医师' } } = facts
      const reportId = reportIdOf(protection, study)
      const id = `v-${study.replaceAll('.', '-')}-${version}`
      const document: ReportDocument = {
        schema: 'vigil/report/v1',
        reportId,
        version,
        previous: version === 1 ? null : '0'.repeat(64),
        gatewayId,
        studyInstanceUid: study,
        accessionNumber: `A${study}`,
        patientId: `P${study}`,
        patientName: facts.patientName ?? '张伟',
        author,
        preparedAt: signedAt,
        dictionaryVersion: 'default-1',
        exam: {
          modality: 'CT',
          bodyPart: 'CHEST',
          itemName: '胸部CT平扫',
          patientClass: 'inpatient',
          sex: 'M',
          age: '066Y',
          ...facts.exam,
        },
        text: { findings: facts.findings, impression: facts.impression ?? '' },
        amendment: version === 1 ? null : { kind: 'correction', reason: '更正' },
        decisions: facts.decisions ?? [],
        standing: [],
      }
      const { canonical, hash } = hashDocument(document)
      await trx
        .insertInto('reports')
        .values({
          id: reportId,
          study_index: studyIndex(protection, study),
          sealed_study: protection.seal({ table: 'reports', column: 'sealed_study', row: reportId }, study),
          status: 'signed',
          created_at: signedAt,
          updated_at: signedAt,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
      await trx
        .insertInto('report_versions')
        .values({
          id,
          report_id: reportId,
          version,
          written_by: null,
          author_id: author.accountId,
          sealed_document: protection.seal(documentPlace(id), canonical),
          document_hash: hash.toString('hex'),
          signature: '',
          algorithm: 'ECDSA-SHA256',
          sealed_certificate: '',
          signed_at: signedAt,
        })
        .execute()
      ids.push(id)
    }
    return ids
  })
}
