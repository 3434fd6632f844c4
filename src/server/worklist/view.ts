import {
  type AccessTerms,
  decide,
  decideOpening,
  type FieldLabels,
  hiddenFields,
  type Opening,
  openingOf,
  type ProtectedField,
  type Reader,
  relationshipOf,
  Sensitivity,
} from '../../shared/access/index.ts'
import { veiledOrder } from '../../shared/order/veil.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import type { SessionPrincipal } from '../foundation.ts'
import { localTime, readerOf } from '../sensitivity/index.ts'
import { type Exam, type Face, standingOf } from './exam.ts'
import { noExamLabels } from './exams.ts'

/** What one person may see of the worklist, now. */
export interface View {
  accountId: string
  clearance: Sensitivity
  /** How each label stands to them at this hour. */
  openings: Record<Sensitivity, Opening>
  reader: Reader
  /** The midnight that began the day. */
  today: number
  relationshipDays: number
  fields: FieldLabels
  /** Whether they read another exam of this patient. */
  readsPatient: (patientId: string) => boolean
  /** Where reports stand, and who writes them. */
  reports: boolean
  alerts: boolean
  /** May correct what was typed in. */
  corrects: boolean
  /** Blind indexes of labelled studies that the session has opened. */
  opened: ReadonlySet<string>
  now: number
}

export function viewOf(
  principal: SessionPrincipal,
  seen: Pick<View, 'opened' | 'now' | 'fields' | 'readsPatient'>,
  terms: AccessTerms,
): View {
  const { hour, today } = localTime(seen.now)
  const { clearance } = principal
  const openings = Object.fromEntries(
    Sensitivity.options.map((label) => [label, openingOf(label, clearance, hour, terms)]),
  ) as View['openings']
  return {
    ...seen,
    openings,
    reader: readerOf(principal),
    today,
    relationshipDays: terms.relationshipDays,
    accountId: principal.accountId,
    clearance: principal.clearance,
    reports: decide(principal, 'report.read'),
    alerts: decide(principal, 'alert.read'),
    corrects: decide(principal, 'order.enter'),
  }
}

/** What is got ready within the gateway looks at all there is: whoever asks for it is asked for their right. */
export function everything(now: number): View {
  return {
    accountId: '',
    clearance: 'highly-sensitive',
    openings: { general: 'open', sensitive: 'open', 'highly-sensitive': 'open' },
    reader: { accountId: null, reports: false, makesExams: false, oversees: false },
    today: 0,
    relationshipDays: 1,
    fields: noExamLabels.rules.fields,
    readsPatient: () => false,
    reports: false,
    alerts: false,
    corrects: false,
    opened: new Set(),
    now,
  }
}

/** The decision of `decideAccess`, for a hundred thousand exams: the openings are made once. */
export function isMasked(exam: Exam, view: View): boolean {
  const { sensitivity, studyIndex } = exam
  if (!exam.masked || (studyIndex !== null && view.opened.has(studyIndex))) return false
  return !decideOpening(
    view.openings[sensitivity],
    () =>
      relationshipOf(view.reader, standingOf(exam, view.now), view, view) ??
      (view.readsPatient(exam.full.row.patientId) ? 'same-patient' : null),
  ).granted
}

/** The fields of an exam that a person sees masked: clinical text is for who reports, and for who makes the exam today. */
export function hiddenOf(
  { fields, clearance, reports, today }: Pick<View, 'fields' | 'clearance' | 'reports' | 'today'>,
  examAt: number | null,
): ReadonlySet<ProtectedField> {
  const ofToday = examAt !== null && examAt >= today && examAt < today + 86_400_000
  return hiddenFields(fields, { clearance, clinicalText: reports || ofToday })
}

/** The exam as the person may see it; everything that is filtered or searched is looked for in this. */
export function faceFor(exam: Exam, view: View): Face {
  if (exam.masked && isMasked(exam, view)) return exam.masked
  // Almost always: a hundred thousand times a request.
  if (!exam.veiled) return exam.full
  const { studyIndex } = exam
  if (studyIndex !== null && view.opened.has(studyIndex)) return exam.full
  return exam.veiled[view.clearance] ?? exam.full
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
    ...(view.corrects && exam.typed && !row.masked
      ? { typedOrder: veiledOrder(exam.typed, hiddenOf(view, exam.full.row.examAt)) }
      : {}),
  }
}
