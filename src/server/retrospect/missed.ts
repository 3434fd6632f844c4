import type { MissedFinding } from '../../shared/api/retrospect.ts'
import { analyseReport, needsDecision, type SectionFinding } from '../../shared/critical/index.ts'
import type { ReportDocument } from '../../shared/report/index.ts'
import { type InForce, sentenceAround } from '../critical/index.ts'

/** A type that an alert of the report was raised for: the alert's own, or that of the finding it was made from. */
export interface AlertedTypes {
  type: string
  findingType: string | null
}

type Missed = Pick<MissedFinding, 'hit' | 'level' | 'dismissed'>

/** What would need a decision by the dictionary in force: the first mention of each type. */
export function criticalFindings({ analyzer }: InForce, { text, exam }: ReportDocument): SectionFinding[] {
  const first = new Map<string, SectionFinding>()
  for (const finding of analyseReport(analyzer, text, exam).filter(needsDecision))
    if (!first.has(finding.type)) first.set(finding.type, finding)
  return [...first.values()]
}

/**
 * Those of a report's critical findings that no alert of the report was raised for, by any of its versions. A withdrawn
 * alert was raised, and has its own reason.
 */
export function missedFindings(
  findings: readonly SectionFinding[],
  alerts: readonly AlertedTypes[],
  { text, decisions }: ReportDocument,
  { dictionary }: InForce,
): Missed[] {
  const raised = new Set(alerts.flatMap(({ type, findingType }) => [type, findingType]))
  return findings
    .filter(({ type }) => !raised.has(type))
    .map((finding) => ({
      hit: {
        section: finding.section,
        ...sentenceAround(text[finding.section], finding.start, finding.end),
        type: finding.type,
        typeName: dictionary.entries.find(({ code }) => code === finding.type)?.nameZh ?? finding.type,
        grade: finding.grade,
      },
      level: finding.level,
      dismissed:
        decisions
          .filter((decision) => decision.action === 'dismiss')
          .find((decision) => decision.type === finding.type)?.reason ?? '',
    }))
}
