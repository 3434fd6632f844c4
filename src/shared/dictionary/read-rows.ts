import type { DictionaryContent } from '../api/dictionary.ts'
import { DictionaryEntry, DictionaryTerm } from '../critical/model.ts'
import { CellError, levelWords, readList, readMeasuredLevels, readThreshold, readWord } from './cell-text.ts'
import {
  columnOf,
  type DictionaryColumn,
  dictionaryColumns,
  entryColumns,
  patientClassWords,
  recipientWords,
  sexWords,
  termLanguageWords,
} from './columns.ts'

/** What is wrong with a cell: nothing where something must be, not to be read, another row of the type says otherwise. */
export type TableReason =
  | 'missing'
  | 'unreadable'
  | 'too-long'
  | 'too-many'
  | 'differs'
  | 'unknown-column'
  | 'repeated-column'

export interface TableProblem {
  /** As a spreadsheet counts: the header is row 1. */
  row: number
  /** Null for a column that is none of ours. */
  column: DictionaryColumn | null
  /** What the file calls the column; empty where it has none. */
  heading: string
  reason: TableReason
  value: string
}

export type ReadTable = { ok: true; content: DictionaryContent } | { ok: false; problems: TableProblem[] }

/** More than these tell nobody more. */
const mostProblems = 200

/** As the dictionary's schema has it. */
const mostEntries = 2000
const mostTerms = 200

type Cells = Partial<Record<DictionaryColumn, string>>

/**
 * The dictionary that a table says, with the rules of `base`. Rows of one type share its code; where the type's other
 * cells are empty on a later row, they are as on its first.
 */
export function dictionaryOfRows(rows: readonly (readonly string[])[], base: DictionaryContent): ReadTable {
  const problems: TableProblem[] = []
  const [header = [], ...body] = rows
  const columns = header.map(columnOf)
  const heading = (column: DictionaryColumn) => header[columns.indexOf(column)]?.trim() ?? ''
  const report = (row: number, column: DictionaryColumn, reason: TableReason, value = '') =>
    problems.push({ row, column, heading: heading(column), reason, value: value.slice(0, 80) })

  header.forEach((written, i) => {
    const column = columns[i] ?? null
    const problem = { row: 1, column, heading: written.trim().slice(0, 80), value: '' }
    if (column === null && written.trim() !== '') problems.push({ ...problem, reason: 'unknown-column' })
    if (column !== null && columns.indexOf(column) !== i)
      problems.push({ ...problem, reason: 'repeated-column' })
  })
  for (const column of ['code', 'nameZh', 'nameEn', 'level', 'term', 'language'] as const)
    if (!columns.includes(column)) report(1, column, 'missing')
  if (problems.length > 0) return { ok: false, problems }

  const entries = new Map<string, { first: Cells; entry: DictionaryEntry }>()
  body.forEach((written, i) => {
    const row = i + 2
    if (problems.length >= mostProblems || written.every((cell) => cell.trim() === '')) return
    const cells: Cells = {}
    columns.forEach((column, at) => {
      if (column) cells[column] = written[at] ?? ''
    })
    const wrong = (column: DictionaryColumn, reason: TableReason) =>
      report(row, column, reason, cells[column] ?? '')
    const code = (cells.code ?? '').trim()
    const known = entries.get(code)
    if (known) {
      for (const column of entryColumns)
        if (cells[column]?.trim() && cells[column].trim() !== known.first[column]?.trim())
          wrong(column, 'differs')
    } else {
      const entry = entryOf(cells, wrong)
      if (!entry) return
      entries.set(code, { first: cells, entry })
    }
    const term = termOf(cells, wrong)
    const terms = entries.get(code)?.entry.terms
    if (entries.size > mostEntries) wrong('code', 'too-many')
    else if (terms && terms.length >= mostTerms) wrong('term', 'too-many')
    else if (term) terms?.push(term)
  })
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, mostProblems) }
  return {
    ok: true,
    content: { entries: [...entries.values()].map(({ entry }) => entry), rules: base.rules },
  }
}

type Wrong = (column: DictionaryColumn, reason: TableReason) => void

/** An entry without its terms; undefined, and told, where its cells do not make one. */
function entryOf(cells: Cells, wrong: Wrong): DictionaryEntry | undefined {
  const read = reader(cells, wrong)
  const age = withoutAbsent({ from: read('ageFrom', wholeYears), to: read('ageTo', wholeYears) })
  const scope = withoutAbsent({
    modalities: read('modalities', readList),
    bodyParts: read('bodyParts', readList),
    patientClasses: read('patientClasses', (cell) =>
      readList(cell)?.map((word) => readWord(patientClassWords, word)),
    ),
    sex: read('sex', (cell) => readWord(sexWords, cell)),
    age: Object.keys(age).length > 0 ? age : undefined,
  })
  const entry = withoutAbsent({
    code: cells.code?.trim() ?? '',
    nameZh: cells.nameZh ?? '',
    nameEn: cells.nameEn ?? '',
    level: read('level', (cell) => readWord(levelWords, cell)),
    scope: Object.keys(scope).length > 0 ? scope : undefined,
    recipient: read('recipient', (cell) => readWord(recipientWords, cell)),
  })
  const parsed = DictionaryEntry.omit({ terms: true }).safeParse(entry)
  if (parsed.success) return read.failed() ? undefined : { ...parsed.data, terms: [] }
  for (const { path, code } of parsed.error.issues) {
    const [field, part, end] = path.map(String)
    const name = field === 'scope' ? (part === 'age' ? (end === 'to' ? 'ageTo' : 'ageFrom') : part) : field
    const column = dictionaryColumns.find((candidate) => candidate === name) ?? 'code'
    if (!read.failed(column)) wrong(column, reasonOf(code, cells[column]))
  }
  return undefined
}

const termFields: Record<string, DictionaryColumn> = { text: 'term', level: 'termLevel' }

function termOf(cells: Cells, wrong: Wrong): DictionaryTerm | undefined {
  const read = reader(cells, wrong)
  const term = withoutAbsent({
    text: cells.term ?? '',
    language: read('language', (cell) => readWord(termLanguageWords, cell)),
    requires: read('requires', readThreshold),
    level: read('termLevel', (cell) => readWord(levelWords, cell)),
    measuredLevels: read('measuredLevels', readMeasuredLevels),
    notWithin: read('notWithin', readList),
  })
  const parsed = DictionaryTerm.safeParse(term)
  if (parsed.success) return read.failed() ? undefined : parsed.data
  for (const { path, code } of parsed.error.issues) {
    const field = String(path[0])
    const column = termFields[field] ?? dictionaryColumns.find((candidate) => candidate === field) ?? 'term'
    if (!read.failed(column)) wrong(column, reasonOf(code, cells[column]))
  }
  return undefined
}

function reasonOf(code: string, cell = ''): TableReason {
  if (cell.trim() === '') return 'missing'
  return code === 'too_big' ? 'too-long' : 'unreadable'
}

/** Reads cells that are not empty; what cannot be read is told once, and read as absent. */
function reader(cells: Cells, wrong: Wrong) {
  const failures = new Set<DictionaryColumn>()
  function read<Value>(column: DictionaryColumn, by: (cell: string) => Value): Value | undefined {
    const cell = cells[column] ?? ''
    if (cell.trim() === '') return undefined
    try {
      return by(cell)
    } catch (error) {
      if (!(error instanceof CellError)) throw error
      failures.add(column)
      wrong(column, 'unreadable')
      return undefined
    }
  }
  read.failed = (column?: DictionaryColumn) => (column ? failures.has(column) : failures.size > 0)
  return read
}

/** An age; a spreadsheet may have made 65.0 of it. */
function wholeYears(cell: string): number {
  const written = /^(\d{1,3})(?:\.0+)?$/.exec(cell.trim().normalize('NFKC'))
  if (!written || Number(written[1]) > 150) throw new CellError('age')
  return Number(written[1])
}

function withoutAbsent<Fields extends object>(
  fields: Fields,
): { [K in keyof Fields]?: Exclude<Fields[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
