import { findingKey, needsDecision, type SectionFinding } from '../../shared/critical/index.ts'
import type { FindingDecision, ReportText } from '../../shared/report/index.ts'

export const dismissReasons = ['repeated', 'called', 'known', 'misread', 'notCritical'] as const
export type DismissReason = (typeof dismissReasons)[number] | 'other'

/** What the radiologist has entered for one finding so far. Both texts are kept when the choice changes. */
export interface Entry {
  action: 'alert' | 'dismiss' | null
  content: string
  reason: DismissReason | null
  otherReason: string
}

export type Entries = Readonly<Record<string, Entry>>

/** The findings that need a decision, and those that are shown for information. */
export function divide(findings: readonly SectionFinding[]) {
  return {
    toDecide: findings.filter(needsDecision),
    information: findings.filter((finding) => !needsDecision(finding)),
  }
}

/** Nothing decided; the alert's text is made of the type's name and the finding's own sentence. */
export function freshEntries(
  findings: readonly SectionFinding[],
  text: ReportText,
  typeName: (code: string) => string,
): Entries {
  return Object.fromEntries(
    divide(findings).toDecide.map((finding) => {
      const { before, hit, after } = excerpt(text[finding.section], finding)
      const content = `${typeName(finding.type)}：${(before + hit + after).trim()}`.slice(0, 500)
      return [findingKey(finding), { action: null, content, reason: null, otherReason: '' }]
    }),
  )
}

/** Why an entry is not yet a decision; null where it is one. */
export function lackOf(entry: Entry): 'action' | 'content' | 'reason' | null {
  if (entry.action === null) return 'action'
  if (entry.action === 'alert') return entry.content.trim() === '' ? 'content' : null
  if (entry.reason === null) return 'reason'
  return entry.reason === 'other' && entry.otherReason.trim().length < 2 ? 'reason' : null
}

/** The decisions to sign, in the order of the findings. `reasonText` words a picked reason. Only for entries that lack nothing. */
export function decisionsOf(
  findings: readonly SectionFinding[],
  entries: Entries,
  reasonText: (reason: (typeof dismissReasons)[number]) => string,
): FindingDecision[] {
  return divide(findings).toDecide.flatMap((finding): FindingDecision[] => {
    const entry = entries[findingKey(finding)]
    if (!entry || lackOf(entry) !== null) return []
    const { section, start, end, type } = finding
    if (entry.action === 'alert') {
      return [{ action: 'alert', section, start, end, type, content: entry.content.trim() }]
    }
    const reason =
      entry.reason === null || entry.reason === 'other' ? entry.otherReason.trim() : reasonText(entry.reason)
    return [{ action: 'dismiss', section, start, end, type, reason }]
  })
}

/** The sentence around a finding, at most `reach` characters to each side. */
export function excerpt(text: string, { start, end }: { start: number; end: number }, reach = 60) {
  const stop = /[。！？；;!?\n]/
  let from = start
  while (from > 0 && start - from < reach && !stop.test(text[from - 1] ?? '')) from -= 1
  let to = end
  while (to < text.length && to - end < reach && !stop.test(text[to] ?? '')) to += 1
  // The number of a list item is not part of its sentence; that of 1.5 cm is.
  const before = text.slice(from, start).replace(/^\s*(\d+[.、)）](?!\d)\s*)?/, '')
  return {
    before,
    hit: text.slice(start, end),
    after: text.slice(end, to),
  }
}
