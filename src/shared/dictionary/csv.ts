/** A cell that a spreadsheet would take for a formula (OWASP, CSV injection), however many apostrophes stand before it. */
const formula = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/

/**
 * A table as CSV (RFC 4180: CRLF, quotes doubled), with the mark by which spreadsheets know UTF-8. A cell that would be
 * taken for a formula gets a leading apostrophe, which `rowsOfCsv` takes away again.
 */
export function csvOfRows(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((cells) => `${cells.map(written).join(',')}\r\n`).join('')}`
}

function written(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The rows of a CSV; where a quote does not close or something follows it, the row (from 1) at which that is. */
export function rowsOfCsv(text: string): { ok: true; rows: string[][] } | { ok: false; row: number } {
  const rows: string[][] = []
  let cells: string[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    const cell = cellAt(text, at)
    if (!cell) return { ok: false, row: rows.length + 1 }
    cells.push(formula.test(cell.text) && cell.text.startsWith("'") ? cell.text.slice(1) : cell.text)
    at = cell.end
    if (text[at] === ',') {
      at += 1
      // A comma at the very end begins a last, empty cell.
      if (at < text.length) continue
      cells.push('')
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    rows.push(cells)
    cells = []
  }
  return { ok: true, rows }
}

/** The cell that begins at an offset, and the offset of the comma or line end after it. */
function cellAt(text: string, from: number): { text: string; end: number } | null {
  if (text[from] !== '"') {
    const end = /[,\r\n]/g
    end.lastIndex = from
    const stop = end.exec(text)?.index ?? text.length
    return { text: text.slice(from, stop), end: stop }
  }
  let close = text.indexOf('"', from + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) return null
  const next = text[close + 1]
  if (next !== undefined && next !== ',' && next !== '\r' && next !== '\n') return null
  return { text: text.slice(from + 1, close).replaceAll('""', '"'), end: close + 1 }
}
