import { csvCell } from '../table/csv.ts'
import type { Rows } from './rows.ts'

/** RFC 4180 with CRLF. A text that a spreadsheet would take for a formula gets a leading apostrophe, which `rowsOfCsv` takes off. */
export function csvOfRows(rows: Rows): string {
  return rows
    .map((row) => {
      const cells = row.map((cell) => (typeof cell === 'string' ? csvCell(cell) : String(cell ?? '')))
      return `${cells.join(',')}\r\n`
    })
    .join('')
}

/** An apostrophe that stands there only so that what follows is not a formula. */
const guarded = /^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/

/** The cells of a CSV text: comma, semicolon or tab, whichever its first line has most of; any line end; quotes may hold line ends. */
export function rowsOfCsv(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(body)
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell.replace(guarded, ''))
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push(row)
    row = []
  }
  for (let at = 0; at < body.length; at++) {
    const char = body[at] as string
    if (quoted) {
      if (char !== '"') cell += char
      else if (body[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === separator) endCell()
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && body[at + 1] === '\n') at += 1
      endRow()
    } else cell += char
  }
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

function separatorOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/))
  const times = (separator: string) => head.split(separator).length
  return [';', '\t'].reduce((best, other) => (times(other) > times(best) ? other : best), ',')
}

/**
 * The text of a CSV file. UTF-8 and UTF-16 by their marks; without one UTF-8 where it is valid, otherwise GB18030: what
 * spreadsheets of this country save as plain CSV.
 */
export function textOfCsv(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
