export type { Language } from './cell-text.ts'
export { columnHeading } from './columns.ts'
export {
  type DictionaryDiff,
  diffDictionaries,
  type EntryChange,
  isSameDictionary,
  type RuleChange,
  type RuleValue,
} from './diff.ts'
export { type DictionaryProblem, dictionaryProblems } from './problems.ts'
export { dictionaryOfRows, type TableProblem } from './read-rows.ts'
export { dictionaryRows } from './write-rows.ts'
