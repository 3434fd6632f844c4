import type { DictionaryContent } from '../api/dictionary.ts'
import type { DictionaryEntry, DictionaryTerm } from '../critical/model.ts'
import { createNormaliser, decodeUnits } from '../critical/normalise.ts'

export type DictionaryReason =
  /** Nothing where something must be. */
  | 'empty'
  /** A type, or a contact, stands twice. */
  | 'repeated'
  /** A way of writing stands twice in its type, and says different things. */
  | 'contradiction'
  /** From is after to. */
  | 'order'
  /** Handling is due before receipt. */
  | 'deadlines'
  /** A measurement of nothing or less. */
  | 'threshold'
  /** More ways of writing than any hospital has: compiling them would hold up everything else. */
  | 'too-many'
  // warnings
  /** A way of writing stands twice in its type. */
  | 'repeated-term'
  /** A way of writing stands in two types: both are found. */
  | 'shared-term'
  /** A longer word that does not hold the term. */
  | 'not-within'
  /** A hop of the escalation that nobody is reached at. */
  | 'no-contact'

/** What keeps a content, well formed by its schema, from being used (`error`), or is likely not meant (`warning`). */
export interface DictionaryProblem {
  severity: 'error' | 'warning'
  /** Path into the content, e.g. `entries.3.terms.0.text`. */
  field: string
  reason: DictionaryReason
  /** The code, term or name that it is about. */
  value: string
}

/** Four times what the analysis is measured with; compiled in a tenth of a second. */
const mostTerms = 20_000

/** The same rules for the editor and the gateway, which refuses what has an error. In order of the content. */
export function dictionaryProblems({ entries, rules }: DictionaryContent): DictionaryProblem[] {
  const normalise = createNormaliser()
  const fold = (text: string) => decodeUnits(normalise(text).units).trim()
  const problems: DictionaryProblem[] = []
  const error = (field: string, reason: DictionaryReason, value = '') =>
    problems.push({ severity: 'error', field, reason, value })
  const warning = (field: string, reason: DictionaryReason, value = '') =>
    problems.push({ severity: 'warning', field, reason, value })

  if (entries.length === 0) error('entries', 'empty')
  if (entries.reduce((sum, { terms }) => sum + terms.length, 0) > mostTerms)
    error('entries', 'too-many', String(mostTerms))
  const codes = new Set<string>()
  const typeOf = new Map<string, string>()
  entries.forEach((entry, i) => {
    const at = `entries.${i}`
    if (codes.has(entry.code)) error(`${at}.code`, 'repeated', entry.code)
    codes.add(entry.code)
    if (entry.nameZh.trim() === '') error(`${at}.nameZh`, 'empty', entry.code)
    if (entry.nameEn.trim() === '') error(`${at}.nameEn`, 'empty', entry.code)
    if (isUpsideDown(entry)) error(`${at}.scope.age`, 'order', entry.code)
    const known = new Map<string, DictionaryTerm>()
    entry.terms.forEach((term, j) => {
      const field = `${at}.terms.${j}`
      const text = fold(term.text)
      if (text === '') error(`${field}.text`, 'empty', entry.code)
      const same = known.get(text)
      if (same && meaning(same) !== meaning(term)) error(`${field}.text`, 'contradiction', term.text)
      else if (same) warning(`${field}.text`, 'repeated-term', term.text)
      known.set(text, same ?? term)
      const other = typeOf.get(text)
      if (other !== undefined && other !== entry.code) warning(`${field}.text`, 'shared-term', term.text)
      typeOf.set(text, other ?? entry.code)
      if (term.requires && !isMeasurable(term.requires)) error(`${field}.requires`, 'threshold', term.text)
      if (term.measuredLevels?.some(({ threshold }) => !isMeasurable(threshold)))
        error(`${field}.measuredLevels`, 'threshold', term.text)
      term.notWithin?.forEach((word, k) => {
        if (!fold(word).includes(text)) warning(`${field}.notWithin.${k}`, 'not-within', word)
      })
    })
  })

  for (const [level, { receiveMinutes, handleMinutes }] of Object.entries(rules.deadlines))
    if (handleMinutes < receiveMinutes) error(`rules.deadlines.${level}.handleMinutes`, 'deadlines', level)
  const contacts = new Set<string>()
  rules.contacts.forEach(({ kind, department, name }, i) => {
    const key = `${kind}/${fold(department)}`
    if (contacts.has(key)) error(`rules.contacts.${i}`, 'repeated', name)
    contacts.add(key)
  })
  // The ward and the doctor come with the order; the others are known from here alone.
  for (const kind of rules.escalation)
    if ((kind === 'department-head' || kind === 'duty-office') && !contacts.has(`${kind}/`))
      warning('rules.contacts', 'no-contact', kind)
  return problems
}

function isUpsideDown({ scope }: DictionaryEntry): boolean {
  const { from, to } = scope?.age ?? {}
  return from !== undefined && to !== undefined && from > to
}

function isMeasurable({ atLeast, measures }: { atLeast: number; measures: readonly string[] }): boolean {
  return atLeast > 0 && measures.every((word) => word.trim() !== '')
}

/** What a term says beside its own words. */
function meaning({ level, requires, measuredLevels, notWithin }: DictionaryTerm): string {
  return JSON.stringify([level, requires, measuredLevels, notWithin])
}
