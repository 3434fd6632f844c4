import {
  type CriticalDictionary,
  findingKey,
  needsDecision,
  type SectionFinding,
} from '../../shared/critical/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { FindingDecision, ReportText } from '../../shared/report/index.ts'

/**
 * The rules of sign-off: every positive or possible finding has exactly one decision; an alert may also be raised for
 * another part of the text that the radiologist chose, of a type that the dictionary knows; nothing else may be decided.
 * @throws VigilError `finding-undecided` with the count, or `bad-request` naming the wrong decision.
 */
export function checkDecisions(
  report: { text: ReportText; decisions: readonly FindingDecision[] },
  findings: readonly SectionFinding[],
  dictionary: Pick<CriticalDictionary, 'entries'>,
): void {
  const pending = new Set(findings.filter(needsDecision).map(findingKey))
  const types = new Set(dictionary.entries.map((entry) => entry.code))
  const decided = new Set<string>()
  report.decisions.forEach((decision, index) => {
    const key = findingKey(decision)
    const wrong = (reason: string) => new VigilError('bad-request', { field: `decisions[${index}]`, reason })
    if (decided.has(key)) throw wrong('repeated')
    decided.add(key)
    const found = pending.delete(key)
    if (decision.action === 'alert' && !types.has(decision.alertType)) throw wrong('unknown-type')
    if (found) return
    if (decision.action === 'dismiss') throw wrong('no-such-finding')
    if (!standsInText(report.text[decision.section], decision)) throw wrong('no-such-text')
  })
  if (pending.size > 0) throw new VigilError('finding-undecided', { count: pending.size })
}

function standsInText(text: string, { start, end }: { start: number; end: number }): boolean {
  return start < end && end <= text.length && text.slice(start, end).trim() !== ''
}
