import type { z } from 'zod'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import { CriticalRules, DictionaryEntry } from '../../../shared/critical/model.ts'
import { type DictionaryProblem, dictionaryProblems } from '../../../shared/dictionary/index.ts'

/** What is wrong with one field; the words stand in the texts under `dictionary.mistake`. */
export type Mistake =
  | { kind: 'required' | 'number' | 'whole' | 'code' | 'time' | 'wrong' }
  | { kind: 'longest' | 'least' | 'most' | 'fewest' | 'many'; limit: number }

/** By path, e.g. `terms.3.text`. */
export type Mistakes = ReadonlyMap<string, Mistake>

const none: Mistakes = new Map()
const known = new WeakMap<DictionaryEntry | CriticalRules, Mistakes>()

/** By the schema that the gateway checks with. An entry that has not changed is not looked at again. */
export function mistakesOf(entry: DictionaryEntry): Mistakes {
  return remembered(entry, () => DictionaryEntry.safeParse(entry).error)
}

export function mistakesOfRules(rules: CriticalRules): Mistakes {
  return remembered(rules, () => CriticalRules.safeParse(rules).error)
}

function remembered<Of extends DictionaryEntry | CriticalRules>(
  of: Of,
  check: () => z.ZodError | undefined,
): Mistakes {
  const before = known.get(of)
  if (before) return before
  const error = check()
  const found = error
    ? new Map(error.issues.map((issue) => [issue.path.join('.'), mistakeOf(issue)] as const))
    : none
  known.set(of, found)
  return found
}

function mistakeOf(issue: z.core.$ZodIssue): Mistake {
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return { kind: 'required' }
    return { kind: issue.origin === 'array' ? 'fewest' : 'least', limit: Number(issue.minimum) }
  }
  if (issue.code === 'too_big') {
    const kind = issue.origin === 'string' ? 'longest' : issue.origin === 'array' ? 'many' : 'most'
    return { kind, limit: Number(issue.maximum) }
  }
  if (issue.code === 'invalid_format' && issue.format === 'regex') {
    return { kind: issue.path.at(-1) === 'code' ? 'code' : 'time' }
  }
  if (issue.code === 'invalid_type') {
    return { kind: issue.expected === 'int' ? 'whole' : issue.expected === 'number' ? 'number' : 'required' }
  }
  return { kind: 'wrong' }
}

/** All that is to be put right, or looked at, before the draft can go on. */
export interface Review {
  /** Entries with a mistake, by their place. */
  entries: ReadonlyMap<number, Mistakes>
  rules: Mistakes
  problems: readonly DictionaryProblem[]
  tooMany: boolean
  /** Places of entries that have an error of either kind. */
  faulty: ReadonlySet<number>
  /** How many things keep it from being saved. */
  errors: number
}

/** As the schema has it. */
export const mostEntries = 2000

export function reviewOf(content: DictionaryContent): Review {
  const entries = new Map<number, Mistakes>()
  content.entries.forEach((entry, index) => {
    const found = mistakesOf(entry)
    if (found.size > 0) entries.set(index, found)
  })
  const rules = mistakesOfRules(content.rules)
  const problems = dictionaryProblems(content)
  // What the schema has said already is not said twice.
  const told = (field: string) => {
    const [, index, ...path] = field.split('.')
    return entries.get(Number(index))?.has(path.join('.')) ?? false
  }
  const further = problems.filter(({ field, reason }) => !(reason === 'empty' && told(field)))
  const errors = further.filter(({ severity }) => severity === 'error')
  const tooMany = content.entries.length > mostEntries
  const entryErrors = errors.flatMap(({ field }) => /^entries\.(\d+)/.exec(field)?.[1] ?? []).map(Number)
  return {
    entries,
    rules,
    problems: further,
    tooMany,
    faulty: new Set([...entries.keys(), ...entryErrors]),
    errors:
      [...entries.values(), rules].reduce((sum, found) => sum + found.size, 0) +
      errors.length +
      Number(tooMany),
  }
}

/** The problems of one entry, by the path below it. */
export function problemsAt(review: Review, index: number): ReadonlyMap<string, DictionaryProblem> {
  const prefix = `entries.${index}.`
  return new Map(
    review.problems
      .filter(({ field }) => field.startsWith(prefix))
      .map((problem) => [problem.field.slice(prefix.length), problem] as const),
  )
}
