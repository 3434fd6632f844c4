import type { Cue, CueKind, Evidence } from './cue.ts'
import type { FindingGrade } from './model.ts'
import type { Heading } from './sentences.ts'

/**
 * A grade and what decided it: a cue, the heading over the sentence, or nothing (a plain assertion).
 * `raised` where the text says that the finding is new or has grown.
 */
export type Verdict = { grade: FindingGrade; cue: Cue | undefined; byHeading: boolean; raised: boolean }

/** Doubt that only describes the noun: within a negation it is negated with it (未见可疑骨折, "no suspicious mass"). */
const ADJECTIVAL =
  /^(?:或|或者|可疑|疑似|可能|possible|probable|suspected|questionable|likely|equivocal|suggest\w*(?: of)?|suspicio\w+ (?:of|for)|concern(?:ing)?(?: for| of)?|to |for )$/u
/** Negations of an opinion: 不考虑气胸可能 negates the possibility itself. */
const OPINION = /考虑|支持|符合|排除|除外|提示/u
const PROCEDURE = /后(?:状态|改变|复查|期)?$/u
const RECURRENCE = /再|复发|新|残|recur|rebleed|residual|new/u

/**
 * Grades one finding from the cues that govern it. Pure.
 * Order: conditional, negation, doubt, family, improvement unless something grew, history, growth; whatever contradicts a negation makes the finding
 * `possible`, never `negated`.
 */
export function gradeFinding(
  evidence: readonly Evidence[],
  heading: Heading,
  remains: () => boolean,
): Verdict {
  const verdict = gradeSentence(evidence, remains)
  const needsDecision = verdict.grade === 'positive' || verdict.grade === 'possible'
  if (heading.over === 'nothing' || !needsDecision || verdict.grade === 'possible') return verdict
  if (heading.over === 'request') return { ...verdict, grade: 'possible', byHeading: true }
  return verdict.raised ? verdict : { ...verdict, grade: 'historical', byHeading: true }
}

function gradeSentence(evidence: readonly Evidence[], remains: () => boolean): Verdict {
  const all = (kind: CueKind) => evidence.filter((e) => e.cue.kind === kind)
  const worse = all('worse')[0]?.cue
  const verdict = (grade: FindingGrade, cue: Cue | undefined): Verdict => ({
    grade,
    cue,
    byHeading: false,
    raised: worse !== undefined,
  })

  const conditional = all('conditional')[0]
  if (conditional !== undefined) return verdict('possible', conditional.cue)

  const doubts = [...all('hedge'), ...all('purpose')].sort((a, b) => a.cue.start - b.cue.start)
  const negation = nearest(all('negation'))
  if (negation !== undefined) {
    const contrary = doubts.find((doubt) => contradicts(doubt, negation))
    return contrary === undefined
      ? { ...verdict('negated', negation.cue), raised: false }
      : verdict('possible', contrary.cue)
  }
  const doubt = doubts[doubts.length - 1]
  if (doubt !== undefined) return verdict('possible', doubt.cue)

  const family = all('family')[0]
  if (family !== undefined) return { ...verdict('historical', family.cue), raised: false }

  const history = all('history')[0]?.cue
  const improved = all('improved')[0]?.cue
  const unchanged = all('stable')[0]?.cue
  if (improved !== undefined && worse === undefined)
    // of two sides or two parts one has not changed: 双侧气胸，右侧同前，左侧较前减少
    return unchanged === undefined ? verdict('improved', improved) : verdict('positive', unchanged)
  if (history !== undefined) {
    if (worse !== undefined && (worse.start >= history.end || RECURRENCE.test(worse.text)))
      return verdict('positive', worse)
    if (PROCEDURE.test(history.text) && all('stable').length > 0)
      return verdict('positive', all('stable')[0]?.cue)
    if (PROCEDURE.test(history.text) && remains()) return verdict('possible', history)
    return { ...verdict('historical', history), raised: false }
  }
  if (worse !== undefined) return verdict('positive', worse)
  const stable = all('stable')[0]
  return verdict('positive', stable?.cue)
}

/** Of several negations the one closest before the finding, else the first after it. */
function nearest(evidence: readonly Evidence[]): Evidence | undefined {
  const before = evidence.filter((e) => e.side === 'before')
  return before[before.length - 1] ?? evidence[0]
}

/** True where a doubt is not simply part of what is negated. */
function contradicts(doubt: Evidence, negation: Evidence): boolean {
  if (doubt.cue.text.startsWith('或')) return false
  if (doubt.apart) return doubt.cue.kind === 'hedge'
  if (doubt.side === 'after' && doubt.cue.text.startsWith('?')) return true
  if (negation.side === 'after')
    return doubt.side === 'after' ? doubt.cue.start > negation.cue.end : !ADJECTIVAL.test(doubt.cue.text)
  if (doubt.side === 'after') return !(OPINION.test(negation.cue.text) && doubt.cue.text.startsWith('可能'))
  if (doubt.cue.start < negation.cue.start) return true
  return !ADJECTIVAL.test(doubt.cue.text)
}
