import { type DictionaryEntry, DictionaryTerm } from '../../../shared/critical/model.ts'

const known = new WeakMap<DictionaryEntry, DictionaryEntry>()

/** What can be tried of a dictionary that is still being written: its whole terms, in whatever entries have some. */
export function usableEntries(entries: readonly DictionaryEntry[]): DictionaryEntry[] {
  return entries.map(usable).filter(({ terms }) => terms.length > 0)
}

function usable(entry: DictionaryEntry): DictionaryEntry {
  const before = known.get(entry)
  if (before) return before
  const terms = entry.terms.filter(
    (term) => term.text.trim() !== '' && DictionaryTerm.safeParse(term).success,
  )
  const made = terms.length === entry.terms.length ? entry : { ...entry, terms }
  known.set(entry, made)
  return made
}
