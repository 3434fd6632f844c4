import type { z } from 'zod'
import type { SavedView, WorklistSettings } from '../../shared/settings/index.ts'
import { WorklistFilter, type WorklistSort } from '../../shared/worklist/index.ts'

/** A named filter with its order. Delivered ones are named in the texts, by their id. */
export interface View {
  id: string
  /** Null for a delivered one. */
  name: string | null
  filter: WorklistFilter
  sort: WorklistSort | null
}

type Settings = z.infer<typeof WorklistSettings>

const filter = (restricts: z.input<typeof WorklistFilter> = {}) => WorklistFilter.parse(restricts)
const delivered = (id: string, restricts?: z.input<typeof WorklistFilter>): View => ({
  id,
  name: null,
  filter: filter(restricts),
  sort: null,
})

export const noFilter: WorklistFilter = filter()

/** What a reading room comes with. */
export const readingViews: readonly View[] = [
  delivered('all'),
  delivered('to-report', { status: 'to-report' }),
  delivered('mine', { status: 'mine' }),
  delivered('to-review', { status: 'to-review' }),
  delivered('urgent', { urgent: true }),
  delivered('today', { days: 1 }),
  delivered('critical-open', { critical: 'open' }),
]

/** What a modality comes with: what is still to do first. */
export const examViews: readonly View[] = [
  delivered('all'),
  delivered('not-arrived', { status: 'not-arrived' }),
  delivered('urgent', { urgent: true }),
  delivered('today', { days: 1 }),
].map((view) => ({ ...view, sort: { column: 'status', direction: 'ascending' } }))

export function viewsOf(own: Settings, deliveredViews: readonly View[]): readonly View[] {
  return [...deliveredViews, ...own.views]
}

/** The view that the list opens with. */
export function openingView(own: Settings, deliveredViews: readonly View[]): View {
  const views = viewsOf(own, deliveredViews)
  const found = views.find(({ id }) => id === own.openWith) ?? views[0]
  if (!found) throw new Error('a list has at least one view')
  return found
}

/** A filter without what does not restrict, its keys in one order: equal ones are equal texts. */
function canonical(given: WorklistFilter): string {
  const parts = Object.entries(given).filter(
    ([, value]) =>
      value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return JSON.stringify(
    parts
      .map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export function sameFilter(a: WorklistFilter, b: WorklistFilter): boolean {
  return canonical(a) === canonical(b)
}

/** Whether anything restricts, beside a search. */
export function restricts(given: WorklistFilter): boolean {
  return !sameFilter(given, noFilter)
}

/** Whether the list is as the view says; a search goes with any view. */
export function isAsViewed(view: View, given: WorklistFilter, sort: WorklistSort | null): boolean {
  return (
    sameFilter(
      { ...view.filter, search: '' },
      { ...given, search: view.filter.search ? given.search : '' },
    ) &&
    view.sort?.column === sort?.column &&
    view.sort?.direction === sort?.direction
  )
}

export const mostViews = 30

/** A view added, or put in the place of the one with its id. */
export function withView(own: Settings, view: SavedView): Settings {
  const at = own.views.findIndex(({ id }) => id === view.id)
  if (at >= 0) return { ...own, views: own.views.with(at, view) }
  return own.views.length >= mostViews ? own : { ...own, views: [...own.views, view] }
}

export function withoutView(own: Settings, id: string): Settings {
  return {
    ...own,
    views: own.views.filter((view) => view.id !== id),
    openWith: own.openWith === id ? null : own.openWith,
  }
}

/** An id for a new view, which no other has. */
export function freeId(own: Settings): string {
  const taken = new Set(own.views.map(({ id }) => id))
  let number = own.views.length + 1
  while (taken.has(`own-${number}`)) number += 1
  return `own-${number}`
}
