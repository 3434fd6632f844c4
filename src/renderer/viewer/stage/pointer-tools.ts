import { eventTarget, type Types } from '@cornerstonejs/core'
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

/** A measured length's label, at its place in the pane (CSS pixels). */
export interface Measurement {
  id: string
  text: string
  x: number
  y: number
}

/** What the left button does. Middle is always pan, right always zoom; `scroll` is handled by the pane itself. */
export type LeftTool = 'window' | 'scroll' | 'pan' | 'zoom' | 'length'

export interface PointerTools {
  attach(viewportId: string, engineId: string): void
  detach(viewportId: string, engineId: string): void
  choose(tool: LeftTool): void
  /** The labels of the measurements on an image. */
  measurements(viewport: Types.IStackViewport, imageId: string): Measurement[]
  /** Calls back when a measurement was made, moved or removed. */
  onMeasured(listener: () => void): () => void
  /** Removes all measurements. */
  forget(): void
}

const { ANNOTATION_MODIFIED, ANNOTATION_COMPLETED, ANNOTATION_REMOVED } = Enums.Events
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

  // The tool's own label is styled by an attribute, which the policy forbids: the pane draws it instead.
  const { style } = annotation.config
  const lines = {
    textBoxVisibility: false,
    color: '#7fd4ff',
    colorHighlighted: '#ffffff',
    colorSelected: '#7fd4ff',
  }
  const styles = style.getDefaultToolStyles()
  // Its types lack textBoxVisibility, which the tools do read.
  style.setDefaultToolStyles({ ...styles, global: { ...styles.global, ...(lines as object) } })

  const measured = [ANNOTATION_MODIFIED, ANNOTATION_COMPLETED, ANNOTATION_REMOVED]

  return {
    attach: (viewportId, engineId) => group.addViewport(viewportId, engineId),
    detach: (viewportId, engineId) => group.removeViewports(engineId, viewportId),
    choose,
    measurements(viewport, imageId) {
      const found = annotation.state.getAnnotations(names.length, viewport.element) ?? []
      return found.flatMap((one) => {
        const end = one.data.handles?.points?.[1]
        const [stats] = Object.values(one.data.cachedStats ?? {}) as { length?: number; unit?: string }[]
        if (one.metadata?.referencedImageId !== imageId || !end || stats?.length === undefined) return []
        const [x, y] = viewport.worldToCanvas(end)
        return [{ id: one.annotationUID ?? '', text: `${stats.length.toFixed(1)} ${stats.unit ?? ''}`, x, y }]
      })
    },
    onMeasured(listener) {
      for (const event of measured) eventTarget.addEventListener(event, listener)
      return () => {
        for (const event of measured) eventTarget.removeEventListener(event, listener)
      }
    },
    forget: () => annotation.state.removeAllAnnotations(),
  }
}
