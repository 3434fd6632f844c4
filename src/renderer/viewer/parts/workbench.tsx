import { type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import type { ViewerSettings } from '../../../shared/settings/index.ts'
import type { ViewerControl } from '../control.ts'
import { type OwnPreset, type Preset, presetsFor } from '../display/presets.ts'
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
import { HangingMenu } from '../hanging/hanging-menu.tsx'
import { firstArrangement, useHanging } from '../hanging/use-hanging.ts'
import { LinkMenu } from '../link/link-menu.tsx'
import type { WindowLink } from '../link/message.ts'
import { PanesContext } from '../link/panes-context.ts'
import { createRegistrations } from '../link/registration.ts'
import { useCursor } from '../link/use-cursor.ts'
import { useLinking } from '../link/use-linking.ts'
import { MeasureDesk } from '../measure/measure-desk.tsx'
import { useMeasureActions } from '../measure/use-measure-actions.ts'
import { SavedMeasurements } from '../objects/saved-measurements.tsx'
import { findImage, ShowImageContext } from '../objects/show-image.ts'
import type { ViewerSession } from '../session.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { StackState } from '../stage/stack-view.ts'
import { useSay } from '../texts/index.ts'
import type { ViewerMemory } from '../viewer-memory.ts'
import { VolumeButton } from '../volume/volume-button.tsx'
import { LayoutButtons } from './layout-buttons.tsx'
import { Notice } from './notice.tsx'
import { Pane, type PaneActs } from './pane.tsx'
import { PresetEditor } from './preset-editor.tsx'
import { applyPreset, presetAt } from './preset-name.ts'
import { type PriorSummary, SeriesStrip } from './series-strip.tsx'
import { ToolMenu } from './tool-menu.tsx'
import { type Action, Toolbar } from './toolbar.tsx'
import { toolKey, useImageKeys } from './use-image-keys.ts'
import { useLayoutKeys } from './use-layout-keys.ts'
import { useLeftTool } from './use-left-tool.ts'
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

/** What stood beside the exam when it was left stands there again; what is put there from now on is remembered. */
function useCompared(session: ViewerSession, memory: ViewerMemory): void {
  useEffect(() => {
    // Why one does not open is said where it is listed.
    for (const study of memory.compared) session.compare(study).catch(() => {})
  }, [session, memory])
  const { studies } = session
  useEffect(() => {
    for (const { studyInstanceUid } of studies.slice(1)) memory.compared.add(studyInstanceUid)
  }, [studies, memory])
}

function presetsOf(view: ImageView | null, own: readonly OwnPreset[]): Preset[] {
  const facts = view?.values()
  return !facts || facts.color
    ? []
    : presetsFor(facts.modality, facts.windows, facts.range, facts.exact, own, facts.luts)
}

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
  /** False leaves the exam in one pane until somebody lays it out. */
  hangs: boolean
  windows: WindowLink | null
  control: Ref<ViewerControl> | undefined
}

/** Toolbar, series strip and panes of one exam and those it is compared with. */
export function Workbench({
  session,
  order,
  priors,
  preferences,
  memory,
  hangs,
  windows,
  control,
}: WorkbenchProps) {
  const say = useSay()
  const root = useRef<HTMLDivElement>(null)
  const [arrangement, setArrangement] = useState<Arrangement>(
    () => memory.arrangement ?? firstArrangement(setIdsOf(session)),
  )
  const [tool, chooseTool] = useLeftTool(session.engine.tools, preferences)
  const [views, setViews] = useState(noViews)
  const revision = useRevision(session)
  useOpenAll(session, session.studies.length)
  useCompared(session, memory)

  const { viewer } = preferences
  const hanging = useHanging({
    session,
    order,
    priors,
    own: preferences.hanging.protocols,
    memory,
    revision,
    arrangement,
    setArrangement,
    views,
    hangs,
  })
  const { touched } = hanging
  /** By hand: from then on no protocol moves the panes. */
  const change = useCallback(
    (by: (before: Arrangement) => Arrangement) => {
      touched()
      setArrangement(by)
    },
    [touched],
  )
  useEffect(() => {
    memory.arrangement = arrangement
  }, [memory, arrangement])

  const [registrations] = useState(createRegistrations)
  useLinking({ views, active: arrangement.active, linked: viewer.linked, registrations, windows })
  const { cursor, ...pointing } = useCursor(views)
  const onViewer = (next: ViewerSettings) => void preferences.changeViewer(next).catch(() => {})
  useLayoutKeys({
    look: setArrangement,
    change,
    setIds: () => session.sets.map((set) => set.id),
    openLayout: () => root.current?.querySelector<HTMLElement>('[data-testid=layout-menu]')?.click(),
    nextProtocol: hanging.next,
    viewer,
    onViewer,
  })

  const { rows, columns, active, maximised } = arrangement
  const view = views[active] ?? null
  const state = useViewState(view)
  const presets = presetsOf(view, preferences.viewer.presets)
  const preset = presetAt(view, presets)

  const viewSetters = useMemo(
    () =>
      noViews.map((_, place) => (next: ImageView | null) => {
        setViews((before) => before.map((one, i) => (i === place ? next : one)))
      }),
    [],
  )
  const assign = useCallback(
    (place: number, setId: string) => change((before) => withShowing(before, place, asStack(setId))),
    [change],
  )
  const paneActs = useMemo(
    () =>
      noViews.map(
        (_, place): PaneActs => ({
          activate: () => setArrangement((before) => withActive(before, place)),
          maximise: () => setArrangement((before) => toggleMaximised(before, place)),
          drop: (setId) => assign(place, setId),
        }),
      ),
    [assign],
  )
  const openInActive = useCallback((setId: string) => assign(active, setId), [assign, active])

  const measuring = useMeasureActions(view)
  useImageKeys({ view, presets, onTool: chooseTool })
  const wanted = useRef<{ place: number; index: number } | null>(null)
  const showImage = (setId: string, index: number) => {
    const place = panes.findIndex((one) => one?.set === setId && one.as === 'stack')
    if (place >= 0) {
      setArrangement((before) => withActive(before, place))
      views[place]?.show(index)
    } else {
      // A document stays beside the images that it names.
      const isDocument = session.sets.find(({ id }) => id === panes[active]?.set)?.kind === 'objects'
      const to = isDocument && panes.length > 1 ? (active + 1) % panes.length : active
      wanted.current = { place: to, index }
      assign(to, setId)
    }
  }
  // The image asked for, as soon as its series is on the pane.
  useEffect(() => {
    if (!view || wanted.current?.place !== active) return
    view.show(wanted.current.index)
    wanted.current = null
  }, [view, active])

  const act = (action: Action) => {
    if (!view) return
    if (action === 'reset') view.reset()
    else if (action === 'invert') view.invert()
    else if (action === 'rotate') view.rotate()
    else if (action === 'flip-h') view.flip('horizontal')
    else if (action === 'flip-v') view.flip('vertical')
    else view.play(!view.state().playing)
  }
  useImperativeHandle(control, () => ({
    scroll: (by) => view?.scroll(by),
    focus: () =>
      root.current?.querySelector<HTMLElement>(`[data-pane="${active + 1}"]`)?.focus({ preventScroll: true }),
    showImage({ series, instance, frame }) {
      const set = session.sets.find(
        (one) =>
          one.series.seriesInstanceUid === series &&
          one.instances.some((each) => each.sopInstanceUid === instance),
      )
      if (!set) return false
      const index = findImage(session, instance, frame)?.index ?? 0
      const place = arrangement.panes.findIndex(
        (one, i) => i < views.length && one?.set === set.id && one.as === 'stack',
      )
      const found = place >= 0 ? views[place] : null
      if (found) {
        setArrangement((before) => withActive(before, place))
        found.show(index)
      } else {
        memory.places.delete(`vigil-pane-${active + 1} stack ${set.id}`)
        change((before) => withShowing(before, active, { ...asStack(set.id), start: { index } }))
      }
      return true
    },
  }))

  const mismatch = order && session.study.patientId && order.patientId !== session.study.patientId
  const panes = useMemo(() => arrangement.panes.slice(0, paneCount(arrangement)), [arrangement])
  const shownSets = useMemo(() => new Set(panes.flatMap((one) => (one ? [one.set] : []))), [panes])
  const around = useMemo(
    () => ({ active: view, crosslines: viewer.crosslines, cursor }),
    [view, viewer.crosslines, cursor],
  )
  return (
    <div ref={root} className="vigil-viewer-workbench">
      <Toolbar
        start={
          <ToolMenu
            tool={tool}
            onTool={chooseTool}
            keyOf={(one) => toolKey(one, preferences.keys ?? {})}
            onKeyImage={measuring.takesKeyImages ? measuring.keyImage : null}
          />
        }
        presets={presets}
        presetEditor={
          <PresetEditor
            modality={view?.values()?.modality ?? ''}
            presets={presets}
            window={presets.length > 0 ? (state?.window ?? null) : null}
            own={preferences.viewer.presets}
            onSave={(own) => preferences.changeViewer({ ...preferences.viewer, presets: own })}
          />
        }
        preset={preset?.key ?? null}
        playable={(state?.count ?? 0) > 1}
        playing={state?.playing ?? false}
        framesPerSecond={view?.kind === 'stack' ? (state as StackState).framesPerSecond : null}
        ready={state?.phase === 'loaded'}
        onPreset={(one) => view && applyPreset(view, one)}
        onAction={act}
        end={
          <>
            <HangingMenu
              hanging={hanging}
              arrangement={arrangement}
              own={preferences.hanging.protocols}
              modalities={session.study.modalities}
              bodyPart={order?.bodyPart || session.study.bodyPart}
              onOwn={(protocols) => preferences.changeHanging({ protocols })}
            />
            <VolumeButton arrangement={arrangement} onArrange={(next) => change(() => next)} />
            <LinkMenu viewer={viewer} onViewer={onViewer} onRegister={registrations.clear} />
            <LayoutButtons
              arrangement={arrangement}
              onGrid={(r, c) => change((before) => withGrid(before, r, c, setIdsOf(session)))}
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
      <SavedMeasurements session={session} />
      <div className="vigil-viewer-body">
        <SeriesStrip
          session={session}
          revision={revision}
          priors={priors}
          shown={shownSets}
          active={panes[active]?.set ?? null}
          onOpen={openInActive}
        />
        {session.sets.length === 0 ? (
          <Notice title={say('viewer.no-series')} />
        ) : (
          <ShowImageContext value={showImage}>
            <PanesContext value={around}>
              <div
                className="vigil-viewer-panes"
                data-layout={`${rows}x${columns}`}
                data-maximised={maximised}
                {...pointing}
                style={{
                  gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`,
                }}
              >
                {panes.map((showing, i) => (
                  <Pane
                    // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                    key={i}
                    session={session}
                    revision={revision}
                    order={order}
                    number={i + 1}
                    showing={showing}
                    places={memory.places}
                    active={i === active && panes.length > 1}
                    maximised={maximised && i === active}
                    covered={maximised && i !== active}
                    cornerText={viewer.cornerText}
                    tool={tool}
                    acts={paneActs[i]!}
                    onView={viewSetters[i]!}
                  />
                ))}
              </div>
            </PanesContext>
          </ShowImageContext>
        )}
        <MeasureDesk actions={measuring} onShow={showImage} />
      </div>
    </div>
  )
}
