import { z } from 'zod'
import { PatientClass } from '../order/index.ts'
import { CriticalLevel } from './level.ts'
import { CriticalRules, RecipientKind } from './rules.ts'

export * from './level.ts'
export * from './rules.ts'

/**
 * What the sentence says of the finding.
 * `positive` and `possible` need a recorded decision at sign-off; the other grades are shown, never dropped.
 */
export const FindingGrade = z.enum(['positive', 'possible', 'improved', 'historical', 'negated'])
export type FindingGrade = z.infer<typeof FindingGrade>

/** A measurement that raises a term's level, or below which it does not fire, e.g. 中线移位 ≥ 10 mm. */
export const Threshold = z.object({
  /** What is measured, as written in the report, e.g. 中线移位, 出血量, 肺压缩. */
  measures: z.array(z.string().min(1).max(40)).min(1).max(40),
  atLeast: z.number().finite(),
  unit: z.enum(['mm', 'ml', 'percent']),
})
export type Threshold = z.infer<typeof Threshold>

/** A level that depends on a measurement, e.g. 气胸: red from 肺压缩 50 %, yellow where less is stated. */
export const MeasuredLevel = z.object({
  threshold: Threshold,
  /** The rule holds only in sentences that name one of these (小脑, 脑干 for the infratentorial threshold); without it, in all. */
  where: z.array(z.string().min(1).max(40)).min(1).max(20).optional(),
  /** Level where the measurement reaches the threshold. */
  reached: CriticalLevel,
  /** Level where a smaller one is stated. */
  below: CriticalLevel,
})
export type MeasuredLevel = z.infer<typeof MeasuredLevel>

/** One way a finding is written. */
export const DictionaryTerm = z.object({
  text: z.string().min(1).max(80),
  language: z.enum(['zh', 'en']),
  /** The term counts as critical only where a measurement in its sentence reaches this; without one in the text it is graded possible. */
  requires: Threshold.optional(),
  /** The level of this wording, where it differs from its entry's. */
  level: CriticalLevel.optional(),
  /** Levels by measurement; the first rule that applies decides. Without a measurement in the text the level above holds. */
  measuredLevels: z.array(MeasuredLevel).min(1).max(10).optional(),
  /** Longer words in which this term is not meant: 气胸 is not meant in 含气胸腔胃. */
  notWithin: z.array(z.string().min(1).max(80)).max(50).optional(),
})
export type DictionaryTerm = z.infer<typeof DictionaryTerm>

/**
 * Which exams an entry is for. A part that is absent does not narrow it; so does a fact of the exam that is not known,
 * because a finding must not be missed over a missing fact. A finding out of scope is shown, and needs no decision.
 */
export const Scope = z.strictObject({
  /** DICOM modalities. */
  modalities: z.array(z.string().min(1).max(16)).min(1).max(30).optional(),
  /** The exam's body part or item name contains one of these. */
  bodyParts: z.array(z.string().min(1).max(40)).min(1).max(50).optional(),
  patientClasses: z.array(PatientClass).min(1).max(4).optional(),
  sex: z.enum(['M', 'F']).optional(),
  /** Whole years, both ends included. */
  age: z
    .strictObject({ from: z.int().min(0).max(150).optional(), to: z.int().min(0).max(150).optional() })
    .optional(),
})
export type Scope = z.infer<typeof Scope>

/** One critical-value type (危急值类型) with all the ways it is written. */
export const DictionaryEntry = z.object({
  /** Stable code, upper-case ASCII, used in messages and mapped per hospital. */
  code: z.string().regex(/^[A-Z][A-Z0-9_]{1,31}$/),
  nameZh: z.string().min(1).max(40),
  nameEn: z.string().min(1).max(80),
  level: CriticalLevel,
  scope: Scope.optional(),
  /** Who is told first, where it is not what the rules say. */
  recipient: RecipientKind.optional(),
  terms: z.array(DictionaryTerm).min(1).max(200),
})
export type DictionaryEntry = z.infer<typeof DictionaryEntry>

/** The hospital's critical-value dictionary: what is critical, and the rules of what follows. Published as one version. */
export const CriticalDictionary = z.object({
  version: z.string().min(1).max(32),
  entries: z.array(DictionaryEntry).max(2000),
  rules: CriticalRules.prefault({}),
})
export type CriticalDictionary = z.infer<typeof CriticalDictionary>
/** What text analysis needs of it. */
export type TermDictionary = Pick<CriticalDictionary, 'version' | 'entries'>

/** On which side of the body a finding is. */
export const Side = z.enum(['left', 'right', 'bilateral'])
export type Side = z.infer<typeof Side>

/** Which section of the report a finding stands in. */
export const ReportSection = z.enum(['findings', 'impression'])
export type ReportSection = z.infer<typeof ReportSection>

/** One dictionary hit in a text. Offsets are UTF-16 code units of the text as given (not of its normalised form); `end` is exclusive. */
export const Finding = z.object({
  start: z.int().nonnegative(),
  end: z.int().positive(),
  /** The text as written, `input.slice(start, end)`. */
  text: z.string(),
  /** The dictionary term it matched. */
  term: z.string(),
  /** The entry's code. */
  type: z.string(),
  level: CriticalLevel,
  grade: FindingGrade,
  /** The words that decided the grade, as written; empty for a plain assertion. */
  because: z.string(),
  /** Where the sentence states a side (左侧, 双肺); absent otherwise. */
  side: Side.optional(),
  /** The entry is not for exams like this one: shown, but nothing need be decided. */
  outOfScope: z.literal(true).optional(),
})
export type Finding = z.infer<typeof Finding>

/** A finding with the report section it stands in. */
export const SectionFinding = Finding.extend({ section: ReportSection })
export type SectionFinding = z.infer<typeof SectionFinding>

/** True where sign-off needs a recorded decision (an alert, or a reason). */
export function needsDecision(finding: Pick<Finding, 'grade' | 'outOfScope'>): boolean {
  return !finding.outOfScope && (finding.grade === 'positive' || finding.grade === 'possible')
}
