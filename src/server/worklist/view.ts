import { decide, isCleared, type Sensitivity } from '../../shared/access/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import type { SessionPrincipal } from '../foundation.ts'
import type { Exam, Face } from './exam.ts'

/** What one person may see of the worklist, now. */
export interface View {
  accountId: string
  clearance: Sensitivity
  /** Where reports stand, and who writes them. */
  reports: boolean
  alerts: boolean
  /** May correct what was typed in. */
  corrects: boolean
  /** Blind indexes of labelled studies that the session has opened. */
  opened: ReadonlySet<string>
  now: number
}

export function viewOf(principal: SessionPrincipal, opened: ReadonlySet<string>, now: number): View {
  return {
    accountId: principal.accountId,
    clearance: principal.clearance,
    reports: decide(principal, 'report.read'),
    alerts: decide(principal, 'alert.read'),
    corrects: decide(principal, 'order.enter'),
    opened,
    now,
  }
}

export function isMasked({ sensitivity, studyIndex }: Exam, { clearance, opened }: View): boolean {
  return !isCleared(clearance, sensitivity) && !(studyIndex !== null && opened.has(studyIndex))
}

/** The exam as the person may see it; everything that is filtered or searched is looked for in this. */
export function faceFor(exam: Exam, view: View): Face {
  return exam.masked && isMasked(exam, view) ? exam.masked : exam.full
}

/** Whose the exam is now: by the draft, else by a claim whose time is not over. */
export function claimNow({ report, claim }: Exam, now: number): { accountId: string; since: number } | null {
  if (report?.status === 'signed') return null
  if (report?.holder) return { accountId: report.holder, since: report.heldSince ?? 0 }
  return claim && claim.until > now ? { accountId: claim.accountId, since: claim.since } : null
}

/** The row that is sent. */
export function rowFor(exam: Exam, view: View, nameOf: (accountId: string) => string): WorklistRow {
  const { row } = faceFor(exam, view)
  const claim = view.reports && !row.masked ? claimNow(exam, view.now) : null
  return {
    ...row,
    ...(view.reports ? {} : { reportStatus: 'none' as const, reportedBy: '', reviewedBy: '', suspected: 0 }),
    ...(view.alerts ? {} : { criticalAlerts: 0, criticalOpen: 0, suspected: 0 }),
    claimedBy: claim && {
      name: nameOf(claim.accountId),
      own: claim.accountId === view.accountId,
      since: claim.since,
    },
    ...(view.corrects && exam.typed && !row.masked ? { typedOrder: exam.typed } : {}),
  }
}
