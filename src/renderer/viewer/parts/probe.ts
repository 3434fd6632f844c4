import type { ImageRecord } from '../load/image-record.ts'
import type { ViewState } from '../stage/image-view.ts'
import type { StackState } from '../stage/stack-view.ts'
import type { PaneContent } from './use-pane-view.ts'

/**
 * What a test may read from a pane, as data attributes: its state, and for the image on screen its UIDs, place in the stack
 * (`data-image-index` counts from 0) and the statistics of its decoded modality values or RGB samples.
 */
export function probe(
  content: PaneContent,
  state: ViewState | null,
  record: ImageRecord | undefined,
): Record<`data-${string}`, string | number | undefined> {
  if (content.kind !== 'view' || !state) {
    const phases = {
      empty: 'empty',
      objects: 'no-pixels',
      opening: 'loading',
      failed: 'failed',
      view: 'loading',
    }
    return {
      'data-viewport-state': phases[content.kind],
      'data-problem': content.kind === 'failed' ? content.problem.code : undefined,
    }
  }
  const { window } = state
  const stack = content.view.kind === 'stack' ? (state as StackState) : null
  return {
    'data-viewport-state': state.phase,
    'data-problem': state.problem?.code,
    'data-problem-detail': state.problem?.detail || undefined,
    'data-view': content.view.kind,
    'data-study-instance-uid': record?.study,
    'data-series-instance-uid': record?.series,
    'data-sop-instance-uid': record?.instance,
    'data-frame': record?.frame,
    'data-image-index': state.index,
    'data-image-count': state.count,
    ...(state.phase === 'loaded' && {
      'data-transfer-syntax': stack?.shown?.vigil.transferSyntaxUid,
      'data-pixel-min': stack?.statistics?.min,
      'data-pixel-max': stack?.statistics?.max,
      'data-pixel-mean': stack?.statistics?.mean,
      'data-pixel-channel-means': stack?.statistics?.channels.join(','),
      'data-window-centre': window?.centre,
      'data-window-width': window?.width,
      'data-voi-lut': stack?.lut ? stack.lut.name || 'unnamed' : undefined,
    }),
  }
}
