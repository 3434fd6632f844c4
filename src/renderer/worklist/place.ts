import type { WorklistFilter, WorklistRow, WorklistSort } from '../../shared/worklist/index.ts'
import { indexOf, type Pages, rowAt } from './pages.ts'
import { rowKey } from './reading-order.ts'
import type { View } from './views.ts'

/** The selected exam, and where it stood when it was last seen. */
export interface Selected {
  /** Null where the row of that place has not come yet. */
  key: string | null
  index: number
}

/** Where a person is in a list. */
export interface ListPlace {
  view: string
  filter: WorklistFilter
  sort: WorklistSort | null
  selected: Selected | null
}

export function placeInView(view: View, search: string | undefined): ListPlace {
  return {
    view: view.id,
    filter: { ...view.filter, search: view.filter.search ?? search },
    sort: view.sort,
    selected: null,
  }
}

/** Where the selected row stands now: an exam that has moved is followed; -1 where it is not to be seen. */
export function selectedAt(pages: Pages | null, selected: Selected | null): number {
  if (!selected) return -1
  if (selected.key === null) return selected.index
  const row = rowAt(pages, selected.index)
  if (row && rowKey(row) === selected.key) return selected.index
  // A place that has not been fetched again may still be its own.
  return indexOf(pages, selected.key, selected.index) ?? (row ? -1 : selected.index)
}

/** The selection after the list has changed: followed to its new place, named once its row has come. */
export function followed(pages: Pages | null, selected: Selected | null): Selected | null {
  if (!selected) return null
  const index = selectedAt(pages, selected)
  const row = rowAt(pages, index)
  if (selected.key === null) return row ? { key: rowKey(row), index } : selected
  return index >= 0 && index !== selected.index ? { ...selected, index } : selected
}

export function selectedRow(pages: Pages | null, selected: Selected | null): WorklistRow | null {
  return rowAt(pages, selectedAt(pages, selected)) ?? null
}
