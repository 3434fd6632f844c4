import type { SeriesRule } from '../../../shared/settings/index.ts'
import type { ViewPlace } from '../stage/image-view.ts'

/** What a pane was asked to show: a display set, and what it is shown as. */
export interface Showing {
  /** Display set id. */
  set: string
  as: SeriesRule['as']
  /** Where it begins, where the hanging protocol says so. */
  start?: Partial<ViewPlace> | undefined
  /** A window preset's key to begin with. */
  preset?: string | null | undefined
}

/** How the panes are laid out, and what each shows. Panes beyond rows × columns wait for a larger layout. */
export interface Arrangement {
  rows: number
  columns: number
  panes: readonly (Showing | null)[]
  /** Index of the pane that keys and toolbar act on. */
  active: number
  /** The active pane alone fills the place of all. */
  maximised: boolean
}

export const largest = 4

export const oneUp: Arrangement = { rows: 1, columns: 1, panes: [null], active: 0, maximised: false }

export const paneCount = (a: Pick<Arrangement, 'rows' | 'columns'>): number => a.rows * a.columns

export const asStack = (set: string): Showing => ({ set, as: 'stack' })

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))

/** Another grid: what is shown stays, panes that become free take sets that are not shown yet, in the order given. */
export function withGrid(
  a: Arrangement,
  rows: number,
  columns: number,
  setIds: readonly string[],
): Arrangement {
  const grid = { rows: clamp(rows, 1, largest), columns: clamp(columns, 1, largest) }
  const count = paneCount(grid)
  const panes = [...a.panes]
  const shown = new Set(panes.slice(0, count).map((one) => one?.set))
  const free = setIds.filter((id) => !shown.has(id))
  for (let i = 0; i < count; i += 1) {
    if (panes[i]) continue
    const next = free.shift()
    panes[i] = next === undefined ? null : asStack(next)
  }
  return { ...grid, panes, active: Math.min(a.active, count - 1), maximised: false }
}

/** The pane shows this from now on, and is the active one. */
export function withShowing(a: Arrangement, pane: number, showing: Showing | null): Arrangement {
  if (pane < 0 || pane >= paneCount(a)) return a
  const panes = Array.from({ length: Math.max(a.panes.length, paneCount(a)) }, (_, i) =>
    i === pane ? showing : (a.panes[i] ?? null),
  )
  return { ...a, panes, active: pane }
}

export function withActive(a: Arrangement, pane: number): Arrangement {
  if (pane === a.active || pane < 0 || pane >= paneCount(a)) return a
  return { ...a, active: pane }
}

/** The next pane, row by row and around; while one is maximised the next one is. */
export function withNextActive(a: Arrangement, by: 1 | -1): Arrangement {
  const count = paneCount(a)
  return withActive(a, (a.active + by + count) % count)
}

/** One pane alone, or all again. A single pane is alone anyway. */
export function toggleMaximised(a: Arrangement, pane = a.active): Arrangement {
  if (paneCount(a) === 1) return a
  return { ...withActive(a, pane), maximised: !a.maximised }
}

/** The set after, or before, the one that the active pane shows, among all; the same arrangement at the end of the list. */
export function withNextSet(a: Arrangement, by: 1 | -1, setIds: readonly string[]): Arrangement {
  const at = setIds.indexOf(a.panes[a.active]?.set ?? '')
  const next = setIds[at < 0 ? 0 : at + by]
  return next === undefined ? a : withShowing(a, a.active, asStack(next))
}

/** Sets that are no longer there leave their panes free. */
export function withoutMissing(a: Arrangement, setIds: readonly string[]): Arrangement {
  const known = new Set(setIds)
  if (a.panes.every((one) => one === null || known.has(one.set))) return a
  return { ...a, panes: a.panes.map((one) => (one && known.has(one.set) ? one : null)) }
}
