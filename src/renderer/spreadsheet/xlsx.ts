import { readSheet } from 'read-excel-file/universal'
import writeXlsxFile from 'write-excel-file/universal'
import { dateOf } from '../i18n/index.ts'
import type { Cell, Rows } from './rows.ts'

// The libraries' `browser` entries work in workers made of blobs, which the CSP refuses: see vite.renderer.config.ts.

/** A workbook of one sheet (ECMA-376). The first row is its head: bold, and it stays in sight. Texts are never formulas. */
export async function xlsxOfRows(sheet: string, rows: Rows): Promise<Uint8Array> {
  const data = rows.map((row, index) =>
    row.map((cell) => {
      if (cell === null || cell === '') return null
      if (typeof cell === 'number') return { value: cell, type: Number }
      return { value: cell, type: String, ...(index === 0 && { fontWeight: 'bold' as const }) }
    }),
  )
  const columns = (rows[0] ?? []).map((_, column) => ({ width: widthOf(rows, column) }))
  const options = { sheet: sheet.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31), columns, stickyRowsCount: 1 }
  const blob = await writeXlsxFile(data, options).toBlob()
  return new Uint8Array(await blob.arrayBuffer())
}

/** In characters of the head's font; Chinese ones are two wide. Only the first rows are looked at. */
function widthOf(rows: Rows, column: number): number {
  const lengths = rows.slice(0, 200).map((row) => {
    const text = String(row[column] ?? '')
    return [...text].reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0)
  })
  return Math.min(60, Math.max(8, ...lengths) + 2)
}

/** The cells of the first sheet. Dates become YYYY-MM-DD, truth values TRUE and FALSE. @throws where it is not a workbook. */
export async function rowsOfXlsx(file: Blob): Promise<Cell[][]> {
  const rows = await readSheet(file)
  return rows.map((row) => row.map((cell) => cellOf(cell)))
}

function cellOf(cell: unknown): Cell {
  if (cell === null || cell === undefined) return null
  if (cell instanceof Date) return dateOf(cell.getTime() + cell.getTimezoneOffset() * 60_000)
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  return typeof cell === 'number' ? cell : String(cell)
}
