import type { ReportStep, ReportText, SignedReport } from '../../../shared/report/index.ts'

/** A state of the text that can be compared: signed, or as it was at a step, or as it is being written. */
export interface HistoryEntry {
  id: string
  what:
    | { kind: 'version'; version: number }
    | { kind: 'step'; step: ReportStep['kind'] }
    | { kind: 'present' }
  /** Empty for the text as it is being written. */
  by: string
  /** Null for the text as it is being written. */
  at: number | null
  text: ReportText
  /** The reviewer's words, the reason of a take-over or of an amendment. */
  comment: string
}

/** Everything that is known of a report's texts, the newest first. */
export function historyEntries(
  versions: readonly SignedReport[],
  steps: readonly ReportStep[],
  present: ReportText | null,
): HistoryEntry[] {
  const past = [
    ...versions.map(
      ({ document, signedAt }): HistoryEntry => ({
        id: `version-${document.version}`,
        what: { kind: 'version', version: document.version },
        by: document.author.name,
        at: signedAt,
        text: document.text,
        comment: document.amendment?.reason ?? '',
      }),
    ),
    ...steps.map(
      ({ id, kind, by, at, text, comment }): HistoryEntry => ({
        id: `step-${id}`,
        what: { kind: 'step', step: kind },
        by: by.name,
        at,
        text,
        comment,
      }),
    ),
  ].toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))
  return present
    ? [{ id: 'present', what: { kind: 'present' }, by: '', at: null, text: present, comment: '' }, ...past]
    : past
}

/** The two that are compared at first: the newest, and the next before it whose text is another. */
export function firstComparison(entries: readonly HistoryEntry[]): { older: string; newer: string } | null {
  const [newest] = entries
  if (!newest) return null
  const other = entries.find(({ text }) => !sameText(text, newest.text)) ?? entries[1] ?? newest
  return { older: other.id, newer: newest.id }
}

export function sameText(a: ReportText, b: ReportText): boolean {
  return a.findings === b.findings && a.impression === b.impression
}
