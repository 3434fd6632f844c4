import type { DictionaryContent } from '../api/dictionary.ts'
import type { DictionaryEntry, DictionaryTerm } from '../critical/model.ts'
import type { Language } from './cell-text.ts'
import { type DictionaryColumn, entryCells, entryColumns, termCells, termColumns } from './columns.ts'

/** A field of an entry or a term that says something else, in the words of the table form. */
export interface CellChange {
  column: DictionaryColumn
  before: string
  after: string
}

export interface EntryChange {
  code: string
  nameZh: string
  fields: CellChange[]
  terms: {
    added: DictionaryTerm[]
    removed: DictionaryTerm[]
    changed: { text: string; language: DictionaryTerm['language']; fields: CellChange[] }[]
  }
}

export type RuleValue = string | number | boolean | null | readonly string[]

/** A rule by its path: `deadlines.red.receiveMinutes`, `contacts[ward/急诊科].phone`. Null where there is none. */
export interface RuleChange {
  path: string
  before: RuleValue
  after: RuleValue
}

export interface DictionaryDiff {
  added: DictionaryEntry[]
  removed: DictionaryEntry[]
  changed: EntryChange[]
  rules: RuleChange[]
}

/** What differs between two contents. The order of entries, terms and contacts says nothing, and is not compared. */
export function diffDictionaries(
  before: DictionaryContent,
  after: DictionaryContent,
  language: Language = 'zh-CN',
): DictionaryDiff {
  const entries = compared(before.entries, after.entries, ({ code }) => code)
  return {
    added: entries.added,
    removed: entries.removed,
    changed: entries.both
      .map(([was, is]) => entryChange(was, is, language))
      .filter(
        ({ fields, terms }) =>
          fields.length + terms.added.length + terms.removed.length + terms.changed.length > 0,
      ),
    rules: ruleChanges(before.rules, after.rules),
  }
}

/** True where nothing differs. */
export function isSameDictionary({ added, removed, changed, rules }: DictionaryDiff): boolean {
  return added.length + removed.length + changed.length + rules.length === 0
}

function entryChange(was: DictionaryEntry, is: DictionaryEntry, language: Language): EntryChange {
  const terms = compared(was.terms, is.terms, (term) => `${term.language} ${term.text}`)
  return {
    code: is.code,
    nameZh: is.nameZh,
    fields: cellChanges(was, is, entryColumns, entryCells, language),
    terms: {
      added: terms.added,
      removed: terms.removed,
      changed: terms.both
        .map(([before, after]) => ({
          text: after.text,
          language: after.language,
          fields: cellChanges(before, after, termColumns, termCells, language),
        }))
        .filter(({ fields }) => fields.length > 0),
    },
  }
}

function cellChanges<Of, Column extends DictionaryColumn>(
  was: Of,
  is: Of,
  columns: readonly Column[],
  cells: Record<Column, (of: Of, language: Language) => string>,
  language: Language,
): CellChange[] {
  return columns.flatMap((column) => {
    const before = cells[column](was, language)
    const after = cells[column](is, language)
    return before === after ? [] : [{ column, before, after }]
  })
}

/** What is in one, the other, or both, by key; a key that stands several times meets its like in order. */
function compared<Item>(before: readonly Item[], after: readonly Item[], keyOf: (item: Item) => string) {
  const left = new Map<string, Item[]>()
  for (const item of before) left.set(keyOf(item), [...(left.get(keyOf(item)) ?? []), item])
  const added: Item[] = []
  const both: [Item, Item][] = []
  for (const item of after) {
    const was = left.get(keyOf(item))?.shift()
    if (was === undefined) added.push(item)
    else both.push([was, item])
  }
  return { added, removed: [...left.values()].flat(), both }
}

function ruleChanges(before: object, after: object): RuleChange[] {
  const was = leavesOf(before)
  const is = leavesOf(after)
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const change = { path, before: was.get(path) ?? null, after: is.get(path) ?? null }
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change]
  })
}

/** The values of a rule tree by path. A contact is known by who it is for. */
function leavesOf(rules: object, prefix = ''): Map<string, RuleValue> {
  const found = new Map<string, RuleValue>()
  for (const [key, value] of Object.entries(rules)) {
    if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
      for (const item of value as { kind?: string; department?: string }[]) {
        const path = `${prefix}${key}[${item.kind}/${item.department}].`
        for (const leaf of leavesOf(item, path)) found.set(...leaf)
      }
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const leaf of leavesOf(value, `${prefix}${key}.`)) found.set(...leaf)
    } else found.set(prefix + key, value as RuleValue)
  }
  return found
}
