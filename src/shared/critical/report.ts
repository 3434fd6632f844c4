import { analyseText, type CriticalAnalyzer } from './analyse.ts'
import { type Finding, ReportSection, type SectionFinding } from './model.ts'
import { type ExamContext, inScope } from './scope.ts'

/** The two sections of a report's text. */
export type ReportText = Record<ReportSection, string>

/**
 * The findings of a report, section by section (findings, then impression), each ordered by start. Those whose entry is
 * not for exams like `exam` are marked so.
 */
export function analyseReport(
  analyzer: CriticalAnalyzer,
  report: ReportText,
  exam: ExamContext | null,
): SectionFinding[] {
  return ReportSection.options.flatMap((section) =>
    withScope(analyzer, analyseText(analyzer, report[section]), exam).map((finding) => ({
      ...finding,
      section,
    })),
  )
}

/** The findings, those out of scope marked. Without an exam nothing is out of scope. */
export function withScope(
  analyzer: CriticalAnalyzer,
  findings: readonly Finding[],
  exam: ExamContext | null,
): Finding[] {
  return findings.map((finding) => {
    const scope = exam && analyzer.scopes.get(finding.type)
    return scope && !inScope(scope, exam) ? { ...finding, outOfScope: true } : finding
  })
}

/**
 * Identifies a finding within one exact report text: the workstation's decision and the gateway's own finding meet under it.
 * Valid only together with the text's hash, since offsets move with every edit.
 */
export function findingKey(finding: Pick<SectionFinding, 'section' | 'start' | 'end' | 'type'>): string {
  return `${finding.section}:${finding.start}-${finding.end}:${finding.type}`
}
