import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import { type Preset, presetsFor } from '../display/presets.ts'
import type { ViewerSession } from '../session.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { StackState, StackView } from '../stage/stack-view.ts'
import { useSay } from '../texts/index.ts'
import { keyAction } from './keys.ts'
import { fillPanes, type Layout, layouts } from './layout.ts'
import { Notice } from './notice.tsx'
import { Pane } from './pane.tsx'
import { SeriesStrip } from './series-strip.tsx'
import { type Action, Toolbar } from './toolbar.tsx'
import { useStackState } from './use-pane-stack.ts'

function useRevision(session: ViewerSession): number {
  const [revision, setRevision] = useState(0)
  useEffect(() => session.onChange(() => setRevision((before) => before + 1)), [session])
  return revision
}

/** Series metadata one after another, so that every thumbnail and the prefetch plan get theirs. */
function useOpenAll(session: ViewerSession): void {
  useEffect(() => {
    const openAll = async () => {
      for (const set of session.sets) {
        if (session.closed) return
        if (set.kind === 'images') await session.open(set).catch(() => {})
      }
    }
    void openAll()
  }, [session])
}

function presetsOf(session: ViewerSession, state: StackState | null): Preset[] {
  const record = state?.shown && session.engine.record(state.shown.imageId)
  if (!record || !state?.shown || state.shown.color) return []
  const { range, exact } = state.shown.vigil
  return presetsFor(record.modality, record.windows, range, exact)
}

const near = (a: number, b: number, width: number) => Math.abs(a - b) < Math.min(1, width / 50)

/** Toolbar, series strip and panes of one study. */
export function Workbench({ session, order }: { session: ViewerSession; order: Order | null }) {
  const say = useSay()
  const setIds = useMemo(() => {
    const images = session.sets.filter((set) => set.kind === 'images')
    return [...images, ...session.sets.filter((set) => set.kind === 'objects')].map((set) => set.id)
  }, [session])
  const [layout, setLayout] = useState<Layout>('1x1')
  const [panes, setPanes] = useState(() => fillPanes([], '1x1', setIds))
  const [active, setActive] = useState(0)
  const [tool, setTool] = useState<LeftTool>('window')
  const [views, setViews] = useState<(StackView | null)[]>([null, null, null, null])
  const revision = useRevision(session)
  useOpenAll(session)

  const view = views[active] ?? null
  const state = useStackState(view)
  const presets = presetsOf(session, state)
  const preset = presets.find((one) => {
    const at = state?.window
    return at && near(at.centre, one.centre, one.width) && near(at.width, one.width, one.width)
  })

  const viewSetters = useMemo(
    () =>
      [0, 1, 2, 3].map((place) => (next: StackView | null) => {
        setViews((before) => before.map((one, i) => (i === place ? next : one)))
      }),
    [],
  )
  const assign = useCallback((place: number, setId: string) => {
    setPanes((before) => before.map((one, i) => (i === place ? setId : one)))
    setActive(place)
  }, [])

  const chooseTool = (next: LeftTool) => {
    setTool(next)
    session.engine.tools.choose(next)
  }
  const chooseLayout = (next: Layout) => {
    setLayout(next)
    setPanes((before) => fillPanes(before, next, setIds))
    setActive((before) => Math.min(before, layouts[next] - 1))
  }
  const act = (action: Action) => {
    if (!view) return
    if (action === 'reset') view.reset()
    else if (action === 'invert') view.invert()
    else if (action === 'rotate') view.rotate()
    else if (action === 'flip-h') view.flip('horizontal')
    else if (action === 'flip-v') view.flip('vertical')
    else view.play(!view.state().playing)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    const typing = target.closest('input, select, textarea, [contenteditable]') !== null
    if (typing || event.ctrlKey || event.altKey || event.metaKey || !view) return
    const chosen = presets.find((one) => one.key === event.key)
    const action = chosen
      ? (on: StackView) => on.setWindow(chosen.centre, chosen.width)
      : // The space bar presses a focused button.
        event.key === ' ' && target.closest('button')
        ? null
        : keyAction(event.key)
    if (!action) return
    event.preventDefault()
    action(view)
  }

  const mismatch = order && session.study.patientId && order.patientId !== session.study.patientId
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the active viewport, wherever the focus is inside
    <div className="vigil-viewer-workbench" onKeyDown={onKeyDown}>
      <Toolbar
        tool={tool}
        layout={layout}
        presets={presets}
        preset={preset?.key ?? null}
        playable={(state?.count ?? 0) > 1}
        playing={state?.playing ?? false}
        ready={state?.phase === 'loaded'}
        onTool={chooseTool}
        onLayout={chooseLayout}
        onPreset={(one) => view?.setWindow(one.centre, one.width)}
        onAction={act}
      />
      {mismatch && (
        <p className="vigil-viewer-warning" role="alert">
          {say('viewer.mismatch', { dicom: session.study.patientId, order: order.patientId })}
        </p>
      )}
      <div className="vigil-viewer-body">
        <SeriesStrip
          session={session}
          revision={revision}
          panes={panes}
          active={panes[active] ?? null}
          onOpen={(setId) => assign(active, setId)}
        />
        {session.sets.length === 0 ? (
          <Notice title={say('viewer.no-series')} />
        ) : (
          <div className="vigil-viewer-panes" data-layout={layout}>
            {panes.map((setId, i) => (
              <Pane
                // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                key={i}
                session={session}
                order={order}
                number={i + 1}
                setId={setId}
                active={i === active && layout !== '1x1'}
                tool={tool}
                onActivate={() => setActive(i)}
                onDropSet={(dropped) => assign(i, dropped)}
                onView={viewSetters[i]!}
              />
            ))}
          </div>
        )}
      </div>
    </div>
  )
}
