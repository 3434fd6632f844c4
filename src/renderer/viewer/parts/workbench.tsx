import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import { type Preset, presetsFor } from '../display/presets.ts'
import {
  type Arrangement,
  asStack,
  largest,
  paneCount,
  toggleMaximised,
  withActive,
  withGrid,
  withShowing,
} from '../hanging/arrangement.ts'
import type { ViewerSession } from '../session.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import { useSay } from '../texts/index.ts'
import type { ViewerMemory } from '../viewer-memory.ts'
import { VolumeButton } from '../volume/volume-button.tsx'
import { keyAction } from './keys.ts'
import { LayoutButtons } from './layout-buttons.tsx'
import { Notice } from './notice.tsx'
import { Pane } from './pane.tsx'
import { type PriorSummary, SeriesStrip } from './series-strip.tsx'
import { type Action, Toolbar } from './toolbar.tsx'
import { useViewState } from './use-pane-view.ts'
import type { ViewerPreferences } from './viewer-preferences.ts'

function useRevision(session: ViewerSession): number {
  const [revision, setRevision] = useState(0)
  useEffect(() => session.onChange(() => setRevision((before) => before + 1)), [session])
  return revision
}

/** Series metadata one after another, so that every thumbnail and the prefetch plan get theirs. */
function useOpenAll(session: ViewerSession, studies: number): void {
  // A study that was put beside the exam brings series of its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let over = false
    const openAll = async () => {
      for (const set of session.sets) {
        if (session.closed || over) return
        if (set.kind === 'images') await session.open(set).catch(() => {})
      }
    }
    void openAll()
    return () => {
      over = true
    }
  }, [session, studies])
}

function presetsOf(view: ImageView | null): Preset[] {
  const facts = view?.values()
  return !facts || facts.color ? [] : presetsFor(facts.modality, facts.windows, facts.range, facts.exact)
}

const near = (a: number, b: number, width: number) => Math.abs(a - b) < Math.min(1, width / 50)

/** Display sets in the order in which free panes take them: images of the exam, then objects. */
function setIdsOf(session: ViewerSession): string[] {
  const own = session.sets.filter((set) => set.study === session.study.studyInstanceUid)
  return [...own.filter((set) => set.kind === 'images'), ...own.filter((set) => set.kind === 'objects')].map(
    (set) => set.id,
  )
}

const noViews: readonly (ImageView | null)[] = Array.from({ length: largest * largest }, () => null)

interface WorkbenchProps {
  session: ViewerSession
  order: Order | null
  priors: readonly PriorSummary[]
  preferences: ViewerPreferences
  memory: ViewerMemory
}

/** Toolbar, series strip and panes of one exam and those it is compared with. */
export function Workbench({ session, order, priors, preferences, memory }: WorkbenchProps) {
  const say = useSay()
  const root = useRef<HTMLDivElement>(null)
  const [arrangement, setArrangement] = useState<Arrangement>(
    () =>
      memory.arrangement ??
      withGrid({ rows: 1, columns: 1, panes: [], active: 0, maximised: false }, 1, 1, setIdsOf(session)),
  )
  const [tool, setTool] = useState<LeftTool>('window')
  const [views, setViews] = useState(noViews)
  const revision = useRevision(session)
  useOpenAll(session, session.studies.length)

  useEffect(() => {
    memory.arrangement = arrangement
  }, [memory, arrangement])

  const { rows, columns, active, maximised } = arrangement
  const view = views[active] ?? null
  const state = useViewState(view)
  const presets = presetsOf(view)
  const preset = presets.find((one) => {
    const at = state?.window
    return at && near(at.centre, one.centre, one.width) && near(at.width, one.width, one.width)
  })

  const viewSetters = useMemo(
    () =>
      noViews.map((_, place) => (next: ImageView | null) => {
        setViews((before) => before.map((one, i) => (i === place ? next : one)))
      }),
    [],
  )
  const assign = useCallback((place: number, setId: string) => {
    setArrangement((before) => withShowing(before, place, asStack(setId)))
  }, [])

  const chooseTool = (next: LeftTool) => {
    setTool(next)
    session.engine.tools.choose(next)
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
    const typing = target.closest('input, select, textarea, [contenteditable], [popover]') !== null
    if (typing || event.ctrlKey || event.altKey || event.metaKey || !view) return
    const chosen = presets.find((one) => one.key === event.key)
    const action = chosen
      ? (on: ImageView) => on.setWindow(chosen.centre, chosen.width)
      : // The space bar presses a focused button.
        event.key === ' ' && target.closest('button')
        ? null
        : keyAction(event.key)
    if (!action) return
    event.preventDefault()
    action(view)
  }

  const mismatch = order && session.study.patientId && order.patientId !== session.study.patientId
  const panes = arrangement.panes.slice(0, paneCount(arrangement))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the active viewport, wherever the focus is inside
    <div ref={root} className="vigil-viewer-workbench" onKeyDown={onKeyDown}>
      <Toolbar
        tool={tool}
        presets={presets}
        preset={preset?.key ?? null}
        playable={(state?.count ?? 0) > 1}
        playing={state?.playing ?? false}
        ready={state?.phase === 'loaded'}
        onTool={chooseTool}
        onPreset={(one) => view?.setWindow(one.centre, one.width)}
        onAction={act}
        end={
          <>
            <VolumeButton arrangement={arrangement} onArrange={setArrangement} />
            <LayoutButtons
              arrangement={arrangement}
              onGrid={(r, c) => setArrangement((before) => withGrid(before, r, c, setIdsOf(session)))}
              onMaximise={() => setArrangement((before) => toggleMaximised(before))}
            />
          </>
        }
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
          priors={priors}
          shown={new Set(panes.flatMap((one) => (one ? [one.set] : [])))}
          active={panes[active]?.set ?? null}
          onOpen={(setId) => assign(active, setId)}
        />
        {session.sets.length === 0 ? (
          <Notice title={say('viewer.no-series')} />
        ) : (
          <div
            className="vigil-viewer-panes"
            data-layout={`${rows}x${columns}`}
            data-maximised={maximised}
            style={{ gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))` }}
          >
            {panes.map((showing, i) => (
              <Pane
                // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                key={i}
                session={session}
                order={order}
                number={i + 1}
                showing={showing}
                places={memory.places}
                active={i === active && panes.length > 1}
                maximised={maximised && i === active}
                covered={maximised && i !== active}
                cornerText={preferences.viewer.cornerText}
                tool={tool}
                onActivate={() => setArrangement((before) => withActive(before, i))}
                onMaximise={() => setArrangement((before) => toggleMaximised(before, i))}
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
