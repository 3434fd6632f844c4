import { useEffect, useRef } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import type { ViewerSession } from '../session.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { StackState, StackView } from '../stage/stack-view.ts'
import { objectKey, useSay } from '../texts/index.ts'
import { CornerText } from './corner-text.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { probe } from './probe.ts'
import { dragType } from './series-strip.tsx'
import { StackScrollbar } from './stack-scrollbar.tsx'
import { usePaneInput } from './use-pane-input.ts'
import { usePaneStack, useStackState } from './use-pane-stack.ts'

interface PaneProps {
  session: ViewerSession
  order: Order | null
  /** Counted from 1. */
  number: number
  setId: string | null
  active: boolean
  tool: LeftTool
  onActivate(): void
  onDropSet(setId: string): void
  /** The stack under this pane's control, for toolbar and keys; null where there is none. */
  onView(view: StackView | null): void
}

function Edges({ edges }: { edges: NonNullable<StackState['edges']> }) {
  return (['left', 'right', 'top', 'bottom'] as const).map((edge) => (
    <span key={edge} className="vigil-viewer-edge" data-edge={edge}>
      {edges[edge]}
    </span>
  ))
}

/** One viewport: its own state, its own failures. */
export function Pane(props: PaneProps) {
  const say = useSay()
  const { session, setId, onView } = props
  const frame = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLDivElement>(null)
  const paneId = `vigil-pane-${props.number}`
  const content = usePaneStack(session, paneId, setId, canvas)
  const view = content.kind === 'stack' ? content.view : null
  const state = useStackState(view)
  usePaneInput(frame, canvas, view, props.tool)

  useEffect(() => {
    onView(view)
    return () => onView(null)
  }, [view, onView])

  useEffect(() => {
    if (!view || !canvas.current) return
    const observer = new ResizeObserver(() => view.resize())
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [view])

  const set = session.sets.find((candidate) => candidate.id === setId)
  const record = state && session.engine.record(state.imageId)
  const opened = set && session.opened(set.id)
  const imageIds = opened && 'imageIds' in opened ? opened.imageIds : []
  const seriesTitle = set && [set.series.modality, set.series.description].filter(Boolean).join('  ')

  return (
    <section
      ref={frame}
      className="vigil-viewer-pane"
      aria-label={say('pane.label', { n: props.number })}
      data-active={props.active}
      {...probe(content, state, record ?? undefined)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the pane takes the keys that scroll and window it
      tabIndex={0}
      onPointerDownCapture={(event) => {
        props.onActivate()
        // cornerstone's mouse handlers keep the browser from moving the focus itself.
        if (!(event.target as HTMLElement).closest('button'))
          event.currentTarget.focus({ preventScroll: true })
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={(event) => {
        const dropped = event.dataTransfer.getData(dragType)
        if (!dropped) return
        event.preventDefault()
        props.onDropSet(dropped)
      }}
    >
      <div ref={canvas} id={paneId} className="vigil-viewer-canvas" />
      {state && record && (
        <CornerText study={session.study} order={props.order} record={record} state={state} />
      )}
      {state?.phase === 'loaded' && state.edges && <Edges edges={state.edges} />}
      {state?.phase === 'loaded' &&
        state.measurements.map((one) => (
          <span key={one.id} className="vigil-viewer-measurement" style={{ left: one.x + 8, top: one.y - 9 }}>
            {one.text}
          </span>
        ))}
      {state && view && state.count > 1 && (
        <StackScrollbar
          controls={paneId}
          index={state.index}
          loaded={imageIds.map((imageId) => session.images.loaded(imageId))}
          onShow={view.show}
        />
      )}
      {state?.phase === 'loading' && <p className="vigil-viewer-loading">{say('pane.loading')}</p>}
      {state?.phase === 'failed' && state.problem && view && (
        <ProblemNotice title={say('pane.failed')} problem={state.problem} onRetry={view.retry} />
      )}
      {content.kind === 'opening' && <p className="vigil-viewer-loading">{say('pane.loading-series')}</p>}
      {content.kind === 'failed' && (
        <ProblemNotice title={say('pane.series-failed')} problem={content.problem} onRetry={content.retry} />
      )}
      {content.kind === 'objects' && set && (
        <Notice title={say('pane.objects')}>
          <p className="vigil-viewer-detail">{seriesTitle}</p>
          <p>{say(objectKey(set.series.modality))}</p>
        </Notice>
      )}
      {content.kind === 'empty' && <p className="vigil-viewer-hint">{say('pane.empty')}</p>}
    </section>
  )
}
