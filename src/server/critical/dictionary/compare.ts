import { needsDecision, type SectionFinding } from '../../../shared/critical/model.ts'

/** What one dictionary needs a decision on in a report, and another does not. */
export interface Comparison {
  fires: SectionFinding[]
  stops: SectionFinding[]
  /** All that need a decision, before and after. */
  before: SectionFinding[]
  after: SectionFinding[]
}

/**
 * Compares the findings of two dictionaries in one text. A finding is the same where one of its type stands over the same
 * words, however many of them: that a longer way of writing matched changes nothing for who must decide.
 */
export function compareFindings(
  before: readonly SectionFinding[],
  after: readonly SectionFinding[],
): Comparison {
  const was = before.filter(needsDecision)
  const is = after.filter(needsDecision)
  return {
    fires: is.filter((finding) => !was.some((other) => isSame(finding, other))),
    stops: was.filter((finding) => !is.some((other) => isSame(finding, other))),
    before: was,
    after: is,
  }
}

function isSame(a: SectionFinding, b: SectionFinding): boolean {
  return a.type === b.type && a.section === b.section && a.start < b.end && b.start < a.end
}
