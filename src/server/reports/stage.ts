import type { ErrorCode } from '../../shared/errors/index.ts'
import type { ReportStage } from '../../shared/report/index.ts'

/** What somebody wants to do with an unsigned report. */
export const reportActs = [
  'save',
  'discard',
  'submit',
  'recall',
  'take-review',
  'release-review',
  'reject',
  'take-over',
  'sign',
] as const
export type ReportAct = (typeof reportActs)[number]

/** Where a draft stands: whose it is (the reviewer's while it is reviewed), and who handed it in. Account ids. */
export interface DraftStanding {
  stage: ReportStage
  holder: string
  writtenBy: string | null
}

/** Who asks, as the draft sees them. */
type Part = 'holder' | 'author' | 'other'

type Refusal = Extract<
  ErrorCode,
  | 'report-locked-by-other'
  | 'report-under-review'
  | 'report-not-submitted'
  | 'second-person-required'
  | 'conflict'
  | 'not-found'
>

const locked = 'report-locked-by-other'
const underReview = 'report-under-review'
const notSubmitted = 'report-not-submitted'
const secondPerson = 'second-person-required'

const noDraft: Partial<Record<ReportAct, Refusal>> = {
  recall: notSubmitted,
  'take-review': notSubmitted,
  'release-review': notSubmitted,
  reject: notSubmitted,
  'take-over': 'not-found',
}

/** A draft that is being written, or was given back, is its holder's; another can only take it over. */
const written: Record<Part, Partial<Record<ReportAct, Refusal>>> = {
  holder: {
    recall: notSubmitted,
    'take-review': notSubmitted,
    'release-review': notSubmitted,
    reject: notSubmitted,
    'take-over': 'conflict',
  },
  author: {},
  other: {
    save: locked,
    discard: locked,
    submit: locked,
    recall: notSubmitted,
    'take-review': notSubmitted,
    'release-review': notSubmitted,
    reject: notSubmitted,
    sign: locked,
  },
}

/** What is not here may be done. While nobody has taken a submitted report to review, its holder is its author. */
const refusals: Record<ReportStage, Record<Part, Partial<Record<ReportAct, Refusal>>>> = {
  writing: written,
  rejected: written,
  submitted: {
    holder: {
      save: underReview,
      discard: underReview,
      submit: underReview,
      'take-review': secondPerson,
      'release-review': 'conflict',
      reject: 'conflict',
      'take-over': 'conflict',
      sign: underReview,
    },
    author: {},
    other: {
      save: locked,
      discard: locked,
      submit: locked,
      recall: locked,
      'release-review': 'conflict',
      reject: 'conflict',
      'take-over': 'conflict',
      sign: locked,
    },
  },
  reviewing: {
    holder: {
      discard: underReview,
      submit: underReview,
      recall: underReview,
      'take-review': 'conflict',
      'take-over': 'conflict',
    },
    author: {
      save: underReview,
      discard: underReview,
      submit: underReview,
      recall: underReview,
      'take-review': secondPerson,
      'release-review': secondPerson,
      reject: secondPerson,
      'take-over': secondPerson,
      sign: underReview,
    },
    other: {
      save: locked,
      discard: locked,
      submit: locked,
      recall: locked,
      'take-review': underReview,
      'release-review': locked,
      reject: locked,
      sign: locked,
    },
  },
}

/**
 * Why this person may not do this now, null where they may. Whether their role allows it at all is settled before.
 * Nobody reviews what they wrote themselves; nobody but the holder changes a text.
 */
export function refusalOf(act: ReportAct, accountId: string, draft: DraftStanding | null): Refusal | null {
  if (!draft) return noDraft[act] ?? null
  return refusals[draft.stage][partOf(accountId, draft)][act] ?? null
}

function partOf(accountId: string, { holder, writtenBy }: DraftStanding): Part {
  if (accountId === holder) return 'holder'
  return accountId === writtenBy ? 'author' : 'other'
}
