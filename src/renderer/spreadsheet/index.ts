export { type FileProblem, rowsOfFile, type SpreadsheetFormat, spreadsheetTypes } from './file.ts'
export { type ListFile, useListExport } from './use-list-export.ts'
