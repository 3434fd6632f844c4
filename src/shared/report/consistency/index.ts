import { ReportSection } from '../../critical/index.ts'
import type { ReportText } from '../text.ts'
import { comparisons, sameAsPrior } from './comparison.ts'
import { unfilledFields, withoutFields } from './fields.ts'
import type { Inconsistency, Place, ReportFacts } from './model.ts'
import { place } from './model.ts'
import { doubledPunctuation } from './punctuation.ts'
import { sexOfOrgans, wordsOfAge } from './sex-and-age.ts'
import { againstOrder, impressionAgainstFindings } from './sides.ts'
import { implausibleUnits, missingUnits } from './units.ts'
import { wrongWords } from './wrong-words.ts'

export { type Field, fieldsOf, withoutFields } from './fields.ts'
export type { Inconsistency, ReportFacts } from './model.ts'

/**
 * What may be wrong with a report as it stands, in the order of the text, what must be corrected first. Pure, and quick
 * enough for every pause in typing; a fact that is not known is not judged by.
 */
export function inconsistenciesOf(text: ReportText, facts: ReportFacts): Inconsistency[] {
  const found = ReportSection.options.flatMap((section) =>
    inSection(text, section, facts).map((each): Inconsistency => ({ ...each, section })),
  )
  const order = { blocking: 0, serious: 1, hint: 2 }
  return found.toSorted(
    (a, b) =>
      order[a.weight] - order[b.weight] ||
      Number(a.section === 'impression') - Number(b.section === 'impression') ||
      a.start - b.start,
  )
}

function inSection(
  written: ReportText,
  section: ReportSection,
  { exam, priors, today }: ReportFacts,
): Place[] {
  if (written[section].trim() === '') return emptySection(written, section)
  // What a field proposes is not said yet.
  const text = { findings: withoutFields(written.findings), impression: withoutFields(written.impression) }
  const own = text[section]
  return [
    ...unfilledFields(written[section]),
    ...(exam
      ? [...againstOrder(text, section, exam), ...sexOfOrgans(own, exam), ...wordsOfAge(own, exam)]
      : []),
    ...(section === 'impression' ? impressionAgainstFindings(text) : []),
    ...missingUnits(own),
    ...implausibleUnits(own),
    ...comparisons(own, priors, today),
    ...sameAsPrior(own, section, priors),
    ...doubledPunctuation(own),
    ...wrongWords(own),
  ]
}

function emptySection(text: ReportText, section: ReportSection): Place[] {
  const other = section === 'findings' ? text.impression : text.findings
  if (other.trim() !== '') return [place(text[section], 0, 0, { kind: 'empty-section', weight: 'serious' })]
  return section === 'findings' ? [place('', 0, 0, { kind: 'empty-report', weight: 'blocking' })] : []
}

/** Names an inconsistency beyond an edit elsewhere in the text: what was confirmed once is not asked again. */
export function inconsistencyName({ kind, section, words, expected }: Inconsistency): string {
  return JSON.stringify([kind, section, words, expected])
}
