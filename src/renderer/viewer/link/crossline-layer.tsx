import { use } from 'react'
import type { LayerProps } from '../parts/pane-layers.tsx'
import { useViewState } from '../parts/use-pane-view.ts'
import { crossline } from './geometry.ts'
import { PanesContext } from './panes-context.ts'

/** Where the active pane's picture cuts this one, and the point that is pointed at elsewhere. */
export function CrosslineLayer({ view, state, number }: LayerProps) {
  const { active, crosslines, cursor } = use(PanesContext)
  // Drawn anew when the active pane moves.
  useViewState(active)
  if (state.phase === 'failed') return null
  const own = view.plane()
  const of = crosslines && active && active !== view ? active.plane() : null
  const line = own && of ? crossline(of, own) : null
  const [from, to] = line ? [view.toCanvas(line[0]), view.toCanvas(line[1])] : [null, null]
  const pointed = cursor && cursor.number !== number && cursor.frameOfReference === own?.frameOfReference
  const at = pointed ? view.toCanvas(cursor.point) : null
  if (!(from && to) && !at) return null
  return (
    <svg className="vigil-viewer-layer" aria-hidden="true" data-crossline={from && to ? true : undefined}>
      {from && to && (
        <line className="vigil-viewer-crossline" x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
      )}
      {at && (
        <path
          className="vigil-viewer-cursor"
          data-cursor
          d={`M${at[0] - 14} ${at[1]}h10m8 0h10M${at[0]} ${at[1] - 14}v10m0 8v10`}
        />
      )}
    </svg>
  )
}
