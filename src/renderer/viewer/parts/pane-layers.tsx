import type { RefObject } from 'react'
import type { ViewerSession } from '../session.ts'
import type { ImageView, ViewState } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { StackState } from '../stage/stack-view.ts'

/** What is drawn over a pane's canvas knows this of it. It is drawn anew with every change of the view. */
export interface LayerProps {
  session: ViewerSession
  view: ImageView
  state: ViewState
  /** The pane, counted from 1. */
  number: number
  active: boolean
  tool: LeftTool
  /** The pane with everything in it. */
  frame: RefObject<HTMLElement | null>
  canvas: RefObject<HTMLDivElement | null>
}

/** Layers from the bottom to the top. Each covers the pane and takes no pointer of its own unless it says so. */
export function PaneLayers(props: LayerProps) {
  const stack = props.view.kind === 'stack' ? (props.state as StackState) : null
  return (
    <>
      {stack?.phase === 'loaded' &&
        stack.measurements.map((one) => (
          <span key={one.id} className="vigil-viewer-measurement" style={{ left: one.x + 8, top: one.y - 9 }}>
            {one.text}
          </span>
        ))}
    </>
  )
}
