import type { Alert } from '../../shared/alert/index.ts'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { ReportDocument, ReportText, SignedReport } from '../../shared/report/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Critical } from '../critical/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { examFacts, type Orders, studyIndex } from '../orders/index.ts'
import { checkDecisions } from './decisions.ts'
import { hashDocument } from './document-hash.ts'
import { createIssuedDocuments } from './issued-documents.ts'
import { ensureReport, type Held, heldByOther, reportIdOf, standingOf } from './standing.ts'
import { documentPlace, readVersions } from './versions.ts'

/** Checks a report signature against the person's certificate: chain, validity, revocation, whose it is. @throws VigilError */
export type VerifyReportSignature = (input: {
  accountId: string
  documentHash: Uint8Array
  /** base64 DER */
  certificate: string
  /** base64 */
  signature: string
  algorithm: SignedReport['algorithm']
}) => Promise<void>

/** What a report is about, as known at this moment. */
interface Exam {
  study: StudySummary
  order: Order | null
}

export function createSignOff(deps: {
  foundation: Foundation
  archive: Archive
  orders: Orders
  critical: Critical
  verifyReportSignature: VerifyReportSignature
  /** The refusal that names who holds the draft. */
  heldError: (held: Held) => Promise<VigilError>
}) {
  const { foundation, archive, orders, critical, verifyReportSignature, heldError } = deps
  const { store, protection, audit, clock, random, gatewayId } = foundation
  const issued = createIssuedDocuments(clock)

  /** The authoritative findings of the text, and the document to decide on and sign. */
  async function prepare(
    studyInstanceUid: string,
    text: ReportText,
    author: SessionPrincipal,
  ): Promise<PreparedSignOff> {
    if (text.findings.trim() === '' && text.impression.trim() === '') throw new VigilError('report-empty')
    const exam = await examOf(studyInstanceUid)
    const preparedAt = clock()
    const document = await draw(exam, text, author, preparedAt)
    const { canonical } = hashDocument(document)
    issued.issue(author.accountId, document.reportId, canonical, preparedAt)
    return {
      findings: critical.analyse(text, document.exam),
      document,
      earlier: [],
      standing: [],
      recipients: [],
      check: 'none',
    }
  }

  /** Signs: version, alerts, outbox, audit and the end of the draft in one transaction, or nothing at all. */
  async function sign(
    studyInstanceUid: string,
    signed: Omit<SignedReport, 'signedAt'>,
    author: SessionPrincipal,
    actor: AuditEntry['actor'],
  ): Promise<{ report: SignedReport; alerts: Alert[] }> {
    const { document, ...signature } = signed
    const before = await repeated(studyInstanceUid, signed, author)
    if (before) return before
    const exam = await examOf(studyInstanceUid)
    const asPrepared = await draw(exam, document.text, author, document.preparedAt)
    const undecided = hashDocument({ ...document, decisions: [], standing: [] }).canonical
    if (
      undecided !== hashDocument(asPrepared).canonical ||
      !issued.isIssued(author.accountId, document.reportId, undecided)
    )
      throw new VigilError('report-changed')

    const findings = critical.analyse(document.text, document.exam)
    checkDecisions(document, findings, critical.dictionaries.inForce().dictionary)
    const { canonical, hash } = hashDocument(document)
    await verifyReportSignature({ accountId: author.accountId, documentHash: hash, ...signature })

    const report: SignedReport = { document, ...signature, signedAt: clock() }
    const versionId = Buffer.from(random(12)).toString('base64url')
    const outcome = await store.transaction(async (trx) => {
      const standing = await standingOf(trx, document.reportId)
      const held = heldByOther(standing, author.accountId)
      if (held) return held
      if (standing.lastVersion) throw new VigilError('report-already-signed')
      await ensureReport(trx, protection, {
        id: document.reportId,
        studyInstanceUid,
        studyIndex: studyIndex(protection, studyInstanceUid),
        at: report.signedAt,
      })
      await trx
        .insertInto('report_versions')
        .values({
          id: versionId,
          report_id: document.reportId,
          version: document.version,
          author_id: author.accountId,
          sealed_document: protection.seal(documentPlace(versionId), canonical),
          document_hash: hash.toString('hex'),
          ...signature,
          signed_at: report.signedAt,
        })
        .execute()
      await trx.deleteFrom('report_drafts').where('report_id', '=', document.reportId).execute()
      await trx
        .updateTable('reports')
        .set({ status: 'signed', updated_at: report.signedAt })
        .where('id', '=', document.reportId)
        .execute()
      await audit.append(trx, {
        action: 'report.signed',
        outcome: 'success',
        actor,
        object: { kind: 'report', id: document.reportId },
        detail: {
          version: document.version,
          documentHash: hash.toString('hex'),
          findings: findings.length,
          dismissed: document.decisions.filter((decision) => decision.action === 'dismiss').length,
        },
      })
      const facts = { document, findings, ...exam, signedAt: report.signedAt }
      return { alerts: await critical.raise(trx, facts, versionId) }
    })
    if ('heldBy' in outcome) throw await heldError(outcome)
    issued.withdraw(author.accountId, document.reportId)
    critical.wake()
    return { report, alerts: outcome.alerts }
  }

  /** The answer to a sign-off that was committed, but whose answer was lost on the way: the same again. */
  async function repeated(
    studyInstanceUid: string,
    signed: Omit<SignedReport, 'signedAt'>,
    author: SessionPrincipal,
  ): Promise<{ report: SignedReport; alerts: Alert[] } | null> {
    const versions = await readVersions(store.db, protection, reportIdOf(protection, studyInstanceUid))
    const report = versions.find(({ signature }) => signature === signed.signature)
    if (report?.document.author.accountId !== author.accountId) return null
    if (hashDocument(report.document).canonical !== hashDocument(signed.document).canonical) return null
    return { report, alerts: await critical.alertsOf(studyInstanceUid, author.accountId) }
  }

  async function examOf(studyInstanceUid: string): Promise<Exam> {
    const study = await archive.study(studyInstanceUid)
    return { study, order: (await orders.ofStudy(study))?.order ?? null }
  }

  /** The document that the gateway would hand out now. */
  async function draw(
    { study, order }: Exam,
    text: ReportText,
    author: SessionPrincipal,
    preparedAt: number,
  ): Promise<ReportDocument> {
    const reportId = reportIdOf(protection, study.studyInstanceUid)
    const standing = await standingOf(store.db, reportId)
    if (standing.lastVersion) throw new VigilError('report-already-signed')
    const held = heldByOther(standing, author.accountId)
    if (held) throw await heldError(held)
    const facts = examFacts(order, study)
    return {
      schema: 'vigil/report/v1',
      reportId,
      version: 1,
      previous: null,
      gatewayId,
      studyInstanceUid: study.studyInstanceUid,
      accessionNumber: order?.accessionNumber ?? study.accessionNumber,
      patientId: facts.patientId,
      patientName: facts.patientName,
      author: { accountId: author.accountId, name: author.displayName },
      preparedAt,
      dictionaryVersion: critical.dictionaries.inForce().dictionary.version,
      exam: {
        modality: facts.modality,
        bodyPart: facts.bodyPart,
        itemName: facts.itemName,
        patientClass: order?.patientClass ?? '',
        sex: facts.sex,
        age: facts.age,
      },
      text,
      amendment: null,
      decisions: [],
      standing: [],
    }
  }

  return { prepare, sign }
}
