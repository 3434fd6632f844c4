import { type EarlierAlert, type FindingKind, maybeSame } from '../../shared/alert/index.ts'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import { findingKey, type SectionFinding, type Side } from '../../shared/critical/index.ts'
import type { FindingDecision, StandingDecision } from '../../shared/report/index.ts'
import {
  type AddedAlert,
  type AlertEntry,
  type DismissReason,
  divide,
  type Entry,
  earlierOf,
  earlierStanding,
  type StandingEntry,
  type Work,
} from './work.ts'

/** Why something that was entered is not yet a decision. */
export type Lack =
  | 'action'
  | 'type'
  | 'content'
  | 'recipient'
  | 'repeats'
  | 'reason'
  | 'no-alert'
  | 'passage'
  | 'same-passage'

type Earlier = readonly EarlierAlert[]

/** What an alert still lacks. One that was raised before is sent again only by a word of its own. */
export function lackOfAlert(alert: AlertEntry, side: Side | undefined, earlier: Earlier): Lack | null {
  if (alert.type === '') return 'type'
  if (alert.content.trim() === '') return 'content'
  if (alert.recipient.name.trim() === '') return 'recipient'
  const before = earlierOf(earlier, { type: alert.type, side })
  return before && alert.repeats !== before.id ? 'repeats' : null
}

/** What the entry of a finding still lacks; `raised` is what the report's alerts are about. */
export function lackOf(
  entry: Entry,
  finding: Pick<SectionFinding, 'type' | 'side'>,
  earlier: Earlier,
  raised: readonly FindingKind[],
): Lack | null {
  if (entry.action === null) return 'action'
  if (entry.action === 'alert') return lackOfAlert(entry.alert, finding.side, earlier)
  if (entry.reason === null) return 'reason'
  // Reported with another finding of this report: then there must be an alert that is about it.
  if (entry.reason === 'repeated' && !raised.some((kind) => maybeSame(kind, finding))) return 'no-alert'
  return entry.reason === 'other' && entry.otherReason.trim().length < 2 ? 'reason' : null
}

export function lackOfAdded(added: AddedAlert, work: Work, earlier: Earlier): Lack | null {
  if (added.alert.type === '') return 'type'
  if (added.passage === null) return 'passage'
  const { passage } = added
  const keyOf = ({ alert, passage: of }: AddedAlert) => of && findingKey({ ...of, type: alert.type })
  const key = findingKey({ ...passage, type: added.alert.type })
  const taken =
    key in work.entries || work.added.some((other) => other.id !== added.id && keyOf(other) === key)
  return taken ? 'same-passage' : lackOfAlert(added.alert, undefined, earlier)
}

export function lackOfStanding(entry: StandingEntry): Lack | null {
  if (entry.action === null) return 'action'
  return entry.reason.trim().length < 2 ? 'reason' : null
}

/** What the report's alerts are about, as entered: the type that each is given, and its finding's own. */
function raisedKinds(findings: readonly SectionFinding[], work: Work): FindingKind[] {
  const found = divide(findings).toDecide.flatMap(({ type, side, ...finding }): FindingKind[] => {
    const entry = work.entries[findingKey({ type, ...finding })]
    return entry?.action === 'alert'
      ? [
          { type, side },
          { type: entry.alert.type, side },
        ]
      : []
  })
  return [...found, ...work.added.map(({ alert }) => ({ type: alert.type }))]
}

/** Everything that lacks something, in the order in which it is shown: standing alerts, findings, added ones. */
export function lacking(
  prepared: Pick<PreparedSignOff, 'findings' | 'earlier' | 'standing'>,
  work: Work,
): { id: string; lack: Lack }[] {
  const raised = raisedKinds(prepared.findings, work)
  const earlier = earlierStanding(prepared.earlier, work)
  const of = (id: string, lack: Lack | null) => (lack ? [{ id, lack }] : [])
  return [
    ...prepared.standing.flatMap(({ id }) => {
      const entry = work.standing[id]
      return of(id, entry ? lackOfStanding(entry) : 'action')
    }),
    ...divide(prepared.findings).toDecide.flatMap((finding) => {
      const key = findingKey(finding)
      const entry = work.entries[key]
      return of(key, entry ? lackOf(entry, finding, earlier, raised) : 'action')
    }),
    ...work.added.flatMap((added) => of(added.id, lackOfAdded(added, work, earlier))),
  ]
}

/** The decisions to sign, in the order of the findings, then the added. `reasonText` words a picked reason. Only of what lacks nothing. */
export function decisionsOf(
  findings: readonly SectionFinding[],
  work: Work,
  reasonText: (reason: Exclude<DismissReason, 'other'>) => string,
): FindingDecision[] {
  const decided = divide(findings).toDecide.flatMap((finding): FindingDecision[] => {
    const entry = work.entries[findingKey(finding)]
    if (!entry?.action) return []
    const { section, start, end, type } = finding
    if (entry.action === 'alert') return [alertDecision({ section, start, end, type }, entry.alert)]
    const reason =
      entry.reason === null || entry.reason === 'other' ? entry.otherReason.trim() : reasonText(entry.reason)
    return [{ action: 'dismiss', section, start, end, type, reason }]
  })
  const added = work.added.flatMap(({ passage, alert }) =>
    passage ? [alertDecision({ ...passage, type: alert.type }, alert)] : [],
  )
  return [...decided, ...added]
}

function alertDecision(
  at: Pick<FindingDecision, 'section' | 'start' | 'end' | 'type'>,
  { type, level, content, recipient, repeats }: AlertEntry,
): Extract<FindingDecision, { action: 'alert' }> {
  return { action: 'alert', ...at, alertType: type, level, content: content.trim(), recipient, repeats }
}

export function standingDecisionsOf(standing: readonly EarlierAlert[], work: Work): StandingDecision[] {
  return standing.flatMap(({ id }): StandingDecision[] => {
    const entry = work.standing[id]
    return entry?.action ? [{ alertId: id, action: entry.action, reason: entry.reason.trim() }] : []
  })
}
