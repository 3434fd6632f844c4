import type { AuditedReport } from '../../../../shared/api/audit.ts'
import type { ReportStep } from '../../../../shared/report/index.ts'

export interface Section {
  name: string
  text: string
}

/** The text of a report at one moment: signed, or at a step before. */
export interface ReportState {
  id: string
  what: { kind: 'version'; version: number } | { kind: 'step'; step: ReportStep['kind'] }
  by: string
  at: number
  /** The reason of an amendment, the reviewer's words. */
  comment: string
  sections: readonly Section[]
  /** Of the signature over the stored version; null where none belongs to it. */
  intact: boolean | null
}

/** Everything that is known of a report's texts, the oldest first. */
export function reportStates({ versions, steps }: AuditedReport): ReportState[] {
  return [
    ...versions.map(
      ({ version, signedAt, author, reason, sections, intact }): ReportState => ({
        id: `version-${version}`,
        what: { kind: 'version', version },
        by: author,
        at: signedAt,
        comment: reason,
        sections,
        intact,
      }),
    ),
    ...steps.map(
      ({ id, kind, by, at, text, comment }): ReportState => ({
        id: `step-${id}`,
        what: { kind: 'step', step: kind },
        by: by.name,
        at,
        comment,
        sections: [
          { name: 'findings', text: text.findings },
          { name: 'impression', text: text.impression },
        ],
        intact: null,
      }),
    ),
  ].toSorted((a, b) => a.at - b.at)
}

/** The sections of two states side by side, by name; what one of them has not is empty there. */
export function paired(before: readonly Section[], after: readonly Section[]) {
  const names = [...new Set([...before, ...after].map(({ name }) => name))]
  const textIn = (sections: readonly Section[], name: string) =>
    sections.find((section) => section.name === name)?.text ?? ''
  return names.map((name) => ({ name, before: textIn(before, name), after: textIn(after, name) }))
}

/** Compared at first: the last two, or the newest version and the one before it where there are two. */
export function firstPair(states: readonly ReportState[]): { before: string; after: string } | null {
  const versions = states.filter(({ what }) => what.kind === 'version')
  const [before, after] = versions.length > 1 ? versions.slice(-2) : states.slice(-2)
  if (!before) return null
  return { before: before.id, after: (after ?? before).id }
}
