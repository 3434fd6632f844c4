import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { DisplaySet } from '../display/display-sets.ts'
import type { Showing } from '../hanging/arrangement.ts'
import { presetWindow } from '../hanging/preset-window.ts'
import { type ImageProblem, problemOf } from '../problem.ts'
import type { ViewerSession } from '../session.ts'
import type { ImageView, ViewPlace, ViewState } from '../stage/image-view.ts'
import { makeView } from '../stage/make-view.ts'

/** What a pane is at: nothing assigned, objects without pixels, metadata coming, not possible, or a view on its canvas. */
export type PaneContent =
  | { kind: 'empty' }
  | { kind: 'objects'; set: DisplaySet }
  | { kind: 'opening' }
  | { kind: 'failed'; problem: ImageProblem; retry(): void }
  | { kind: 'view'; view: ImageView }

/** Where views were left, by what they showed: a series that comes back is as it was. */
export type Places = Map<string, ViewPlace>

/** A pane finds its own place first; a series that moves to another pane brings its place along, unless a protocol windows it. */
function placeOf(
  places: Places,
  pane: string,
  showing: Showing,
  modality: string,
): Partial<ViewPlace> | undefined {
  const own = places.get(`${pane} ${showing.as} ${showing.set}`)
  if (own) return own
  const begun = showing.preset ? presetWindow(modality, showing.preset) : null
  if (begun) return { ...showing.start, window: begun }
  return showing.start ?? places.get(`${showing.as} ${showing.set}`)
}

/** Opens what the pane shows on its element, and closes it when that changes. */
export function usePaneView(
  session: ViewerSession,
  pane: string,
  showing: Showing | null,
  places: Places,
  element: RefObject<HTMLDivElement | null>,
): PaneContent {
  const set = session.sets.find((candidate) => candidate.id === showing?.set)
  const as = showing?.as ?? 'stack'
  const [content, setContent] = useState<PaneContent>({ kind: set ? 'opening' : 'empty' })
  const [attempt, setAttempt] = useState(0)

  // `attempt` is a dependency on purpose: a retry runs the same effect again. Where it starts is asked once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!set) return setContent({ kind: 'empty' })
    if (set.kind === 'objects') return setContent({ kind: 'objects', set })
    const asked = showing ?? { set: set.id, as }
    let over = false
    let view: ImageView | undefined
    const retry = () => setAttempt((before) => before + 1)
    const failed = (thrown: unknown) => setContent({ kind: 'failed', problem: problemOf(thrown), retry })
    setContent({ kind: 'opening' })
    session.open(set).then(
      (open) => {
        if (over || session.closed || !element.current) return
        try {
          view = makeView(as, {
            session,
            open,
            pane,
            element: element.current,
            start: placeOf(places, pane, asked, set.series.modality),
          })
          setContent({ kind: 'view', view })
        } catch (thrown) {
          failed(thrown)
        }
      },
      (thrown: unknown) => {
        if (!over) failed(thrown)
      },
    )
    return () => {
      over = true
      if (!view) return
      if (view.state().phase === 'loaded')
        for (const key of [`${pane} ${as} ${set.id}`, `${as} ${set.id}`]) places.set(key, view.place())
      view.close()
    }
  }, [session, set, as, pane, places, element, attempt])

  // A protocol that comes to the same series windows it where it is.
  const preset = showing?.preset ?? null
  const given = useRef(preset)
  const view = content.kind === 'view' ? content.view : null
  useEffect(() => {
    if (given.current === preset || !view) return
    given.current = preset
    const window = presetWindow(set?.series.modality ?? '', preset)
    if (!window) return
    if (view.state().phase === 'loaded') return view.setWindow(window.centre, window.width)
    const unsubscribe = view.subscribe(() => {
      if (view.state().phase !== 'loaded') return
      unsubscribe()
      view.setWindow(window.centre, window.width)
    })
    return unsubscribe
  }, [view, preset, set])

  return content
}

const nothing = () => () => {}

export function useViewState(view: ImageView | null): ViewState | null {
  const subscribe = useCallback(
    (listener: () => void) => (view ? view.subscribe(listener) : nothing()),
    [view],
  )
  return useSyncExternalStore(subscribe, () => view?.state() ?? null)
}
