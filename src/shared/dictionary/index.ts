export type { Language } from './cell-text.ts'
export { columnHeading, type DictionaryColumn, dictionaryColumns } from './columns.ts'
export {
  type CellChange,
  type DictionaryDiff,
  diffDictionaries,
  type EntryChange,
  isSameDictionary,
  type RuleChange,
  type RuleValue,
} from './diff.ts'
export { type DictionaryProblem, type DictionaryReason, dictionaryProblems } from './problems.ts'
export { dictionaryOfRows, type ReadTable, type TableProblem, type TableReason } from './read-rows.ts'
export { dictionaryRows } from './write-rows.ts'
