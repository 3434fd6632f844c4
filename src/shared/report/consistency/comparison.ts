import { clauseAt } from './clauses.ts'
import { type Place, type PriorFact, place } from './model.ts'

const date = /((?:19|20)\d{2})[-./年](\d{1,2})[-./月](\d{1,2})日?/g
const compares = /比较|对比|对照|较|前片|旧片|老片|复查|同前|原片/
/** What was made elsewhere is not in this house's list. */
const elsewhere = /外院|院外|他院|当地医院|自带|门诊病历|手术|病理/
const withPrior = /较前片?|与前片|同前|与旧片|较旧片|较老片|前次检查|上次检查|原片/g

/** Comparisons with a day on which there was no exam, or that has not come, or without any earlier exam. */
export function comparisons(text: string, priors: readonly PriorFact[] | null, today: string): Place[] {
  const dated = [...text.matchAll(date)].flatMap((match): Place[] => {
    const day = `${match[1]}${match[2]?.padStart(2, '0')}${match[3]?.padStart(2, '0')}`
    const clause = clauseAt(text, match.index)
    const end = match.index + match[0].length
    if (day > today) return [place(text, match.index, end, { kind: 'date-future', weight: 'serious' })]
    if (!priors || !compares.test(clause) || elsewhere.test(clause)) return []
    if (priors.some((prior) => prior.date === day)) return []
    return [
      place(text, match.index, end, { kind: 'date-unknown', weight: 'serious', expected: newest(priors) }),
    ]
  })
  if (!priors || priors.length > 0 || elsewhere.test(text)) return dated
  const first = [...text.matchAll(withPrior)][0]
  return first
    ? [
        ...dated,
        place(text, first.index, first.index + first[0].length, { kind: 'no-prior', weight: 'hint' }),
      ]
    : dated
}

function newest(priors: readonly PriorFact[]): string {
  return priors.reduce((last, { date: each }) => (each > last ? each : last), '')
}

/** Shorter texts may well be the same twice. */
const longEnough = 40

/** A section that is word for word a prior's: copied, and perhaps not looked through. */
export function sameAsPrior(
  text: string,
  section: 'findings' | 'impression',
  priors: readonly PriorFact[] | null,
): Place[] {
  const bare = (words: string) => words.replace(/\s+/g, '')
  const own = bare(text)
  if (own.length < longEnough) return []
  const prior = priors?.find((each) => each.text && bare(each.text[section]) === own)
  return prior
    ? [place(text, 0, text.length, { kind: 'same-as-prior', weight: 'hint', expected: prior.date })]
    : []
}
