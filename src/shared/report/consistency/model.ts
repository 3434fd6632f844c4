import type { ExamContext, ReportSection } from '../../critical/index.ts'
import type { ReportText } from '../text.ts'

type InconsistencyKind =
  /** A template's field that nobody filled in. */
  | 'unfilled-field'
  | 'empty-report'
  | 'empty-section'
  /** Another side than the order's. */
  | 'side-order'
  /** The impression says another side than the findings. */
  | 'side-sections'
  /** An organ that a person of this sex does not have, or the other sex by name. */
  | 'sex'
  | 'age'
  | 'unit-missing'
  /** A size that the thing cannot have: cm for mm, or mm for cm. */
  | 'unit-implausible'
  /** A comparison with a date that is in the future. */
  | 'date-future'
  /** A comparison with an exam that is not among the patient's. */
  | 'date-unknown'
  /** A comparison where there is nothing to compare with. */
  | 'no-prior'
  /** A section word for word as in a prior report. */
  | 'same-as-prior'
  | 'punctuation'
  | 'wrong-word'

/**
 * What may be wrong with a report. `blocking` must be corrected before it is handed in or signed, `serious` corrected or
 * confirmed, a `hint` is only shown. Offsets are UTF-16 code units of the section, `end` exclusive.
 */
export interface Inconsistency {
  kind: InconsistencyKind
  weight: 'blocking' | 'serious' | 'hint'
  section: ReportSection
  start: number
  end: number
  /** The words at that place. */
  words: string
  /** What they are at odds with: the order's side, the sex, the right word; empty where the kind says it all. */
  expected: string
}

/** An earlier exam of the same patient: its day (DICOM DA), and its report where that is at hand. */
export interface PriorFact {
  date: string
  text?: ReportText
}

export interface ReportFacts {
  /** Null while it is not known. */
  exam: ExamContext | null
  /** Null while they are not known. */
  priors: readonly PriorFact[] | null
  /** Today as DICOM DA. */
  today: string
}

/** What one check finds in one section, without the section. */
export type Place = Omit<Inconsistency, 'section'>

export function place(
  text: string,
  start: number,
  end: number,
  what: Pick<Place, 'kind' | 'weight'> & { expected?: string },
): Place {
  return { expected: '', ...what, start, end, words: text.slice(start, end) }
}
