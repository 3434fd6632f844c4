import { z } from 'zod'
import { Sensitivity } from '../access/index.ts'
import { Order } from '../order/index.ts'
import { BrokenObject, StudySummary, Uid } from '../study/index.ts'
import { WorklistFilter, WorklistRow, WorklistSort } from '../worklist/index.ts'
import type { Route } from './route.ts'

/** A stretch of the list. It is asked by POST: a query string holds patients' names, and ends up in logs. */
export const WorklistQuery = z.strictObject({
  filter: WorklistFilter,
  /** Null for the reading order. */
  sort: WorklistSort.nullable().default(null),
  offset: z.int().min(0).max(1_000_000).default(0),
  limit: z.int().min(1).max(1000).default(200),
})
export type WorklistQuery = z.infer<typeof WorklistQuery>

/** `revision` is another whenever something on the list changed: pages of different revisions do not fit together. */
export const WorklistPage = z.object({
  rows: z.array(WorklistRow),
  offset: z.int(),
  total: z.int(),
  revision: z.int(),
  broken: z.array(BrokenObject),
})
export type WorklistPage = z.infer<typeof WorklistPage>

/** Another exam of the same patient. */
export const PriorStudy = StudySummary.pick({
  studyInstanceUid: true,
  accessionNumber: true,
  studyDate: true,
  studyTime: true,
  description: true,
  bodyPart: true,
  modalities: true,
  seriesCount: true,
  instanceCount: true,
}).extend({
  itemName: z.string(),
  /** A signed report can be read beside. False for a person who may not read reports. */
  reported: z.boolean(),
  /** How well it suits the comparison, 0 to 1: modality, body part, nearness in time. The first is the likeliest. */
  likeness: z.number().min(0).max(1),
  masked: z.boolean(),
})
export type PriorStudy = z.infer<typeof PriorStudy>

const studyParams = z.object({ study: Uid })
const done = z.object({})

export const worklistApi = {
  worklist: {
    method: 'POST',
    path: '/v1/worklist',
    principal: 'session',
    permission: 'worklist.read',
    body: WorklistQuery,
    response: WorklistPage,
  },
  /** The patient's other studies, the likeliest comparison first. */
  priorStudies: {
    method: 'GET',
    path: '/v1/studies/:study/priors',
    principal: 'session',
    permission: 'study.read',
    params: studyParams,
    response: z.object({ priors: z.array(PriorStudy) }),
  },
  /**
   * Says that the person reports this exam, for four hours or until it is signed or given back. `exam-claimed` with name and time
   * where another has; with `takeOver`, which is audited, it passes to this person all the same.
   */
  claimExam: {
    method: 'POST',
    path: '/v1/studies/:study/claim',
    principal: 'session',
    permission: 'study.claim',
    params: studyParams,
    body: z.strictObject({ takeOver: z.boolean() }),
    response: done,
  },
  releaseExam: {
    method: 'DELETE',
    path: '/v1/studies/:study/claim',
    principal: 'session',
    permission: 'study.claim',
    params: studyParams,
    response: done,
  },
  /**
   * Opens a labelled study to this session for the policy's hours; audited with the reason, told to the security officer and
   * reviewed. With `report` also where only the words of its report are labelled.
   */
  breakGlass: {
    method: 'POST',
    path: '/v1/studies/:study/break-glass',
    principal: 'session',
    permission: 'study.break-glass',
    whileRestricted: true,
    params: studyParams,
    body: z.strictObject({ reason: z.string().trim().min(4).max(200), report: z.boolean().optional() }),
    response: z.object({ until: z.number() }),
  },
  /** Labels a study; a label below the order's own does not count. */
  labelStudy: {
    method: 'PUT',
    path: '/v1/studies/:study/sensitivity',
    principal: 'session',
    permission: 'study.label',
    params: studyParams,
    body: z.strictObject({ sensitivity: Sensitivity, reason: z.string().trim().min(2).max(200) }),
    response: done,
  },
  /** A typed-in order, for an exam that no order came for; or the correction of one that was typed in. */
  enterOrder: {
    method: 'POST',
    path: '/v1/orders',
    principal: 'session',
    permission: 'order.enter',
    body: Order.omit({ orderedAt: true }),
    response: z.object({ outcome: z.enum(['added', 'replaced']) }),
  },
} as const satisfies Record<string, Route>
