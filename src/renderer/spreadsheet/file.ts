import { dateOf } from '../i18n/index.ts'
import { csvOfRows, rowsOfCsv, textOfCsv } from './csv.ts'
import type { Cell, Rows } from './rows.ts'

export type SpreadsheetFormat = 'csv' | 'xlsx'

/** The most that is read of a file; a dictionary of 5,000 terms has less than one. */
const mostBytes = 16 * 1024 * 1024

/** Why a file gave no rows. */
export type FileProblem = 'too-large' | 'unreadable' | 'empty'

/** What of `accept` a file field offers. */
export const spreadsheetTypes = '.xlsx,.csv'

/** Loaded with the first workbook: most sessions read and write none. */
const workbooks = () => import('./xlsx.ts')

/** Rows as the bytes of a file, in base64. */
export async function fileOfRows(format: SpreadsheetFormat, title: string, rows: Rows): Promise<string> {
  if (format === 'xlsx') return base64Of(await (await workbooks()).xlsxOfRows(title, rows))
  // The mark tells the spreadsheets of this country that it is UTF-8.
  return base64Of(new TextEncoder().encode(`\uFEFF${csvOfRows(rows)}`))
}

/** The rows of a file that somebody chose, by what it is and not by its name. Rows without any text are left as empty rows. */
export async function rowsOfFile(file: Blob): Promise<{ rows: Cell[][] } | { problem: FileProblem }> {
  if (file.size > mostBytes) return { problem: 'too-large' }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    // An XLSX is a ZIP archive, an old XLS a compound file.
    const starts = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte)
    if (starts(0xd0, 0xcf, 0x11, 0xe0)) return { problem: 'unreadable' }
    const isArchive = starts(0x50, 0x4b)
    const rows = isArchive ? await (await workbooks()).rowsOfXlsx(file) : rowsOfText(textOfCsv(bytes))
    if (rows === null) return { problem: 'unreadable' }
    const empty = rows.every((row) => row.every((cell) => cell === null || cell === ''))
    return empty ? { problem: 'empty' } : { rows }
  } catch {
    return { problem: 'unreadable' }
  }
}

/** Null where it is no text at all. */
function rowsOfText(text: string): Cell[][] | null {
  return text.includes('\0') ? null : rowsOfCsv(text)
}

/** 危急值词典-20261123.xlsx; what a file name may not hold gives way to a dash. */
export function spreadsheetName(title: string, extension: string, at: number): string {
  return `${title.replace(/[\\/:*?"<>|\p{C}]+/gu, '-').slice(0, 80)}-${dateOf(at).replaceAll('-', '')}.${extension}`
}

/** In pieces: a call takes only so many arguments. */
function base64Of(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(binary)
}
