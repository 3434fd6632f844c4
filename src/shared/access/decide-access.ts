import { isCleared, type Sensitivity } from './sensitivity.ts'

/**
 * What the security officer decides of access beside labels and clearances (`access` of the security policy). Hours are of the
 * gateway's clock; `from` included, `until` not; where `until` is not after `from` they pass midnight, and the same hour is the
 * whole day.
 */
export interface AccessTerms {
  /** From this label on a person needs something to do with the exam, beside the clearance. */
  relationshipFrom: Sensitivity | 'never'
  /** How long after the signature author and reviewer still have to do with a report; the first day is 1. */
  relationshipDays: number
  sensitiveFromHour: number
  sensitiveUntilHour: number
  highlySensitiveFromHour: number
  highlySensitiveUntilHour: number
}

/** What a person has to do with an exam. */
export type Relationship =
  /** It waits for a report, and they report; or the draft is theirs. */
  | 'reading'
  /** They wrote or signed the report. */
  | 'author'
  /** They read another exam of the same patient now. */
  | 'same-patient'
  /** A technologist's, of the day. */
  | 'own-day'
  /** They answer for the quality of reports. */
  | 'oversight'

export type Denial = 'role' | 'label' | 'time' | 'relationship'
export type AccessDecision = { granted: true } | { granted: false; because: Denial }

/** How a label stands to a person at an hour, before it is asked what they have to do with an exam. */
export type Opening = 'open' | 'related' | 'label' | 'time'

/** @param hour of the gateway's clock, 0 to 23 */
export function openingOf(
  label: Sensitivity,
  clearance: Sensitivity,
  hour: number,
  terms: AccessTerms,
): Opening {
  if (label === 'general') return 'open'
  if (!isCleared(clearance, label)) return 'label'
  if (!isOpenAt(label, hour, terms)) return 'time'
  const { relationshipFrom } = terms
  return relationshipFrom !== 'never' && isCleared(label, relationshipFrom) ? 'related' : 'open'
}

function isOpenAt(label: Exclude<Sensitivity, 'general'>, hour: number, terms: AccessTerms): boolean {
  const [from, until] =
    label === 'sensitive'
      ? [terms.sensitiveFromHour, terms.sensitiveUntilHour]
      : [terms.highlySensitiveFromHour, terms.highlySensitiveUntilHour]
  return from < until ? hour >= from && hour < until : hour >= from || hour < until
}

/**
 * Whether a person may see what bears a label: role ∧ label ∧ time ∧ relationship. Broken glass stands in for all but the role.
 * The one place that decides; everything that shows or withholds asks here.
 */
export function decideAccess(
  asked: {
    /** Whether a role of theirs carries the permission for what they are about to do. */
    carries: boolean
    clearance: Sensitivity
    label: Sensitivity
    relationship: Relationship | null
    /** The exam is open to their session by broken glass. */
    glass: boolean
    /** Of the gateway's clock, 0 to 23. */
    hour: number
  },
  terms: AccessTerms,
): AccessDecision {
  const { carries, clearance, label, relationship, glass, hour } = asked
  if (!carries) return { granted: false, because: 'role' }
  if (glass) return { granted: true }
  return decideOpening(openingOf(label, clearance, hour, terms), () => relationship)
}

/** The same for who asks of many exams: the opening is made once a label, the relationship only where it counts. */
export function decideOpening(opening: Opening, relationship: () => Relationship | null): AccessDecision {
  if (opening === 'open') return { granted: true }
  if (opening !== 'related') return { granted: false, because: opening }
  return relationship() ? { granted: true } : { granted: false, because: 'relationship' }
}

/**
 * Whether the bare identity may be told on need, and whether a reason must be given: what may be seen, of course, where the label
 * asks for one with a reason; of what is highly sensitive only to who has to do with the exam. The rest takes broken glass.
 */
export function decideReveal(asked: {
  carries: boolean
  label: Sensitivity
  relationship: Relationship | null
  /** What `decideAccess` says of the exam. */
  granted: boolean
}): { allowed: false } | { allowed: true; needsReason: boolean } {
  const { carries, label, relationship, granted } = asked
  if (!carries) return { allowed: false }
  if (granted) return { allowed: true, needsReason: label !== 'general' }
  if (label === 'highly-sensitive' && relationship === null) return { allowed: false }
  return { allowed: true, needsReason: true }
}
