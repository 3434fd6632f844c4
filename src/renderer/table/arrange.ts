import type { Column } from './column.ts'

/** One column as the person has it. */
export interface ColumnSetting {
  key: string
  shown: boolean
  /** CSS pixels; null as delivered. */
  width: number | null
}

export const narrowest = 40
export const widest = 800

type Delivered = Pick<Column<never>, 'key' | 'hidden' | 'needed'>

/** Every delivered column in the person's order; what they have not touched comes after, as delivered. */
export function settingsOf(delivered: readonly Delivered[], own: readonly ColumnSetting[]): ColumnSetting[] {
  const known = own.filter(
    ({ key }, at) =>
      delivered.some((each) => each.key === key) && own.findIndex((each) => each.key === key) === at,
  )
  const rest = delivered.filter(({ key }) => !known.some((each) => each.key === key))
  const all = [...known, ...rest.map(({ key, hidden }) => ({ key, shown: !hidden, width: null }))]
  return all.map((each) =>
    delivered.some(({ key, needed }) => needed && key === each.key) ? { ...each, shown: true } : each,
  )
}

/** The columns that are shown, in the person's order and widths. */
export function arrange<Row>(columns: readonly Column<Row>[], own: readonly ColumnSetting[]): Column<Row>[] {
  return settingsOf(columns, own).flatMap(({ key, shown, width }) => {
    const column = columns.find((each) => each.key === key)
    if (!column || !shown) return []
    return [width === null ? column : { ...column, width, grow: 0 }]
  })
}

/** The column put before another one; after all others where that is null. */
export function moveBefore(
  settings: readonly ColumnSetting[],
  key: string,
  before: string | null,
): ColumnSetting[] {
  const moved = settings.find((each) => each.key === key)
  if (!moved || key === before) return [...settings]
  const rest = settings.filter((each) => each !== moved)
  const at = before === null ? rest.length : rest.findIndex((each) => each.key === before)
  return at < 0 ? [...settings] : rest.toSpliced(at, 0, moved)
}

/** The column one place to the left or right among those that are shown. */
export function moveBy(settings: readonly ColumnSetting[], key: string, by: -1 | 1): ColumnSetting[] {
  const shown = settings.filter((each) => each.shown)
  const at = shown.findIndex((each) => each.key === key)
  const target = at + (by === 1 ? 2 : -1)
  if (at < 0 || target < 0 || at + by >= shown.length) return [...settings]
  return moveBefore(settings, key, shown[target]?.key ?? null)
}

export function withWidth(
  settings: readonly ColumnSetting[],
  key: string,
  width: number | null,
): ColumnSetting[] {
  const kept = width === null ? null : Math.round(Math.max(narrowest, Math.min(widest, width)))
  return settings.map((each) => (each.key === key ? { ...each, width: kept } : each))
}

export function withShown(settings: readonly ColumnSetting[], key: string, shown: boolean): ColumnSetting[] {
  return settings.map((each) => (each.key === key ? { ...each, shown } : each))
}
