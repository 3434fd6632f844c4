import { analyseReport, needsDecision } from '../../shared/critical/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { ReportStage, ReportStatus, ReportText } from '../../shared/report/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Critical, VerifyAlertCheck } from '../critical/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import { auditActor } from '../http/index.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import type { Orders } from '../orders/index.ts'
import type { StudyGuard } from '../sensitivity/index.ts'
import { createDrafts, sameText } from './drafts.ts'
import { examContext, examOf } from './drawing.ts'
import { draftView, openDraft, standingIn, submissionOf } from './kept-draft.ts'
import { createKeyImages } from './key-images.ts'
import type { Letterhead } from './letterhead.ts'
import { type Acting, createReview } from './review.ts'
import { createSignOff, type VerifyReportSignature } from './sign-off.ts'
import { refusalOf } from './stage.ts'
import { type Claims, mustBeOf, type Refused, reportIdOf, standingOf } from './standing.ts'
import { readSteps } from './steps.ts'
import { type ReportSummary, reportSummaries } from './summaries.ts'
import { readVersions } from './versions.ts'

type ReportRoute =
  | 'report'
  | 'saveDraft'
  | 'discardDraft'
  | 'prepareSignOff'
  | 'signOff'
  | 'submitReport'
  | 'recallReport'
  | 'takeReview'
  | 'releaseReview'
  | 'rejectReport'
  | 'takeOverDraft'
  | 'reportSteps'
  | 'storeKeyImage'
  | 'keyImage'
  | 'letterhead'
  | 'recordReportPrint'

/** Reports: drafts, review, sign-off, immutable signed versions. */
export interface Reports {
  /** Where each report stands and whose it is, by blind study index; of these studies only, where they are named. */
  summaries(studyIndexes?: readonly string[]): Promise<Map<string, ReportSummary>>
  readonly handlers: Handlers<ReportRoute>
  /** Removes the key images of drafts that were given up a day ago; how many. */
  removeOrphans(): Promise<number>
}

export function createReports(deps: {
  foundation: Foundation
  announcements: Announcements
  archive: Archive
  orders: Orders
  critical: Critical
  verifyReportSignature: VerifyReportSignature
  verifyAlertCheck: VerifyAlertCheck
  /** Display names by account id, from the identity capability. */
  displayNames: () => Promise<ReadonlyMap<string, string>>
  letterhead: Letterhead
  /** What of other studies a person may read. */
  restriction: StudyGuard
  /** Follows whoever holds a draft; nothing does where there are no claims. */
  claims?: Claims
}): Reports {
  const { foundation, announcements, archive, critical, displayNames, claims = unclaimed } = deps
  const { store, protection, audit } = foundation
  const damage = createDamageReports(foundation)
  const keyImages = createKeyImages(foundation)
  const drafts = createDrafts(foundation, { keyImages, claims })
  const review = createReview(foundation, { claims })
  const signOff = createSignOff({ ...deps, claims, damage, keyImages, refusal })

  /** A refusal, with who holds the draft where that is why. */
  async function refusal({ refused, draft }: Refused): Promise<VigilError> {
    const names = draft && (refused === 'report-locked-by-other' || refused === 'report-under-review')
    if (!names) return new VigilError(refused)
    return new VigilError(refused, { name: await nameOf(draft.account_id), since: draft.taken_at })
  }

  async function orRefused<T extends object | boolean>(outcome: T | Refused): Promise<T> {
    if (typeof outcome === 'object' && 'refused' in outcome) throw await refusal(outcome)
    return outcome
  }

  /** An act of the review: done or refused, and everybody's list told. */
  async function reviewed<T extends object>(work: () => Promise<T | Refused>): Promise<T> {
    return guarded(async () => {
      const done = await orRefused(await work())
      announcements.announce({ kind: 'worklist-changed' })
      return done
    })
  }

  const acting = (principal: SessionPrincipal, address: string): Acting => ({
    by: { accountId: principal.accountId, name: principal.displayName },
    actor: auditActor(principal, address),
  })

  /** How many findings the gateway itself sees in a text that sign-off will ask about. */
  async function suspectedIn(study: string, text: ReportText): Promise<number> {
    const exam = await examOf(deps, study)
    const { analyzer } = critical.dictionaries.inForce()
    return analyseReport(analyzer, text, examContext(exam)).filter(needsDecision).length
  }

  /** The answer to a submission that was committed, but whose answer was lost on the way. */
  async function submittedBefore(
    study: string,
    { text, baseRevision }: { text: ReportText; baseRevision: number },
    accountId: string,
  ): Promise<number | null> {
    const { draft } = await standingOf(store.db, reportIdOf(protection, study))
    if (draft?.stage !== 'submitted' || draft.account_id !== accountId) return null
    const { revision, handedIn } = openDraft(protection, draft)
    if (!handedIn || revision !== baseRevision + 1 || !sameText(handedIn.text, text)) return null
    return handedIn.suspected
  }

  async function nameOf(accountId: string): Promise<string> {
    return (await displayNames()).get(accountId) ?? ''
  }

  /** A damaged value is reported, and told as what it is. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  const handlers: Reports['handlers'] = {
    report: ({ principal, params }) =>
      guarded(async () => {
        const id = reportIdOf(protection, params.study)
        const standing = await standingOf(store.db, id)
        mustBeOf(params.study, standing, protection)
        const { draft } = standing
        const kept = draft && openDraft(protection, draft)
        const own = draft?.account_id === principal.accountId
        return {
          status: statusOf(standing.lastVersion !== null, kept?.stage ?? null),
          draft: kept && own ? draftView(kept, draft) : null,
          lockedBy:
            draft && !own
              ? { name: await nameOf(draft.account_id), since: draft.taken_at, stage: draft.stage }
              : null,
          submission: kept && submissionOf(kept),
          versions: await readVersions(store.db, protection, id),
        }
      }),

    saveDraft: ({ principal, params, body, address }) =>
      guarded(async () => {
        const known = await standingOf(store.db, reportIdOf(protection, params.study))
        // A draft is of a study that exists; asked once, not with every save.
        if (!known.report) await archive.study(params.study)
        const actor = auditActor(principal, address)
        const saved = await drafts.save(params.study, body, body.baseRevision, actor)
        if ('refused' in saved) throw await refusal(saved)
        if ((known.draft === null) !== (saved.revision === 0))
          announcements.announce({ kind: 'worklist-changed' })
        return saved
      }),

    discardDraft: ({ principal, params, address }) =>
      guarded(async () => {
        const discarded = await drafts.discard(params.study, auditActor(principal, address))
        if (await orRefused(discarded)) announcements.announce({ kind: 'worklist-changed' })
        return {}
      }),

    prepareSignOff: ({ principal, params, body }) =>
      guarded(() => signOff.prepare(params.study, body, principal)),

    submitReport: async ({ principal, params: { study }, body, address }) =>
      guarded(async () => {
        const before = await submittedBefore(study, body, principal.accountId)
        if (before !== null) return { suspected: before }
        const suspected = await suspectedIn(study, body.text)
        const who = acting(principal, address)
        await reviewed(() => review.submit(study, { ...body, suspected }, who))
        return { suspected }
      }),

    recallReport: async ({ principal, params, address }) => {
      await reviewed(() => review.recall(params.study, acting(principal, address)))
      return {}
    },

    takeReview: async ({ principal, params, address }) => {
      await reviewed(() => review.takeReview(params.study, acting(principal, address)))
      return {}
    },

    releaseReview: async ({ principal, params, address }) => {
      await reviewed(() => review.releaseReview(params.study, acting(principal, address)))
      return {}
    },

    rejectReport: async ({ principal, params, body, address }) => {
      await reviewed(() => review.reject(params.study, body.comment, acting(principal, address)))
      return {}
    },

    takeOverDraft: async ({ principal, params, body, address }) => {
      await reviewed(() => review.takeOver(params.study, body.reason, acting(principal, address)))
      return {}
    },

    reportSteps: ({ params }) =>
      guarded(async () => {
        const id = reportIdOf(protection, params.study)
        mustBeOf(params.study, await standingOf(store.db, id), protection)
        return { steps: await readSteps(store.db, protection, id) }
      }),

    storeKeyImage: ({ principal, params, body, address }) =>
      guarded(async () => {
        const id = reportIdOf(protection, params.study)
        const { draft } = await standingOf(store.db, id)
        const refused = refusalOf('save', principal.accountId, standingIn(draft))
        if (refused) throw await refusal({ refused, draft })
        const actor = auditActor(principal, address)
        return { keyImage: await keyImages.keep(id, await archive.study(params.study), body, actor) }
      }),

    keyImage: ({ params }) =>
      guarded(async () => {
        const id = reportIdOf(protection, params.study)
        return { png: (await keyImages.read(store.db, id, params.image)).toString('base64') }
      }),

    letterhead: async () => deps.letterhead,

    recordReportPrint: ({ principal, params, body, address }) =>
      guarded(async () => {
        const id = reportIdOf(protection, params.study)
        const versions = await readVersions(store.db, protection, id)
        if (!versions.some(({ document }) => document.version === body.version))
          throw new VigilError('not-found')
        await audit.record({
          action: 'report.printed',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'report', id },
          about: [{ kind: 'study', id: params.study }],
          detail: body,
        })
        return {}
      }),

    signOff: async ({ principal, params, body, address }) => {
      const actor = auditActor(principal, address)
      try {
        const signed = await guarded(() => signOff.sign(params.study, body, principal, actor))
        announcements.announce({ kind: 'worklist-changed' })
        return signed
      } catch (error) {
        if (error instanceof VigilError)
          await audit.record({
            action: 'report.sign-off',
            outcome: 'refused',
            actor,
            object: { kind: 'report', id: reportIdOf(protection, params.study) },
            about: [{ kind: 'study', id: params.study }],
            detail: { code: error.code },
          })
        throw error
      }
    },
  }

  return {
    summaries: (studyIndexes) => reportSummaries(store.db, studyIndexes),
    handlers,
    removeOrphans: () => keyImages.removeOrphans(),
  }
}

const unclaimed: Claims = { follow: async () => {} }

/** What somebody must act on comes before what is signed; what is only being written over it does not. */
function statusOf(signed: boolean, stage: ReportStage | null): ReportStatus {
  if (stage !== null && stage !== 'writing') return stage
  if (signed) return 'signed'
  return stage === null ? 'none' : 'draft'
}
