import { memo, useEffect, useRef } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import type { CornerTextSetting } from '../display/corner-setting.ts'
import type { Showing } from '../hanging/arrangement.ts'
import { ObjectContent } from '../objects/object-content.tsx'
import type { ViewerSession } from '../session.ts'
import type { ImageView, ViewState } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import { useSay } from '../texts/index.ts'
import { CornerText } from './corner-text.tsx'
import { ProblemNotice } from './notice.tsx'
import { PaneLayers } from './pane-layers.tsx'
import { probe } from './probe.ts'
import { dragType } from './series-strip.tsx'
import { StackScrollbar } from './stack-scrollbar.tsx'
import { usePaneInput } from './use-pane-input.ts'
import { type Places, usePaneView, useViewState } from './use-pane-view.ts'

/** What is done with a pane from inside it; the same object as long as the place is. */
export interface PaneActs {
  activate(): void
  maximise(): void
  drop(setId: string): void
}

interface PaneProps {
  session: ViewerSession
  /** Rises when something of the session has come or failed: it is drawn anew then. */
  revision: number
  order: Order | null
  /** Counted from 1. */
  number: number
  showing: Showing | null
  places: Places
  active: boolean
  /** It alone is seen; `covered` is any other then. */
  maximised: boolean
  covered: boolean
  cornerText: CornerTextSetting
  tool: LeftTool
  acts: PaneActs
  /** The view under this pane's control, for toolbar and keys; null where there is none. */
  onView(view: ImageView | null): void
}

function Edges({ edges }: { edges: NonNullable<ViewState['edges']> }) {
  return (['left', 'right', 'top', 'bottom'] as const).map((edge) => (
    <span key={edge} className="vigil-viewer-edge" data-edge={edge}>
      {edges[edge]}
    </span>
  ))
}

/** One viewport: its own state, its own failures. It is not drawn anew because another one scrolls. */
export const Pane = memo(function Pane(props: PaneProps) {
  const say = useSay()
  const { session, showing, onView } = props
  const frame = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLDivElement>(null)
  const paneId = `vigil-pane-${props.number}`
  const content = usePaneView(session, paneId, showing, props.places, canvas)
  const view = content.kind === 'view' ? content.view : null
  const state = useViewState(view)
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

  const record = state && view?.record()
  const opened = showing && session.opened(showing.set)
  const imageIds = opened && 'imageIds' in opened ? opened.imageIds : []
  const isPrior = record ? record.study !== session.study.studyInstanceUid : false

  return (
    <section
      ref={frame}
      className="vigil-viewer-pane"
      aria-label={say('pane.label', { n: props.number })}
      data-pane={props.number}
      data-active={props.active}
      data-maximised={props.maximised}
      data-covered={props.covered}
      data-prior={isPrior}
      data-shown-as={showing?.as}
      {...probe(content, state, record ?? undefined)}
      tabIndex={props.covered ? -1 : 0}
      onFocus={props.acts.activate}
      onWheel={props.acts.activate}
      onPointerDownCapture={(event) => {
        props.acts.activate()
        // cornerstone's mouse handlers keep the browser from moving the focus itself.
        if (
          !(event.target as HTMLElement).closest(
            'button, input, select, textarea, a, [tabindex="0"]:not(section)',
          )
        )
          event.currentTarget.focus({ preventScroll: true })
      }}
      onDoubleClick={(event) => {
        if ((event.target as HTMLElement).closest('.vigil-viewer-canvas')) props.acts.maximise()
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
        props.acts.drop(dropped)
      }}
    >
      <div ref={canvas} id={paneId} className="vigil-viewer-canvas" />
      {state && view && (
        <PaneLayers
          session={session}
          view={view}
          state={state}
          number={props.number}
          active={props.active}
          tool={props.tool}
          frame={frame}
          canvas={canvas}
        />
      )}
      {state && view && record && (
        <CornerText
          session={session}
          order={isPrior ? null : props.order}
          prior={isPrior}
          record={record}
          view={view}
          state={state}
          setId={showing?.set ?? ''}
          detail={props.cornerText}
        />
      )}
      {state?.phase === 'loaded' && state.edges && <Edges edges={state.edges} />}
      {state && view && state.count > 1 && (
        <StackScrollbar
          controls={paneId}
          index={state.index}
          loaded={
            view.kind === 'stack'
              ? imageIds.map((imageId) => session.images.loaded(imageId))
              : Array.from({ length: state.count }, () => true)
          }
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
      {content.kind === 'objects' && <ObjectContent session={session} set={content.set} />}
      {content.kind === 'empty' && <p className="vigil-viewer-hint">{say('pane.empty')}</p>}
    </section>
  )
})
