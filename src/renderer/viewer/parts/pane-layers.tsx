import type { RefObject } from 'react'
import { CrosslineLayer } from '../link/crossline-layer.tsx'
import { Magnifier } from '../measure/magnifier.tsx'
import { MeasureLayer } from '../measure/measure-layer.tsx'
import { ImageLayer } from '../objects/image-layer.tsx'
import type { ViewerSession } from '../session.ts'
import type { ImageView, ViewState } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import { VolumeLayer } from '../volume/volume-layer.tsx'

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
  return (
    <>
      <ImageLayer {...props} />
      <VolumeLayer {...props} />
      <CrosslineLayer {...props} />
      <MeasureLayer {...props} />
      <Magnifier {...props} />
    </>
  )
}
