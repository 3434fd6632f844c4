import { z } from 'zod'
import { ReportText } from './text.ts'

/** A person as a report names them. */
export const ReportPerson = z.object({ accountId: z.string(), name: z.string() })
export type ReportPerson = z.infer<typeof ReportPerson>

/**
 * Where an unsigned report is on its way: being written (书写中), handed in for review (待审核), being reviewed by another
 * (审核中), given back with a comment (已退回).
 */
export const ReportStage = z.enum(['writing', 'submitted', 'reviewing', 'rejected'])
export type ReportStage = z.infer<typeof ReportStage>

/** What happened to a report before its signature: who, when, and the text as it then was. Never changed or removed. */
export const ReportStep = z.object({
  id: z.string(),
  kind: z.enum([
    'submitted',
    /** The author took it back before anybody reviewed it. */
    'recalled',
    'review-taken',
    /** The reviewer gave the review up without a decision: it waits for review again. */
    'review-released',
    'rejected',
    /** Another took the draft of somebody who is not there, with a reason. */
    'taken-over',
  ]),
  by: ReportPerson,
  at: z.number(),
  text: ReportText,
  /** The reviewer's words with a rejection, the reason of a take-over; empty otherwise. */
  comment: z.string().max(500),
})
export type ReportStep = z.infer<typeof ReportStep>

/** A report that was handed in and is not signed: what everybody who may read reports sees of it. */
export const Submission = z.object({
  stage: ReportStage.exclude(['writing']),
  writtenBy: ReportPerson,
  submittedAt: z.number(),
  text: ReportText,
  reviewer: ReportPerson.nullable(),
  /** The reviewer's words, where it was given back. */
  comment: z.string().max(500),
  /** Positive and possible critical findings that the gateway's own analysis found in it. */
  suspected: z.int().nonnegative(),
})
export type Submission = z.infer<typeof Submission>
