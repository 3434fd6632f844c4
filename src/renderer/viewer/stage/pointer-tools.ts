import { addTool, Enums, PanTool, ToolGroupManager, WindowLevelTool, ZoomTool } from '@cornerstonejs/tools'
import type { FigureKind } from '../measure/figure.ts'

/**
 * What the left button does. Middle is always pan, right always zoom. cornerstone does `window`, `pan` and `zoom`; the pane scrolls by
 * itself, and the measuring layer selects, magnifies and draws.
 */
export type LeftTool = 'window' | 'scroll' | 'pan' | 'zoom' | 'magnify' | 'select' | FigureKind

export interface PointerTools {
  attach(viewportId: string, engineId: string): void
  detach(viewportId: string, engineId: string): void
  choose(tool: LeftTool): void
}

const { Primary, Secondary, Auxiliary } = Enums.MouseBindings

const names = { window: WindowLevelTool.toolName, pan: PanTool.toolName, zoom: ZoomTool.toolName }

/** cornerstone's tools in one group for all panes. */
export function createPointerTools(): PointerTools {
  for (const tool of [WindowLevelTool, PanTool, ZoomTool]) addTool(tool)
  const group = ToolGroupManager.createToolGroup('vigil')
  if (!group) throw new Error('a tool group exists already')
  for (const name of Object.values(names)) group.addTool(name)

  const choose = (tool: LeftTool) => {
    for (const name of Object.values(names)) group.setToolDisabled(name)
    const bind = (key: keyof typeof names, ...buttons: number[]) => {
      const all = tool === key ? [Primary, ...buttons] : buttons
      const bindings = all.map((mouseButton) => ({ mouseButton }))
      if (bindings.length > 0) group.setToolActive(names[key], { bindings })
    }
    bind('window')
    bind('pan', Auxiliary)
    bind('zoom', Secondary)
  }
  choose('window')

  return {
    attach: (viewportId, engineId) => group.addViewport(viewportId, engineId),
    detach: (viewportId, engineId) => group.removeViewports(engineId, viewportId),
    choose,
  }
}
