import { dateOf } from '../i18n/index.ts'
import { type Column, titleText } from './column.ts'

/**
 * A table as a file (RFC 4180: CRLF, quotes doubled), with the columns that have a text. A cell that a spreadsheet would take
 * for a formula gets a leading apostrophe (OWASP, CSV injection).
 */
export function csvOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const written = columns.flatMap((column) => (column.text ? [{ column, text: column.text }] : []))
  const lines = [
    written.map(({ column }) => titleText(column)),
    ...rows.map((row) => written.map(({ text }) => text(row))),
  ]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

/** Full-width forms too: spreadsheets set for Chinese or Japanese read ＝１＋１ as a formula. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/

export function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** 账号-20261123.csv; what a file name may not hold gives way to a dash. */
export function csvFileName(title: string, at: number): string {
  return `${title.replace(/[\\/:*?"<>|\p{C}]+/gu, '-')}-${dateOf(at).replaceAll('-', '')}.csv`
}
