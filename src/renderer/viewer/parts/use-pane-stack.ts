import { type RefObject, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { type ImageProblem, problemOf } from '../problem.ts'
import type { ViewerSession } from '../session.ts'
import { createStackView, type StackState, type StackView } from '../stage/stack-view.ts'

/** What a pane is at: nothing assigned, metadata coming, not possible, or a stack on its canvas. */
export type PaneContent =
  | { kind: 'empty' }
  | { kind: 'objects' }
  | { kind: 'opening' }
  | { kind: 'failed'; problem: ImageProblem; retry(): void }
  | { kind: 'stack'; view: StackView }

/** Opens the display set on the pane's element, and closes it when either changes. */
export function usePaneStack(
  session: ViewerSession,
  pane: string,
  setId: string | null,
  element: RefObject<HTMLDivElement | null>,
): PaneContent {
  const set = session.sets.find((candidate) => candidate.id === setId)
  const [content, setContent] = useState<PaneContent>({ kind: set ? 'opening' : 'empty' })
  const [attempt, setAttempt] = useState(0)

  // `attempt` is a dependency on purpose: a retry runs the same effect again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!set) return setContent({ kind: 'empty' })
    if (set.kind === 'objects') return setContent({ kind: 'objects' })
    let over = false
    let view: StackView | undefined
    setContent({ kind: 'opening' })
    session.open(set).then(
      (open) => {
        if (over || session.closed || !element.current) return
        try {
          view = createStackView({ session, open, pane, element: element.current })
          setContent({ kind: 'stack', view })
        } catch (thrown) {
          setContent({ kind: 'failed', problem: problemOf(thrown), retry })
        }
      },
      (thrown: unknown) => {
        if (!over) setContent({ kind: 'failed', problem: problemOf(thrown), retry })
      },
    )
    const retry = () => setAttempt((before) => before + 1)
    return () => {
      over = true
      view?.close()
    }
  }, [session, set, pane, element, attempt])

  return content
}

const nothing = () => () => {}

export function useStackState(view: StackView | null): StackState | null {
  const subscribe = useCallback(
    (listener: () => void) => (view ? view.subscribe(listener) : nothing()),
    [view],
  )
  return useSyncExternalStore(subscribe, () => view?.state() ?? null)
}
