import { z } from 'zod'
import { KeyImage, ReportStep, ReportText } from '../report/index.ts'
import { Uid } from '../study/index.ts'
import type { Route } from './route.ts'

const study = z.object({ study: Uid })
const done = z.object({})
const comment = z.string().trim().min(2).max(500)

/** The way of a report from its author to who signs it, its history, and its key images. */
export const reportsApi = {
  /**
   * Hands the draft in for review (提交审核): it is then nobody's to write. `baseRevision` is the draft's, a mismatch is
   * `report-changed`. Answers how many critical findings stand in it: they are told when it is signed, so it is urgent.
   */
  submitReport: {
    method: 'POST',
    path: '/v1/studies/:study/report/submit',
    principal: 'session',
    permission: 'report.write',
    params: study,
    body: z.strictObject({ text: ReportText, baseRevision: z.int().nonnegative() }),
    bodyLimit: 262_144,
    response: z.object({ suspected: z.int() }),
  },
  /** The author takes it back; `report-under-review` once a reviewer has it. */
  recallReport: {
    method: 'POST',
    path: '/v1/studies/:study/report/recall',
    principal: 'session',
    permission: 'report.write',
    params: study,
    response: done,
  },
  /** Another takes it to review: the draft is theirs, to correct and sign or to give back. Not the author's own. */
  takeReview: {
    method: 'POST',
    path: '/v1/studies/:study/report/review',
    principal: 'session',
    permission: 'report.review',
    params: study,
    response: done,
  },
  /** The reviewer lets go of it: it waits for review again, as it was handed in. */
  releaseReview: {
    method: 'DELETE',
    path: '/v1/studies/:study/report/review',
    principal: 'session',
    permission: 'report.review',
    params: study,
    response: done,
  },
  /** Gives it back to its author (退回) with the reviewer's words, and with the text as the reviewer left it. */
  rejectReport: {
    method: 'POST',
    path: '/v1/studies/:study/report/reject',
    principal: 'session',
    permission: 'report.review',
    params: study,
    body: z.strictObject({ comment }),
    response: done,
  },
  /** Takes over the draft of somebody who is not there; they find it in the history. */
  takeOverDraft: {
    method: 'POST',
    path: '/v1/studies/:study/report/take-over',
    principal: 'session',
    permission: 'report.review',
    params: study,
    body: z.strictObject({ reason: comment }),
    response: done,
  },
  /** What happened before each signature, oldest first. */
  reportSteps: {
    method: 'GET',
    path: '/v1/studies/:study/report/steps',
    principal: 'session',
    permission: 'report.read',
    params: study,
    response: z.object({ steps: z.array(ReportStep) }),
  },
  /** Keeps the pixels of a key image; the draft names it by its id from then on. */
  storeKeyImage: {
    method: 'POST',
    path: '/v1/studies/:study/report/key-images',
    principal: 'session',
    permission: 'report.write',
    params: study,
    body: z.strictObject({
      ...KeyImage.omit({ id: true, width: true, height: true }).shape,
      /** base64 */
      png: z.base64().max(6_000_000),
    }),
    bodyLimit: 6_100_000,
    response: z.object({ keyImage: KeyImage }),
  },
  keyImage: {
    method: 'GET',
    path: '/v1/studies/:study/report/key-images/:image',
    principal: 'session',
    permission: 'report.read',
    params: z.object({ study: Uid, image: KeyImage.shape.id }),
    response: z.object({ png: z.base64() }),
  },
  /** What stands at the head of a printed report. */
  letterhead: {
    method: 'GET',
    path: '/v1/letterhead',
    principal: 'session',
    permission: 'report.read',
    response: z.object({
      hospital: z.string(),
      department: z.string(),
      title: z.string(),
      note: z.string(),
      /** `data:image/png;base64,…` or empty. */
      logo: z.string(),
    }),
  },
  /** A report left the workstation, on paper or as a file: for the audit, before it does. */
  recordReportPrint: {
    method: 'POST',
    path: '/v1/studies/:study/report/print',
    principal: 'session',
    permission: 'report.read',
    params: study,
    body: z.strictObject({ version: z.int().positive(), format: z.enum(['pdf', 'paper', 'json']) }),
    response: done,
  },
} as const satisfies Record<string, Route>
