import { z } from 'zod'
import {
  DraftAmendment,
  KeyImages,
  type ReportDraft,
  ReportPerson,
  ReportStage,
  ReportText,
  type Submission,
} from '../../shared/report/index.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import type { DraftStanding } from './stage.ts'

/** What was handed in for review: by whom, when, and exactly what. */
const HandedIn = z.object({
  by: ReportPerson,
  at: z.number(),
  text: ReportText,
  amendment: DraftAmendment.optional(),
  keyImages: KeyImages,
  /** Findings in it that sign-off will ask about. */
  suspected: z.int().nonnegative(),
})

/** What a draft row seals: the text, whose it is, which revision, and its review, so that none can be changed beside it. */
export const KeptDraft = z.object({
  accountId: z.string(),
  revision: z.int(),
  text: ReportText,
  amendment: DraftAmendment.optional(),
  keyImages: KeyImages.default([]),
  stage: ReportStage.default('writing'),
  /** From the submission on, until it is recalled. */
  handedIn: HandedIn.optional(),
  reviewer: ReportPerson.optional(),
  /** The reviewer's words, where it was given back. */
  comment: z.string().default(''),
})
export type KeptDraft = z.infer<typeof KeptDraft>

type Row = Schema['report_drafts']

const place = (row: string, column = 'sealed_text'): Place => ({ table: 'report_drafts', column, row })

/** A row's content, held against its clear columns. @throws IntegrityError */
export function openDraft(protection: Protection, row: Row): KeptDraft {
  const kept = KeptDraft.parse(JSON.parse(protection.open(place(row.report_id), row.sealed_text)))
  const said = clearColumns(kept)
  if (said.account_id !== row.account_id || said.revision !== row.revision)
    throw new IntegrityError(place(row.report_id))
  for (const column of ['stage', 'written_by', 'submitted_at', 'suspected'] as const)
    if (said[column] !== row[column]) throw new IntegrityError(place(row.report_id, column))
  return kept
}

export function draftRow(
  protection: Protection,
  reportId: string,
  kept: KeptDraft,
  updatedAt: number,
): Omit<Row, 'report_id' | 'taken_at'> {
  return {
    ...clearColumns(kept),
    sealed_text: protection.seal(place(reportId), JSON.stringify(kept)),
    updated_at: updatedAt,
  }
}

function clearColumns({ accountId, revision, stage, handedIn }: KeptDraft) {
  return {
    account_id: accountId,
    revision,
    stage,
    written_by: handedIn?.by.accountId ?? null,
    submitted_at: handedIn?.at ?? null,
    suspected: handedIn?.suspected ?? null,
  }
}

export function standingIn(row: Row | null): DraftStanding | null {
  return row && { stage: row.stage, holder: row.account_id, writtenBy: row.written_by }
}

/** The draft as its holder gets it. */
export function draftView(kept: KeptDraft, { updated_at }: Pick<Row, 'updated_at'>): ReportDraft {
  const { text, revision, amendment, stage, keyImages } = kept
  return { text, revision, savedAt: updated_at, stage, keyImages, ...(amendment ? { amendment } : {}) }
}

/** What everybody sees of a report that was handed in: what the reviewer changes is theirs until it is signed or given back. */
export function submissionOf({ stage, handedIn, text, reviewer, comment }: KeptDraft): Submission | null {
  if (stage === 'writing' || !handedIn) return null
  return {
    stage,
    writtenBy: handedIn.by,
    submittedAt: handedIn.at,
    text: stage === 'rejected' ? text : handedIn.text,
    reviewer: reviewer ?? null,
    comment,
    suspected: handedIn.suspected,
  }
}
