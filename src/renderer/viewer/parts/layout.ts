export const layouts = { '1x1': 1, '1x2': 2, '2x2': 4 } as const

export type Layout = keyof typeof layouts

/** Which display set each pane shows when the layout changes: those shown stay, free panes take sets not shown yet. */
export function fillPanes(panes: (string | null)[], layout: Layout, setIds: string[]): (string | null)[] {
  const kept = panes.slice(0, layouts[layout])
  const free = setIds.filter((id) => !kept.includes(id))
  while (kept.length < layouts[layout]) kept.push(free.shift() ?? null)
  return kept
}
