import type Database from 'better-sqlite3'
import { rowContent, type Value } from './content.ts'
import type { SealKeys } from './keys.ts'
import { adjusted, openTableSeal, sealTable, type TableSeal, termOf } from './table-seal.ts'
import type { SealedTable } from './tables.ts'

/** Rows of at most so many characters are remembered as they were last found whole. */
const mostRemembered = 4096
const mostCharacters = 4096

/**
 * The functions that the triggers and the views of sealed tables call. They need the row key, which lies in the same database
 * and is known only after it is opened: until `keys` gives it, a write to a sealed table fails.
 */
export function registerSealFunctions(
  database: Database.Database,
  deps: { keys(): SealKeys; table(name: string): SealedTable },
): void {
  const contents = new Map<string, (values: readonly Value[]) => string>()
  const contentOf = (table: string, values: readonly Value[]): string => {
    let content = contents.get(table)
    if (!content) {
      content = rowContent(table, deps.table(table).columns)
      contents.set(table, content)
    }
    return content(values)
  }
  /** What each MAC was found to be of. A row that is read again and again costs a comparison, no hash. */
  const whole = new Map<string, string>()
  const remember = (mac: string, content: string) => {
    if (whole.size >= mostRemembered) whole.clear()
    if (content.length <= mostCharacters) whole.set(mac, content)
    return mac
  }
  const isOf = (mac: string, content: string): boolean => {
    if (whole.get(mac) === content) return true
    if (deps.keys().rowMac(content, mac) !== mac) return false
    remember(mac, content)
    return true
  }
  const made = (content: string) => remember(deps.keys().rowMac(content), content)
  /** The same term goes into the seal of a table and into that of all. */
  const terms = new Map<string, Buffer>()
  const termIn = (mac: string): Buffer => {
    const known = terms.get(mac)
    if (known) return known
    if (terms.size >= mostRemembered) terms.clear()
    const term = termOf(deps.keys(), mac)
    terms.set(mac, term)
    return term
  }
  const seals = new Map<string, { sealed: string; seal: TableSeal }>()
  const define = (name: string, work: (...values: never[]) => Value) =>
    database.function(name, { varargs: true, directOnly: false }, work as (...values: unknown[]) => unknown)

  /** (table, values…): the MAC of a row. */
  define('vigil_row_mac', (table: string, ...values: Value[]) => made(contentOf(table, values)))

  /**
   * (table, MAC, values before…, values after…): the MAC of a row that was changed. Of one that was not what its MAC says it stays
   * as it is: what is damaged is not made good by being written to.
   */
  define('vigil_row_again', (table: string, mac: string, ...values: Value[]) => {
    const half = values.length / 2
    if (!isOf(mac, contentOf(table, values.slice(0, half)))) return mac
    return made(contentOf(table, values.slice(half)))
  })

  /** (table, key, MAC or null, values…): 1. @throws what `damaged` gives where the MAC is not the row's. */
  define('vigil_whole', (table: string, key: string, mac: string | null, ...values: Value[]) => {
    if (mac !== null && isOf(mac, contentOf(table, values))) return 1
    throw deps.keys().damaged({ table, column: 'row', row: key })
  })

  /** (name, seal, MAC before or null, after or null): the table's seal. One that was damaged stays so. */
  define('vigil_adjusted', (name: string, sealed: string, before: string | null, after: string | null) => {
    const keys = deps.keys()
    const known = seals.get(name)
    let seal: TableSeal
    try {
      seal = known?.sealed === sealed ? known.seal : openTableSeal(keys, name, sealed)
    } catch {
      return sealed
    }
    const next = adjusted(termIn, seal, before, after)
    const text = sealTable(keys, name, next)
    seals.set(name, { sealed: text, seal: next })
    return text
  })
}
