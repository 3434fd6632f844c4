export { type FileProblem, rowsOfFile, type SpreadsheetFormat, spreadsheetTypes } from './file.ts'
export type { Cell, Rows } from './rows.ts'
export { type ListFile, useListExport } from './use-list-export.ts'
