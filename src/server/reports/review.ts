import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import { Amendment, type ReportPerson, type ReportStep, type ReportText } from '../../shared/report/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { studyIndex } from '../orders/index.ts'
import { IntegrityError } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { sameImages, sameText } from './drafts.ts'
import { draftRow, type KeptDraft, openDraft, standingIn } from './kept-draft.ts'
import { type ReportAct, refusalOf } from './stage.ts'
import {
  type Claims,
  ensureReport,
  mustBeOf,
  type Refused,
  reportIdOf,
  type Standing,
  standingOf,
} from './standing.ts'
import { writeStep } from './steps.ts'
import { readVersions } from './versions.ts'

/** Who acts, as the report names them and as the audit does. */
export interface Acting {
  by: ReportPerson
  actor: AuditEntry['actor']
}

/** What an act makes of the draft. */
interface Turn {
  now: KeptDraft
  step: Pick<ReportStep, 'kind' | 'text' | 'comment'>
  /** When who holds it now began to. */
  takenAt: number
  audited?: Record<string, unknown>
}

/** The way of a draft through review. Each act is one transaction: the draft, its step and its audit row together. */
export function createReview(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>,
  { claims }: { claims: Claims },
) {
  const { store, protection, audit, clock } = foundation

  async function act(
    kind: ReportAct,
    study: string,
    { by, actor }: Acting,
    turn: (
      kept: KeptDraft | null,
      at: number,
      more: { trx: Transaction<Schema>; standing: Standing },
    ) => Promise<Turn>,
  ): Promise<KeptDraft | Refused> {
    const id = reportIdOf(protection, study)
    return store.transaction(async (trx) => {
      const standing = await standingOf(trx, id)
      mustBeOf(study, standing, protection)
      const { draft } = standing
      // Opened first: what is decided by the clear columns is what the sealed value says.
      const kept = draft && openDraft(protection, draft)
      const refused = refusalOf(kind, by.accountId, standingIn(draft))
      if (refused) return { refused, draft }
      const at = clock()
      const { now, step, takenAt, audited } = await turn(kept, at, { trx, standing })
      const row = { ...draftRow(protection, id, now, at), taken_at: takenAt }
      if (draft) {
        // The revision that was looked at: of two at once, one finds another.
        const { numUpdatedRows } = await trx
          .updateTable('report_drafts')
          .set(row)
          .where('report_id', '=', id)
          .where('revision', '=', draft.revision)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) throw new VigilError('conflict')
      } else {
        await ensureReport(trx, protection, {
          id,
          studyInstanceUid: study,
          studyIndex: studyIndex(protection, study),
          at,
        })
        await trx
          .insertInto('report_drafts')
          .values({ report_id: id, ...row })
          .execute()
      }
      await trx.updateTable('reports').set({ updated_at: at }).where('id', '=', id).execute()
      await writeStep(trx, protection, id, { ...step, by, at })
      const holder = now.stage === 'submitted' ? null : now.accountId
      await claims.follow(trx, { studyInstanceUid: study, holder }, actor)
      await audit.append(trx, {
        action: `report.${step.kind}`,
        outcome: 'success',
        actor,
        object: { kind: 'report', id },
        about: [{ kind: 'study', id: study }],
        detail: { revision: now.revision, ...audited },
      })
      return now
    })
  }

  return {
    /**
     * Hands the draft in, with this text.
     * @throws VigilError `report-empty`, `report-changed`, `amendment-required`, `nothing-changed`
     */
    submit(
      study: string,
      { text, baseRevision, suspected }: { text: ReportText; baseRevision: number; suspected: number },
      who: Acting,
    ): Promise<KeptDraft | Refused> {
      if (text.findings.trim() === '' && text.impression.trim() === '') throw new VigilError('report-empty')
      return act('submit', study, who, async (kept, at, { trx, standing }) => {
        const present = kept?.revision ?? 0
        if (present !== baseRevision) throw new VigilError('report-changed', { revision: present })
        const keyImages = kept?.keyImages ?? []
        const amendment = Amendment.safeParse(kept?.amendment).data
        if (standing.lastVersion) {
          if (!amendment) throw new VigilError('amendment-required')
          const signed = (await readVersions(trx, protection, reportIdOf(protection, study))).at(-1)
          const last = signed?.document
          if (last && sameText(last.text, text) && sameImages(last.keyImages ?? [], keyImages))
            throw new VigilError('nothing-changed')
        }
        const written = { text, keyImages, ...(amendment ? { amendment } : {}) }
        return {
          now: {
            ...written,
            accountId: who.by.accountId,
            revision: present + 1,
            stage: 'submitted',
            handedIn: { ...written, by: who.by, at, suspected },
            comment: '',
          },
          step: { kind: 'submitted', text, comment: '' },
          takenAt: at,
          audited: { suspected },
        }
      })
    },

    recall: (study: string, who: Acting) =>
      act('recall', study, who, async (draft, at) => {
        const { handedIn: _, reviewer: __, ...kept } = there(draft)
        return {
          now: { ...kept, revision: kept.revision + 1, stage: 'writing', comment: '' },
          step: { kind: 'recalled', text: kept.text, comment: '' },
          takenAt: at,
        }
      }),

    takeReview: (study: string, who: Acting) =>
      act('take-review', study, who, async (draft, at) => {
        const kept = there(draft)
        return {
          now: {
            ...kept,
            accountId: who.by.accountId,
            revision: kept.revision + 1,
            stage: 'reviewing',
            reviewer: who.by,
          },
          step: { kind: 'review-taken', text: kept.text, comment: '' },
          takenAt: at,
        }
      }),

    /** It waits again exactly as it was handed in; what the reviewer had changed stays in the history alone. */
    releaseReview: (study: string, who: Acting) =>
      act('release-review', study, who, async (draft) => {
        const { reviewer: _, amendment: __, ...kept } = there(draft)
        const { by, at: handedInAt, text, keyImages, amendment } = handedInOf(kept)
        return {
          now: {
            ...kept,
            accountId: by.accountId,
            revision: kept.revision + 1,
            stage: 'submitted',
            text,
            keyImages,
            ...(amendment ? { amendment } : {}),
          },
          step: { kind: 'review-released', text: kept.text, comment: '' },
          takenAt: handedInAt,
        }
      }),

    reject: (study: string, comment: string, who: Acting) =>
      act('reject', study, who, async (draft, at) => {
        const kept = there(draft)
        const author = handedInOf(kept).by
        return {
          now: {
            ...kept,
            accountId: author.accountId,
            revision: kept.revision + 1,
            stage: 'rejected',
            reviewer: who.by,
            comment,
          },
          step: { kind: 'rejected', text: kept.text, comment },
          takenAt: at,
          audited: { to: author.accountId },
        }
      }),

    /** What was handed in once stays its author's work: who takes it over reviews it. Otherwise it is now theirs to write. */
    takeOver: (study: string, reason: string, who: Acting) =>
      act('take-over', study, who, async (draft, at) => {
        const kept = there(draft)
        return {
          now: {
            ...kept,
            accountId: who.by.accountId,
            revision: kept.revision + 1,
            ...(kept.handedIn ? { stage: 'reviewing' as const, reviewer: who.by, comment: '' } : {}),
          },
          step: { kind: 'taken-over', text: kept.text, comment: reason },
          takenAt: at,
          audited: { from: kept.accountId },
        }
      }),
  }
}

function there(kept: KeptDraft | null): KeptDraft {
  if (!kept) throw new VigilError('report-not-submitted')
  return kept
}

function handedInOf(kept: KeptDraft): NonNullable<KeptDraft['handedIn']> {
  // A stage after the submission without one: the sealed value contradicts itself.
  if (!kept.handedIn)
    throw new IntegrityError({ table: 'report_drafts', column: 'stage', row: kept.accountId })
  return kept.handedIn
}
