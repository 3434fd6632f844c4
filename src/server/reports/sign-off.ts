import type { Alert } from '../../shared/alert/index.ts'
import type { CheckSignature, PreparedSignOff } from '../../shared/api/index.ts'
import { analyseReport } from '../../shared/critical/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type {
  Amendment,
  KeyImage,
  ReportDocument,
  ReportText,
  SignedReport,
} from '../../shared/report/index.ts'
import type { Archive } from '../archive/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import {
  type Critical,
  earlierView,
  type InForce,
  maskedEarlierView,
  type RaisingCheck,
  type VerifyAlertCheck,
} from '../critical/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { loggable } from '../http/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import type { Orders } from '../orders/index.ts'
import type { StudyGuard } from '../sensitivity/index.ts'
import { checkOf, circumstancesOf, patientIndexesOf } from './circumstances.ts'
import { checkDecisions } from './decisions.ts'
import { hashDocument } from './document-hash.ts'
import { sameImages, sameText } from './drafts.ts'
import { drawDocument, type Exam, examOf } from './drawing.ts'
import { createIssuedDocuments } from './issued-documents.ts'
import { type KeptDraft, openDraft, standingIn } from './kept-draft.ts'
import type { KeptKeyImages } from './key-images.ts'
import { recipientsOf, sideOf } from './recipient-choice.ts'
import { checkRepeats } from './repeats.ts'
import { refusalOf } from './stage.ts'
import { type Claims, type Refused, reportIdOf, type Standing, standingOf } from './standing.ts'
import { checkStanding, undecided } from './standing-alerts.ts'
import { createVersionWriter } from './version-writer.ts'
import { readVersions } from './versions.ts'

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

/** What comes from the workstation: the signed version, and the second look where it is asked for. */
export type Submitted = Omit<SignedReport, 'signedAt'> & { secondCheck?: CheckSignature | undefined }

export function createSignOff(deps: {
  foundation: Foundation
  archive: Archive
  orders: Orders
  critical: Critical
  damage: DamageReports
  verifyReportSignature: VerifyReportSignature
  verifyAlertCheck: VerifyAlertCheck
  keyImages: KeptKeyImages
  claims: Claims
  restriction: StudyGuard
  /** The refusal that names who holds the draft. */
  refusal: (refused: Refused) => Promise<VigilError>
}) {
  const { foundation, orders, critical, damage, keyImages, refusal } = deps
  const { store, protection, clock, random, log } = foundation
  const issued = createIssuedDocuments(clock)
  const writeVersion = createVersionWriter(foundation, deps)

  /** Alerts of other studies of the patient: what of them the author may read. */
  async function shownTo(
    author: SessionPrincipal,
    alerts: Awaited<ReturnType<typeof circumstancesOf>>['earlier'],
  ) {
    const shown: PreparedSignOff['earlier'] = []
    for (const kept of alerts) {
      const closed = await deps.restriction(author, kept.alert.exam.studyInstanceUid, {
        text: `${kept.alert.content} ${kept.alert.excerpt}`,
      })
      shown.push((closed ? maskedEarlierView : earlierView)(kept))
    }
    return shown
  }

  /** The authoritative findings of the text, the document to decide on and sign, and what else there is to decide. */
  async function prepare(
    studyInstanceUid: string,
    {
      text,
      amendment = null,
      keyImages: named,
    }: {
      text: ReportText
      amendment?: Amendment | null | undefined
      /** Left out, those of the draft, or of the version that is amended. */
      keyImages?: KeyImage[] | undefined
    },
    author: SessionPrincipal,
  ): Promise<PreparedSignOff> {
    if (text.findings.trim() === '' && text.impression.trim() === '') throw new VigilError('report-empty')
    const exam = await examOf(deps, studyInstanceUid)
    const inForce = critical.dictionaries.inForce()
    const { dictionary } = inForce
    const reportId = reportIdOf(protection, studyInstanceUid)
    const images = named ?? (await imagesOf(reportId))
    const unchanged = await isLastText(reportId, text, images)
    const preparedAt = clock()
    const wanted = { exam, text, amendment, keyImages: images, preparedAt, unchanged }
    const document = await draw(wanted, author, inForce)
    const findings = analyseReport(inForce.analyzer, text, document.exam)
    const patientIndexes = await patientIndexesOf(protection, orders, document.patientId)
    const about = { document, findings, patientIndexes, dictionary }
    const { earlier, lost, damaged } = await circumstancesOf(store.db, critical, about)
    for (const place of damaged) await damage.report(place)
    const standing = undecided(lost)
    issued.issue(author.accountId, document.reportId, handedOut(document, exam), preparedAt)
    return {
      findings,
      document,
      earlier: await shownTo(author, earlier),
      standing: standing.map(earlierView),
      recipients: recipientsOf(exam, findings, dictionary),
      check: checkOf(document, exam, dictionary),
      ...(exam.orderDamaged ? { orderDamaged: true } : {}),
    }
  }

  /** Signs: version, alerts raised and withdrawn, outbox, audit and the end of the draft in one transaction, or nothing. */
  async function sign(
    studyInstanceUid: string,
    submitted: Submitted,
    author: SessionPrincipal,
    actor: AuditEntry['actor'],
  ): Promise<{ report: SignedReport; alerts: Alert[] }> {
    const before = await repeated(studyInstanceUid, submitted, author)
    if (before) return before
    const { document, secondCheck, ...signature } = submitted
    const { accountId } = author
    const exam = await examOf(deps, studyInstanceUid)
    // Once for the whole sign-off: another may come into force meanwhile, and the document names this one.
    const inForce = critical.dictionaries.inForce()
    const { dictionary } = inForce
    const unchanged = await isLastText(
      reportIdOf(protection, studyInstanceUid),
      document.text,
      document.keyImages ?? [],
    )
    await mustBeAsIssued(document, { exam, unchanged }, author, inForce)
    if (unchanged && !changesAlerts(document)) throw new VigilError('nothing-changed')

    const findings = analyseReport(inForce.analyzer, document.text, document.exam)
    checkDecisions(document, findings, dictionary)
    const { canonical, hash } = hashDocument(document)
    await deps.verifyReportSignature({ accountId, documentHash: hash, ...signature })
    const check: RaisingCheck = { mode: checkOf(document, exam, dictionary) }
    if (check.mode === 'twice' && document.decisions.some(({ action }) => action === 'alert'))
      check.second = await secondLook({ document, hash, secondCheck }, accountId)
    const patientIndexes = await patientIndexesOf(protection, orders, document.patientId)

    const report: SignedReport = { document, ...signature, signedAt: clock() }
    const reportVersionId = Buffer.from(random(12)).toString('base64url')
    const outcome = await store.transaction(async (trx) => {
      const now = await standingOf(trx, document.reportId)
      const writtenBy = writtenByIn(now)
      const refused = refusalOf('sign', accountId, standingIn(now.draft))
      if (refused) return { refused, draft: now.draft }
      mustFollow(document, now.lastVersion)
      // Reviewed by another meanwhile, or given back and taken up again: not what was shown.
      if (writtenBy?.submittedAt !== document.writtenBy?.submittedAt) throw new VigilError('report-changed')
      const about = { document, findings, patientIndexes, dictionary }
      const { earlier, lost } = await circumstancesOf(trx, critical, about)
      const withdrawn = checkStanding(document.standing, lost)
      const gone = new Set(withdrawn.map(({ alert }) => alert.id))
      checkRepeats(document.decisions, findings, earlier, gone)
      const written = { report, canonical, hash, reportVersionId, studyInstanceUid }
      const counts = { findings: findings.length, withdrawn: gone.size, orderDamaged: exam.orderDamaged }
      await writeVersion(trx, written, counts, actor)
      const by = document.author
      const standings = []
      for (const { alert, reason } of withdrawn)
        standings.push(await critical.withdraw(trx, alert, { by, reason }, actor))
      const facts = { document, findings, ...exam, signedAt: report.signedAt }
      const raised = await critical.raise(trx, facts, { reportVersionId, dictionary, check }, actor)
      return { alerts: raised.alerts, standings: [...standings, ...raised.standings] }
    })
    if ('refused' in outcome && outcome.refused) throw await refusal(outcome)
    issued.withdraw(accountId, document.reportId)
    critical.settled(outcome.standings)
    if (outcome.alerts.length > 0) await followPatient(studyInstanceUid, exam, patientIndexes)
    return { report, alerts: outcome.alerts }
  }

  /** The answer to a sign-off that was committed, but whose answer was lost on the way: the same again. */
  async function repeated(
    studyInstanceUid: string,
    submitted: Submitted,
    author: SessionPrincipal,
  ): Promise<{ report: SignedReport; alerts: Alert[] } | null> {
    const reportId = reportIdOf(protection, studyInstanceUid)
    const versions = await readVersions(store.db, protection, reportId)
    const report = versions.find(({ signature }) => signature === submitted.signature)
    if (report?.document.author.accountId !== author.accountId) return null
    if (hashDocument(report.document).canonical !== hashDocument(submitted.document).canonical) return null
    const alerts = await critical.raisedBy(reportId, report.document.version, author.accountId)
    return { report, alerts }
  }

  /** Moved to another ward while the report was being signed: there was no alert yet that could have followed. */
  async function followPatient(studyInstanceUid: string, before: Exam, patientIndexes: readonly string[]) {
    try {
      const { order } = await examOf(deps, studyInstanceUid)
      if (!order || order.ward === before.order?.ward) return
      const { ward, bed, orderingDepartment: department } = order
      await critical.rerouteFor(patientIndexes, { ward, bed, department })
    } catch (error) {
      // What was signed is signed, and its alerts are on their way.
      log.error(loggable(error), 'patient not followed')
    }
  }

  /** True where this is what the last signed version says, and shows, already. */
  async function isLastText(
    reportId: string,
    text: ReportText,
    images: readonly KeyImage[],
  ): Promise<boolean> {
    const last = (await readVersions(store.db, protection, reportId)).at(-1)?.document
    return last !== undefined && sameText(last.text, text) && sameImages(last.keyImages ?? [], images)
  }

  async function imagesOf(reportId: string): Promise<KeyImage[]> {
    const { draft } = await standingOf(store.db, reportId)
    if (draft) return openDraft(protection, draft).keyImages
    return (await readVersions(store.db, protection, reportId)).at(-1)?.document.keyImages ?? []
  }

  /** Who handed in what is being reviewed, as the document names them. @throws IntegrityError */
  function writtenByIn({ draft }: Standing): ReportDocument['writtenBy'] | null {
    return draft && reviewed(openDraft(protection, draft))
  }

  /** The document that the gateway would hand out now. */
  async function draw(
    wanted: {
      exam: Exam
      text: ReportText
      amendment: Amendment | null
      keyImages: readonly KeyImage[]
      preparedAt: number
      unchanged: boolean
    },
    author: SessionPrincipal,
    { dictionary }: InForce,
  ): Promise<ReportDocument> {
    const reportId = reportIdOf(protection, wanted.exam.study.studyInstanceUid)
    const now = await standingOf(store.db, reportId)
    const writtenBy = writtenByIn(now)
    const refused = refusalOf('sign', author.accountId, standingIn(now.draft))
    if (refused) throw await refusal({ refused, draft: now.draft })
    if (wanted.unchanged && !wanted.amendment) throw new VigilError('report-already-signed')
    const { lastVersion } = now
    const dictionaryVersion = dictionary.version
    await keyImages.mustBeTrue(reportId, wanted.exam.study, wanted.keyImages)
    return drawDocument(foundation, { ...wanted, author, writtenBy, lastVersion, dictionaryVersion })
  }

  /** @throws VigilError `report-already-signed`, or `report-changed` for what is not exactly what was handed out last. */
  async function mustBeAsIssued(
    document: ReportDocument,
    { exam, unchanged }: { exam: Exam; unchanged: boolean },
    author: SessionPrincipal,
    inForce: InForce,
  ): Promise<void> {
    const { lastVersion } = await standingOf(store.db, reportIdOf(protection, exam.study.studyInstanceUid))
    if (lastVersion && document.version <= lastVersion.version) throw new VigilError('report-already-signed')
    const { text, amendment, preparedAt } = document
    const wanted = { exam, text, amendment, keyImages: document.keyImages ?? [], preparedAt, unchanged }
    const asDrawn = hashDocument(await draw(wanted, author, inForce)).canonical
    const bare = { ...document, decisions: [], standing: [] }
    const asSigned = hashDocument(bare).canonical
    if (asDrawn !== asSigned || !issued.isIssued(author.accountId, document.reportId, handedOut(bare, exam)))
      throw new VigilError('report-changed')
  }

  /** The same person's second look at the alerts of the document, proven. @throws VigilError `alert-check-required` */
  async function secondLook(
    {
      document,
      hash,
      secondCheck,
    }: { document: ReportDocument; hash: Buffer; secondCheck: Submitted['secondCheck'] },
    accountId: string,
  ): Promise<RaisingCheck['second']> {
    if (!secondCheck) throw new VigilError('alert-check-required')
    const subject = document.reportId
    await deps.verifyAlertCheck({ ...secondCheck, accountId, subject, contentHash: hash })
    return { contentHash: hash.toString('hex'), signature: secondCheck }
  }

  return { prepare, sign }
}

/** True where a version of the same words says something new all the same: an alert that was forgotten, or one withdrawn. */
function changesAlerts({ decisions, standing }: ReportDocument): boolean {
  return (
    decisions.some(({ action }) => action === 'alert') || standing.some(({ action }) => action === 'withdraw')
  )
}

/** Somebody else may have signed since the document was drawn. @throws VigilError */
function mustFollow(
  { version, previous }: ReportDocument,
  last: Awaited<ReturnType<typeof standingOf>>['lastVersion'],
): void {
  if ((last?.version ?? 0) >= version) throw new VigilError('report-already-signed')
  if ((last?.document_hash ?? null) !== previous) throw new VigilError('report-changed')
}

/** What the workstation was given to decide on: the document, and whom there is to tell. */
function handedOut(document: ReportDocument, exam: Exam): string {
  return JSON.stringify([hashDocument(document).canonical, sideOf(exam)])
}

function reviewed({ stage, handedIn }: KeptDraft): ReportDocument['writtenBy'] | null {
  if (stage !== 'reviewing' || !handedIn) return null
  return { ...handedIn.by, submittedAt: handedIn.at }
}
