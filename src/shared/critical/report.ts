import { analyseText, type CriticalAnalyzer } from './analyse.ts'
import { ReportSection, type SectionFinding } from './model.ts'

/** The two sections of a report's text. */
export type ReportText = Record<ReportSection, string>

/** The findings of a report, section by section (findings, then impression), each ordered by start. */
export function analyseReport(analyzer: CriticalAnalyzer, report: ReportText): SectionFinding[] {
  return ReportSection.options.flatMap((section) =>
    analyseText(analyzer, report[section]).map((finding) => ({ ...finding, section })),
  )
}

/**
 * Identifies a finding within one exact report text: the workstation's decision and the gateway's own finding meet under it.
 * Valid only together with the text's hash, since offsets move with every edit.
 */
export function findingKey(finding: Pick<SectionFinding, 'section' | 'start' | 'end' | 'type'>): string {
  return `${finding.section}:${finding.start}-${finding.end}:${finding.type}`
}
