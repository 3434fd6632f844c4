import type { WorklistPage } from '../../shared/api/worklist.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { rowKey } from './reading-order.ts'

/** Rows to a page. Two or three cover a screen and what lies around it. */
export const pageSize = 100

/** Pages that are kept: a hundred thousand rows scrolled through do not stay in the window. */
const pagesKept = 40

/** A list as far as it has been fetched: pages of one revision, by their number. */
export interface Pages {
  revision: number
  total: number
  byNumber: ReadonlyMap<number, readonly WorklistRow[]>
  broken: WorklistPage['broken']
}

/** From the page of the first row to that of the last, with half a page around them; at least one page. */
export function stretchOf(first: number, end: number): { offset: number; limit: number } {
  const from = Math.max(0, Math.floor((first - pageSize / 2) / pageSize))
  const to = Math.max(from + 1, Math.ceil((end + pageSize / 2) / pageSize))
  return { offset: from * pageSize, limit: Math.min(1000, (to - from) * pageSize) }
}

export function rowAt(pages: Pages | null, index: number): WorklistRow | undefined {
  return pages?.byNumber.get(Math.floor(index / pageSize))?.[index % pageSize]
}

/** Whether every row from `first` to before `end` is there. */
export function covers(pages: Pages, first: number, end: number): boolean {
  for (let index = first; index < Math.min(end, pages.total); index += 1) {
    if (!rowAt(pages, index)) return false
  }
  return true
}

/** The place of a row among those that are there, the nearest page to `near` first; null where it is not among them. */
export function indexOf(pages: Pages | null, key: string, near = 0): number | null {
  if (!pages) return null
  for (const number of byNearness(pages, Math.floor(near / pageSize))) {
    const at = pages.byNumber.get(number)?.findIndex((row) => rowKey(row) === key) ?? -1
    if (at >= 0) return number * pageSize + at
  }
  return null
}

/** Where a study's row stands, among those that are there; null where it is not. */
export function placeOfStudy(pages: Pages | null, study: string): { key: string; index: number } | null {
  for (const [number, rows] of pages?.byNumber ?? []) {
    const at = rows.findIndex((row) => row.studyInstanceUid === study)
    const row = rows[at]
    if (row) return { key: rowKey(row), index: number * pageSize + at }
  }
  return null
}

function byNearness(pages: Pages, near: number): number[] {
  return [...pages.byNumber.keys()].toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near))
}

/**
 * What is there after an answer. Pages of another revision do not fit beside it and go; so an answer that takes their place
 * must cover what is on the screen (`stretchOf`).
 */
export function received(before: Pages | null, answer: WorklistPage): Pages {
  const fits = before?.revision === answer.revision && before.total === answer.total
  const byNumber = new Map(fits ? before.byNumber : [])
  for (let from = 0; from < answer.rows.length; from += pageSize) {
    byNumber.set((answer.offset + from) / pageSize, answer.rows.slice(from, from + pageSize))
  }
  const pages = { revision: answer.revision, total: answer.total, byNumber, broken: answer.broken }
  for (const number of byNearness(pages, answer.offset / pageSize).slice(pagesKept)) byNumber.delete(number)
  return pages
}

/**
 * Rows of the answer that were not there before, between rows that were: somebody has added them. What slid in at an end from a page
 * that had not been fetched is not new.
 */
export function newKeys(before: Pages, answer: WorklistPage, seen: ReadonlySet<string>): string[] {
  if (before.revision === answer.revision) return []
  const known = answer.rows.map((row) => seen.has(rowKey(row)))
  const first = answer.offset === 0 ? 0 : known.indexOf(true)
  const whole =
    answer.offset + answer.rows.length >= answer.total && before.byNumber.has(pageOf(before.total - 1))
  const last = whole ? answer.rows.length - 1 : known.lastIndexOf(true)
  if (first < 0) return []
  return answer.rows.slice(first, last + 1).flatMap((row) => (seen.has(rowKey(row)) ? [] : [rowKey(row)]))
}

const pageOf = (index: number) => Math.floor(Math.max(0, index) / pageSize)
