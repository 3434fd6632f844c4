import { VigilError } from '../../shared/errors/index.ts'
import type { ReportStatus } from '../../shared/report/index.ts'
import type { Archive } from '../archive/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Critical, VerifyAlertCheck } from '../critical/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import type { Orders } from '../orders/index.ts'
import { createDrafts } from './drafts.ts'
import { createSignOff, type VerifyReportSignature } from './sign-off.ts'
import { type Held, heldByOther, mustBeOf, reportIdOf, standingOf } from './standing.ts'
import { type ReportSummary, reportSummaries } from './summaries.ts'
import { readVersions } from './versions.ts'

/** Reports: drafts, sign-off, immutable signed versions. */
export interface Reports {
  /** Where each report stands and whose it is, by blind study index; of these studies only, where they are named. */
  summaries(studyIndexes?: readonly string[]): Promise<Map<string, ReportSummary>>
  readonly handlers: Handlers<'report' | 'saveDraft' | 'discardDraft' | 'prepareSignOff' | 'signOff'>
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
}): Reports {
  const { foundation, announcements, archive, displayNames } = deps
  const { store, protection, audit } = foundation
  const damage = createDamageReports(foundation)
  const drafts = createDrafts(foundation)
  const signOff = createSignOff({ ...deps, damage, heldError })

  async function heldError({ heldBy, since }: Held): Promise<VigilError> {
    return new VigilError('report-locked-by-other', { name: await nameOf(heldBy), since })
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
        const held = heldByOther(standing, principal.accountId)
        const status: ReportStatus = standing.lastVersion ? 'signed' : standing.draft ? 'draft' : 'none'
        return {
          status,
          draft: standing.draft && !held ? drafts.open(standing.draft) : null,
          lockedBy: held && { name: await nameOf(held.heldBy), since: held.since },
          versions: await readVersions(store.db, protection, id),
        }
      }),

    saveDraft: ({ principal, params, body, address }) =>
      guarded(async () => {
        const known = await standingOf(store.db, reportIdOf(protection, params.study))
        // A draft is of a study that exists; asked once, not with every save.
        if (!known.report) await archive.study(params.study)
        const actor = actorOf(principal, address)
        const saved = await drafts.save(params.study, body, body.baseRevision, actor)
        if ('heldBy' in saved) throw await heldError(saved)
        if ((known.draft === null) !== (saved.revision === 0))
          announcements.announce({ kind: 'worklist-changed' })
        return saved
      }),

    discardDraft: ({ principal, params, address }) =>
      guarded(async () => {
        const discarded = await drafts.discard(params.study, actorOf(principal, address))
        if (typeof discarded === 'object') throw await heldError(discarded)
        if (discarded) announcements.announce({ kind: 'worklist-changed' })
        return {}
      }),

    prepareSignOff: ({ principal, params, body }) =>
      guarded(() => signOff.prepare(params.study, body, principal)),

    signOff: async ({ principal, params, body, address }) => {
      const actor = actorOf(principal, address)
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
            detail: { code: error.code },
          })
        throw error
      }
    },
  }

  return { summaries: (studyIndexes) => reportSummaries(store.db, studyIndexes), handlers }

  function actorOf(principal: SessionPrincipal, address: string): AuditEntry['actor'] {
    return { kind: 'account', id: principal.accountId, workstationId: principal.workstationId, address }
  }
}
