import {
  addTool,
  annotation,
  Enums,
  LengthTool,
  PanTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools'

/** What the left button does. Middle is always pan, right always zoom; `scroll` is handled by the pane itself. */
export type LeftTool = 'window' | 'scroll' | 'pan' | 'zoom' | 'length'

export interface PointerTools {
  attach(viewportId: string, engineId: string): void
  detach(viewportId: string, engineId: string): void
  choose(tool: LeftTool): void
  /** Removes all measurements. */
  forget(): void
}

const { Primary, Secondary, Auxiliary } = Enums.MouseBindings

const names = {
  window: WindowLevelTool.toolName,
  pan: PanTool.toolName,
  zoom: ZoomTool.toolName,
  length: LengthTool.toolName,
}

/** cornerstone's tools in one group for all panes. */
export function createPointerTools(): PointerTools {
  for (const tool of [WindowLevelTool, PanTool, ZoomTool, LengthTool]) addTool(tool)
  const group = ToolGroupManager.createToolGroup('vigil')
  if (!group) throw new Error('a tool group exists already')
  for (const name of Object.values(names)) group.addTool(name)

  const choose = (tool: LeftTool) => {
    for (const name of [names.window, names.pan, names.zoom]) group.setToolDisabled(name)
    group.setToolPassive(names.length)
    const bind = (key: keyof typeof names, ...buttons: number[]) => {
      const all = tool === key ? [Primary, ...buttons] : buttons
      const bindings = all.map((mouseButton) => ({ mouseButton }))
      if (bindings.length > 0) group.setToolActive(names[key], { bindings })
    }
    bind('window')
    bind('pan', Auxiliary)
    bind('zoom', Secondary)
    bind('length')
  }
  choose('window')

  return {
    attach: (viewportId, engineId) => group.addViewport(viewportId, engineId),
    detach: (viewportId, engineId) => group.removeViewports(engineId, viewportId),
    choose,
    forget: () => annotation.state.removeAllAnnotations(),
  }
}
