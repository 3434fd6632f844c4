import { api, type CheckSignature } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs, IpcResult } from '../../shared/ipc/index.ts'
import { canonicalReport } from '../../shared/report/canonical.ts'
import type { ReportDocument, ReportDraft, SignedReport } from '../../shared/report/index.ts'
import { checkSignature, type TokenChoice } from '../alerts/index.ts'
import { sameText } from '../drafts/index.ts'
import type { SignedIn } from '../session/index.ts'
import type { TokenDriver } from '../tokens/index.ts'
import { checkDocument, decidedDocument, signedVersion, statementFor } from './sign-off.ts'

/**
 * The report as the editor gets it: a signed one as signed, a draft (also one that amends a signed report) as the newer of
 * the gateway's and ours.
 */
export async function openReport(signedIn: SignedIn, study: string): Promise<IpcResult<'report.open'>> {
  const { status, draft, lockedBy, submission, versions } = await signedIn.call(api.report, {
    params: { study },
  })
  const signed = versions.reduce<(typeof versions)[number] | null>(
    (last, version) => (version.document.version > (last?.document.version ?? 0) ? version : last),
    null,
  )
  if (lockedBy) {
    const text = signed?.document.text ?? submission?.text ?? { findings: '', impression: '' }
    const keyImages = signed?.document.keyImages ?? []
    return { status, text, recovered: false, lockedBy, stage: 'writing', keyImages, submission, versions }
  }
  const { text, recovered, amendment, keyImages } =
    signed && !draft
      ? await signedIn.drafts.open(study, asDraft(signed), { signed: true })
      : await signedIn.drafts.open(study, draft)
  if (signed && !draft && !recovered) {
    // What is left here of it is what was signed: the answer to the sign-off may have been lost.
    await signedIn.drafts.discard(study)
    return { status, text, recovered, lockedBy, stage: 'writing', keyImages, submission, versions }
  }
  const stage = draft?.stage ?? 'writing'
  return {
    status: stage !== 'writing' ? stage : draft || recovered ? 'draft' : status,
    text,
    recovered,
    lockedBy,
    stage,
    keyImages,
    submission,
    versions,
    ...(amendment ? { amendment } : {}),
  }
}

/** A signed version, as what an amendment of it begins with. */
function asDraft({ document, signedAt }: SignedReport): ReportDraft {
  const { text, amendment, keyImages = [] } = document
  const draft = { text, revision: 0, savedAt: signedAt, stage: 'writing' as const, keyImages }
  return amendment ? { ...draft, amendment } : draft
}

/**
 * Hands the draft in for review. The gateway has what was typed last before it is handed in, and nothing is left here
 * that could be sent after it.
 */
export async function submitReport(
  signedIn: SignedIn,
  { study, text }: IpcArgs<'report.submit'>,
): Promise<IpcResult<'report.submit'>> {
  const { revision } = await signedIn.drafts.settle(study, text)
  const body = { text, baseRevision: revision }
  const answer = await signedIn.call(api.submitReport, { params: { study }, body })
  await signedIn.drafts.discard(study)
  return answer
}

/** Gives a report that one reviews back to its author, with the text as it stands in the window. */
export async function rejectReport(
  signedIn: SignedIn,
  { study, text, comment }: IpcArgs<'report.reject'>,
): Promise<IpcResult<'report.reject'>> {
  await signedIn.drafts.settle(study, text)
  await signedIn.call(api.rejectReport, { params: { study }, body: { comment } })
  await signedIn.drafts.discard(study)
  return {}
}

/** Gives a review up: the report waits as it was handed in, and what was changed meanwhile goes nowhere. */
export async function releaseReview(signedIn: SignedIn, study: string): Promise<Record<string, never>> {
  await signedIn.drafts.discard(study)
  await signedIn.call(api.releaseReview, { params: { study } })
  return {}
}

/** Gives the draft up, here and on the gateway; nothing of it is sent any more. */
export async function discardDraft(signedIn: SignedIn, study: string): Promise<Record<string, never>> {
  await signedIn.drafts.discard(study)
  await signedIn.call(api.discardDraft, { params: { study } })
  return {}
}

/** Has the gateway analyse the text and write the document, and checks that it is the text that was sent. */
export async function prepareSignOff(
  signedIn: SignedIn,
  { study, text, amendment, ...args }: IpcArgs<'report.prepare-sign-off'>,
): Promise<IpcResult<'report.prepare-sign-off'>> {
  // Not known here where the study is not open for writing: the gateway then takes those of its draft.
  const keyImages = args.keyImages ?? signedIn.drafts.keyImagesOf(study)
  const answer = await signedIn.call(api.prepareSignOff, {
    params: { study },
    body: { text, ...(keyImages ? { keyImages } : {}), ...(amendment ? { amendment } : {}) },
  })
  const { gatewayId, session } = signedIn.channel
  checkDocument(answer.document, text, {
    study,
    gatewayId,
    accountId: session.accountId,
    amendment: amendment ?? null,
    keyImages,
  })
  signedIn.prepared.set(study, answer.document)
  return answer
}

/** Signs the prepared document with the token and hands it to the gateway; the local draft goes once that has it. */
export async function signOff(
  signedIn: SignedIn,
  tokens: TokenDriver,
  args: IpcArgs<'report.sign-off'>,
): Promise<IpcResult<'report.sign-off'>> {
  const { study, decisions, standing, tokenId, certificateId } = args
  const document = decidedDocument(signedIn.prepared.get(study), args.document, { decisions, standing })
  const typed = signedIn.drafts.textOf(study)
  if (typed && !sameText(typed, document.text)) throw new VigilError('report-changed', { reason: 'text' })
  const pin = Buffer.from(args.pin, 'utf8')
  const secondPin = Buffer.from(args.secondPin ?? '', 'utf8')
  try {
    const statement = (certificate: Uint8Array) => statementFor(document, certificate)
    const signed = signedVersion(document, await tokens.sign({ tokenId, certificateId, pin, statement }))
    const secondCheck =
      args.secondPin === undefined
        ? {}
        : { secondCheck: await secondLook(document, tokens, { tokenId, certificateId, pin: secondPin }) }
    const body = { ...signed, ...secondCheck }
    const answer = await signedIn.call(api.signOff, { params: { study }, body })
    signedIn.prepared.delete(study)
    await signedIn.drafts.discard(study)
    return answer
  } finally {
    pin.fill(0)
    secondPin.fill(0)
  }
}

/** The same person's second look at the alerts of the document (双人核对, one person twice). */
function secondLook(
  document: ReportDocument,
  tokens: TokenDriver,
  choice: TokenChoice,
): Promise<CheckSignature> {
  const { gatewayId, reportId: subject } = document
  return checkSignature(tokens, choice, { gatewayId, subject, canonical: canonicalReport(document) })
}
