import { type EarlierAlert, type FindingKind, maybeSame, type Recipient } from '../../shared/alert/index.ts'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import {
  type CriticalLevel,
  findingKey,
  needsDecision,
  type SectionFinding,
} from '../../shared/critical/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import { type Passage, sentenceOf } from './excerpt.ts'
import { proposedTogether, speakerOf } from './together.ts'

export const dismissReasons = ['repeated', 'called', 'known', 'misread', 'notCritical'] as const
export type DismissReason = (typeof dismissReasons)[number] | 'other'

/** What an alert is to say, and to whom. */
export interface AlertEntry {
  type: string
  level: CriticalLevel
  content: string
  recipient: Recipient
  /** Id of the earlier alert that it is to repeat all the same; null while nobody said so. */
  repeats: string | null
}

/** What the radiologist has entered for one finding so far. What was entered for the other choice is kept. */
export interface Entry {
  action: 'alert' | 'dismiss' | null
  alert: AlertEntry
  reason: DismissReason | null
  otherReason: string
}

/** An alert that the radiologist adds for a sentence in which no term was found. */
export interface AddedAlert {
  /** Of this dialog alone. */
  id: string
  /** Null while none is chosen. */
  passage: Passage | null
  alert: AlertEntry
}

/** On an alert whose finding the text no longer has. */
export interface StandingEntry {
  action: 'withdraw' | 'keep' | null
  reason: string
}

/** Everything that is entered between preparation and signature, but for the PIN. */
export interface Work {
  /** By findingKey. */
  entries: Readonly<Record<string, Entry>>
  added: readonly AddedAlert[]
  /** By the alert's id. */
  standing: Readonly<Record<string, StandingEntry>>
}

type Prepared = Pick<PreparedSignOff, 'findings' | 'recipients' | 'standing'>

/** The findings that need a decision, and those that are shown for information. */
export function divide(findings: readonly SectionFinding[]) {
  return {
    toDecide: findings.filter(needsDecision),
    information: findings.filter((finding) => !needsDecision(finding)),
  }
}

/** Nobody in particular: the field stands open. */
export function nobody(kind: Recipient['kind']): Recipient {
  return { kind, name: '', department: '', code: '', phone: '' }
}

/** Who is proposed for a type: whom the dictionary names for it, else the first that the gateway proposes. */
export function proposedRecipient(
  recipients: readonly Recipient[],
  types: CriticalTypes,
  type: string,
): Recipient {
  const kind = types.of(type)?.recipient
  const named = recipients.find((each) => each.kind === kind && each.name !== '')
  return named ?? recipients[0] ?? nobody(kind ?? 'ward')
}

/** The words that an alert starts with: the type's name and the sentence. */
export function proposedContent(types: CriticalTypes, type: string, sentence: string): string {
  return (type === '' ? sentence : `${types.name(type)}：${sentence}`).slice(0, 500)
}

/**
 * Each alert as it is proposed, and nothing decided but what goes with another finding: that counts only once the other
 * is alerted.
 */
export function freshWork(prepared: Prepared, text: ReportText, types: CriticalTypes): Work {
  const together = proposedTogether(prepared.findings)
  return {
    entries: Object.fromEntries(
      divide(prepared.findings).toDecide.map((finding): [string, Entry] => [
        findingKey(finding),
        {
          ...(together.has(findingKey(finding))
            ? { action: 'dismiss', reason: 'repeated' }
            : { action: null, reason: null }),
          alert: {
            type: finding.type,
            level: finding.level,
            content: proposedContent(types, finding.type, sentenceOf(text[finding.section], finding)),
            recipient: proposedRecipient(prepared.recipients, types, finding.type),
            repeats: null,
          },
          otherReason: '',
        },
      ]),
    ),
    added: [],
    standing: Object.fromEntries(prepared.standing.map(({ id }) => [id, { action: null, reason: '' }])),
  }
}

/**
 * What was entered for an earlier preparation, on a new one: kept where the finding is the same (section, type and
 * sentence), fresh where it is not. Nothing is decided that was not before.
 */
export function carriedWork(
  before: { findings: readonly SectionFinding[]; text: ReportText; work: Work },
  prepared: Prepared,
  text: ReportText,
  types: CriticalTypes,
): Work {
  const fresh = freshWork(prepared, text, types)
  const entered = new Map(
    namedFindings(before.findings, before.text).map(({ name, key }) => [name, before.work.entries[key]]),
  )
  const kept = namedFindings(prepared.findings, text).flatMap(({ name, key }): [string, Entry][] => {
    const entry = entered.get(name)
    return entry ? [[key, entry]] : []
  })
  const entries = { ...fresh.entries, ...Object.fromEntries(kept) }
  return {
    entries: {
      ...entries,
      ...undecidedBeside(prepared.findings, entries, new Set(kept.map(([key]) => key))),
    },
    added: before.work.added.map((added) => ({ ...added, passage: moved(added.passage, before.text, text) })),
    standing: { ...fresh.standing, ...pick(before.work.standing, Object.keys(fresh.standing)) },
  }
}

/** What is new beside an alert that was decided before is not taken along with it: it is to be seen first. */
function undecidedBeside(
  findings: readonly SectionFinding[],
  entries: Work['entries'],
  kept: ReadonlySet<string>,
): Record<string, Entry> {
  return Object.fromEntries(
    findings.flatMap((finding): [string, Entry][] => {
      const key = findingKey(finding)
      const entry = entries[key]
      const speaker = speakerOf(finding, findings, entries)
      const decided = speaker !== null && entries[findingKey(speaker)]?.action !== null
      return entry && decided && !kept.has(key) ? [[key, { ...entry, action: null, reason: null }]] : []
    }),
  )
}

/** Each finding to decide under a name that outlives an edit elsewhere in the text; the second of one name counts as second. */
function namedFindings(findings: readonly SectionFinding[], text: ReportText) {
  const seen = new Map<string, number>()
  return divide(findings).toDecide.map((finding) => {
    const { section, type } = finding
    const name = JSON.stringify([section, type, finding.text, sentenceOf(text[section], finding)])
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    return { name: `${nth} ${name}`, key: findingKey(finding) }
  })
}

/** The same words in the new text; null where they are gone. */
function moved(passage: Passage | null, before: ReportText, text: ReportText): Passage | null {
  if (!passage) return null
  const words = before[passage.section].slice(passage.start, passage.end)
  if (text[passage.section].slice(passage.start, passage.end) === words) return passage
  const start = text[passage.section].indexOf(words)
  return start < 0 ? null : { ...passage, start, end: start + words.length }
}

function pick<T>(all: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = all[key]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** The newest alert that the patient has had for a finding, of those that the gateway asks about. */
export function earlierOf(earlier: readonly EarlierAlert[], kind: FindingKind): EarlierAlert | null {
  return earlier.find((alert) => maybeSame(alert, kind)) ?? null
}

/** The earlier alerts but for those that are to be withdrawn with this signature. */
export function earlierStanding(earlier: readonly EarlierAlert[], { standing }: Work): EarlierAlert[] {
  return earlier.filter(({ id }) => standing[id]?.action !== 'withdraw')
}

/** The alert with another type: level, recipient and words follow it where they were as proposed. */
export function withType(
  alert: AlertEntry,
  type: string,
  {
    types,
    recipients,
    sentence,
  }: { types: CriticalTypes; recipients: readonly Recipient[]; sentence: string },
): AlertEntry {
  const untouched = alert.content === proposedContent(types, alert.type, sentence)
  const proposed = proposedRecipient(recipients, types, alert.type)
  return {
    type,
    level: types.of(type)?.level ?? alert.level,
    content: untouched ? proposedContent(types, type, sentence) : alert.content,
    recipient: same(alert.recipient, proposed) ? proposedRecipient(recipients, types, type) : alert.recipient,
    repeats: null,
  }
}

function same(a: Recipient, b: Recipient): boolean {
  return a.kind === b.kind && a.name === b.name && a.phone === b.phone
}
