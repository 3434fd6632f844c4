import { z } from 'zod'
import { AlertStatus } from '../alert/index.ts'
import { CriticalLevel, FindingGrade, ReportSection } from '../critical/model.ts'
import type { Route } from './route.ts'

const period = {
  /** Epoch ms of signing (reports) or raising (alerts): from included, to not. */
  from: z.coerce.number(),
  to: z.coerce.number(),
}

/** Where a keyword or a finding stands in a report. */
export const ReportHit = z.object({
  section: ReportSection,
  /** The sentence, and where the hit stands in it (UTF-16, end exclusive). */
  excerpt: z.string(),
  start: z.int(),
  end: z.int(),
  /** Null for a plain keyword. */
  type: z.string().nullable(),
  typeName: z.string(),
  grade: FindingGrade.nullable(),
})
export type ReportHit = z.infer<typeof ReportHit>

export const FoundReport = z.object({
  reportId: z.string(),
  version: z.int(),
  studyInstanceUid: z.string(),
  accessionNumber: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  modality: z.string(),
  itemName: z.string(),
  author: z.string(),
  signedAt: z.number(),
  alerts: z.int(),
  hits: z.array(ReportHit),
  /** Whose it is is masked for the person's clearance; absent where it is not. */
  veiled: z.boolean().optional(),
})
export type FoundReport = z.infer<typeof FoundReport>

/** A positive or possible finding of a signed report that no alert was raised for. */
export const MissedFinding = FoundReport.omit({ hits: true, alerts: true }).extend({
  hit: ReportHit,
  level: CriticalLevel,
  /** Why it was dismissed at sign-off; empty where nobody decided on it (the dictionary of then did not know it). */
  dismissed: z.string(),
})
export type MissedFinding = z.infer<typeof MissedFinding>

/** Long searches answer in parts: ask again with `cursor` until it is null. */
const part = {
  /** Reports looked at so far, and in all. */
  scanned: z.int(),
  total: z.int(),
  cursor: z.string().nullable(),
  /** Reports that could not be read because their record was changed. */
  damaged: z.int(),
}
const cursor = z.string().max(200).optional()

export const StatisticsBy = z.enum(['ward', 'type', 'doctor', 'shift', 'level', 'modality'])
export type StatisticsBy = z.infer<typeof StatisticsBy>

/** Figures of one group of alerts; times in ms, null where there is nothing to count. */
export const AlertFigures = z.object({
  count: z.int(),
  received: z.int(),
  handled: z.int(),
  closed: z.int(),
  withdrawn: z.int(),
  escalated: z.int(),
  byPhone: z.int(),
  /** Release to acknowledgement. */
  receiveMedianMs: z.number().nullable(),
  receiveP95Ms: z.number().nullable(),
  /** Share (0 to 1) of those due that were acknowledged within their level's deadline. */
  receiveWithin: z.number().nullable(),
  handleMedianMs: z.number().nullable(),
  handleP95Ms: z.number().nullable(),
  handleWithin: z.number().nullable(),
})
export type AlertFigures = z.infer<typeof AlertFigures>

export const AlertStatistics = z.object({
  total: AlertFigures,
  groups: z.array(z.object({ key: z.string(), label: z.string(), figures: AlertFigures })),
  /** One for each local day of the period, in order; `day` is YYYY-MM-DD. */
  days: z.array(z.object({ day: z.string(), red: z.int(), orange: z.int(), yellow: z.int() })),
  byStatus: z.partialRecord(AlertStatus, z.int()),
  damaged: z.int(),
})
export type AlertStatistics = z.infer<typeof AlertStatistics>

/** Looking back over reports and alerts. */
export const retrospectApi = {
  searchReports: {
    method: 'GET',
    path: '/v1/retrospect/reports',
    principal: 'session',
    permission: 'report.search',
    query: z.object({
      ...period,
      /** Every word must occur; width and case do not count. */
      keyword: z.string().trim().max(80).optional(),
      type: z.string().max(32).optional(),
      grade: FindingGrade.optional(),
      modality: z.string().max(16).optional(),
      /** Account id. */
      author: z.string().max(40).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor,
    }),
    response: z.object({ reports: z.array(FoundReport), ...part }),
  },
  /** 漏报: what the dictionary in force finds, and no alert was raised for. */
  missedFindings: {
    method: 'GET',
    path: '/v1/retrospect/missed',
    principal: 'session',
    permission: 'alert.statistics',
    query: z.object({ ...period, cursor, limit: z.coerce.number().int().min(1).max(200).default(100) }),
    response: z.object({ findings: z.array(MissedFinding), ...part }),
  },
  alertStatistics: {
    method: 'GET',
    path: '/v1/retrospect/statistics',
    principal: 'session',
    permission: 'alert.statistics',
    query: z.object({ ...period, by: StatisticsBy }),
    response: AlertStatistics,
  },
  /** Who may be searched for as an author. */
  reportAuthors: {
    method: 'GET',
    path: '/v1/retrospect/authors',
    principal: 'session',
    permission: 'report.search',
    response: z.object({ authors: z.array(z.object({ accountId: z.string(), name: z.string() })) }),
  },
  /** That somebody takes a list out of the product: audited before it is written. */
  recordRetrospectExport: {
    method: 'POST',
    path: '/v1/retrospect/exports',
    principal: 'session',
    permission: 'report.search',
    body: z.strictObject({
      list: z.enum(['reports', 'missed', 'statistics', 'alerts', 'dictionary']),
      format: z.enum(['csv', 'xlsx', 'pdf']),
      rows: z.int().min(0).max(1_000_000),
    }),
    response: z.object({}),
  },
} as const satisfies Record<string, Route>
