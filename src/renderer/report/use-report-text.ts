import { useRef, useState } from 'react'
import type { Finding, ReportSection, SectionFinding } from '../../shared/critical/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import type { SectionEditorHandle } from './editor/section-editor.tsx'

export const sections = ['findings', 'impression'] as const
/** The bounds of ReportText. */
export const longest: Record<ReportSection, number> = { findings: 20_000, impression: 10_000 }

/** The two editors of a report as one text. `onText` is told of each settled change that can be saved. */
export function useReportText(initial: ReportText, onText: (text: ReportText) => void) {
  const editors = useRef<Record<ReportSection, SectionEditorHandle | null>>({
    findings: null,
    impression: null,
  })
  const last = useRef<ReportSection>('findings')
  /** For who asks when the editors are gone. */
  const told = useRef(initial)
  const [settled, setSettled] = useState(initial)
  const [tooLong, setTooLong] = useState<ReportSection | null>(null)
  const [found, setFound] = useState<Record<ReportSection, readonly Finding[]>>({
    findings: [],
    impression: [],
  })
  const now = (): ReportText => ({
    findings: editors.current.findings?.text() ?? told.current.findings,
    impression: editors.current.impression?.text() ?? told.current.impression,
  })
  const focus = (section: ReportSection = last.current) => editors.current[section]?.focus()
  return {
    editors,
    /** The text this moment, also in the middle of a composition. */
    now,
    /** As last told of. */
    settled,
    tooLong,
    criticals: sections.flatMap((section): SectionFinding[] =>
      found[section].map((finding) => ({ ...finding, section })),
    ),
    findings: (section: ReportSection, findings: readonly Finding[]) =>
      setFound((current) => ({ ...current, [section]: findings })),
    /** What is saved: the settled text of the section that changed, and the other as it stands. */
    changed: (section: ReportSection, text: string) => {
      const all = { ...now(), [section]: text }
      const over = sections.find((each) => all[each].length > longest[each]) ?? null
      told.current = all
      setSettled(all)
      setTooLong(over)
      if (over === null) onText(all)
    },
    focused: (section: ReportSection) => {
      last.current = section
    },
    focus,
    /** To the section that was written in last; from there to the other. */
    alternate: () => {
      const inside = document.activeElement?.closest('.section-editor') !== null
      const other = last.current === 'findings' ? 'impression' : 'findings'
      focus(inside && document.activeElement?.closest('.report-section') ? other : last.current)
    },
    insert: (text: string) => {
      focus()
      editors.current[last.current]?.insert(text)
    },
    /** At the same place, from beside the report: the focus stays where it is, so that the next key is not written into the text. */
    insertAside: (text: string) => editors.current[last.current]?.insert(text),
    /** Puts both sections in: in the place of an empty one, after what another says. */
    add: (text: ReportText) => {
      for (const section of sections) {
        const own = editors.current[section]?.text() ?? ''
        if (text[section] === '') continue
        editors.current[section]?.replace(
          own.trim() === '' ? text[section] : `${own.trimEnd()}\n${text[section]}`,
        )
      }
      if (!sections.some((section) => editors.current[section]?.enterField(1))) focus('findings')
    },
    jump: ({ section, start, end }: { section: ReportSection; start: number; end: number }) =>
      editors.current[section]?.jump(start, end),
  }
}

export type WrittenText = ReturnType<typeof useReportText>
