import type { AuditRow } from '../../../shared/audit/index.ts'

type Outcome = AuditRow['outcome']
type Count = Record<Outcome, number>

/** One record that an auditor wants to see by itself. */
export interface Noted {
  seq: number
  at: number
  action: string
  outcome: Outcome
  actor: string
  object: string
}

/** What the records of a period come to. Counts of records, unless it says otherwise. */
export interface Figures {
  records: number
  outcomes: Count
  firstSeq: number | null
  lastSeq: number | null
  /** By what stands before the point of the action. */
  capabilities: Map<string, Count>
  hours: number[]
  /** By day (`2026-11-22`). */
  days: Map<string, number>
  signIns: number
  /** Refused sign-ins and unlocks, by code. */
  signInRefusals: Map<string, number>
  /** Refusals by actor (`account:…`, `workstation:…`). */
  denials: Map<string, number>
  reports: { signed: number; amended: number; printed: number }
  /** By action. */
  alerts: Map<string, number>
  glassBroken: Noted[]
  labels: Noted[]
  /** Exports and prints by actor: how often, and rows of tables. */
  exports: Map<string, { times: number; rows: number }>
  /** Changes of accounts, of what is secret of them, and of the policy. */
  changes: Noted[]
  /** Notes left out because there were too many. */
  notShown: { labels: number; changes: number }
}

const mostNoted = 200
const changed =
  /^(?:account|policy|label-rules|fallback|password|totp|lockout|workstation|pki|keys?|master-key)\./
const labelled = /^(?:study|patient|report)\.labelled$/
const taken = /\.(?:exported|printed)$/

/** Adds up a period's records, page by page. Pure but for what it was given. */
export function createTally(calendar: { dayOf(at: number): string; hourOf(at: number): number }) {
  const figures: Figures = {
    records: 0,
    outcomes: none(),
    firstSeq: null,
    lastSeq: null,
    capabilities: new Map(),
    hours: Array.from({ length: 24 }, () => 0),
    days: new Map(),
    signIns: 0,
    signInRefusals: new Map(),
    denials: new Map(),
    reports: { signed: 0, amended: 0, printed: 0 },
    alerts: new Map(),
    glassBroken: [],
    labels: [],
    exports: new Map(),
    changes: [],
    notShown: { labels: 0, changes: 0 },
  }

  function add(row: AuditRow): void {
    const { seq, at, action, outcome, actor, detail } = row
    const capability = action.slice(0, Math.max(0, action.indexOf('.'))) || action
    figures.records += 1
    figures.outcomes[outcome] += 1
    figures.firstSeq ??= seq
    figures.lastSeq = seq
    const count = figures.capabilities.get(capability) ?? none()
    count[outcome] += 1
    figures.capabilities.set(capability, count)
    const hour = calendar.hourOf(at)
    figures.hours[hour] = (figures.hours[hour] ?? 0) + 1
    plus(figures.days, calendar.dayOf(at))
    if (outcome === 'refused') {
      plus(figures.denials, actor)
      if (action === 'sign-in.refused' || action === 'session.unlock-refused')
        plus(figures.signInRefusals, typeof detail.code === 'string' ? detail.code : 'unknown')
    }
    if (outcome !== 'success') return
    if (action === 'sign-in.accepted') figures.signIns += 1
    if (action === 'report.signed')
      figures.reports[detail.amendment === undefined ? 'signed' : 'amended'] += 1
    if (action === 'report.printed') figures.reports.printed += 1
    if (capability === 'alert') plus(figures.alerts, action)
    if (taken.test(action)) {
      const known = figures.exports.get(actor) ?? { times: 0, rows: 0 }
      const rows = typeof detail.rows === 'number' ? detail.rows : 0
      figures.exports.set(actor, { times: known.times + 1, rows: known.rows + rows })
    }
    const noted: Noted = { seq, at, action, outcome, actor, object: row.object }
    if (action === 'study.glass-broken') figures.glassBroken.push(noted)
    if (labelled.test(action)) note('labels', noted)
    if (changed.test(action)) note('changes', noted)
  }

  function note(list: 'labels' | 'changes', noted: Noted): void {
    if (figures[list].length < mostNoted) figures[list].push(noted)
    else figures.notShown[list] += 1
  }

  return { add, figures }
}

const none = (): Count => ({ success: 0, refused: 0, failed: 0 })
const plus = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1)
