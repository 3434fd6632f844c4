import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { ViewerSession } from '../session.ts'
import { type PresentationState, presentationStateOf } from './presentation-state.ts'

/** The presentation states of a session's studies, and which one is applied. */
export interface PresentationChoice {
  state(): { states: readonly PresentationState[]; applied: PresentationState | null; overlays: boolean }
  apply(uid: string | null): void
  showOverlays(shown: boolean): void
  subscribe(listener: () => void): () => void
  /** Reads the states of what is open now; once each. */
  read(): void
}

function createPresentationChoice(session: ViewerSession): PresentationChoice {
  let state: ReturnType<PresentationChoice['state']> = { states: [], applied: null, overlays: true }
  const asked = new Set<string>()
  const listeners = new Set<() => void>()
  const become = (next: Partial<typeof state>) => {
    state = { ...state, ...next }
    for (const listener of [...listeners]) listener()
  }
  return {
    state: () => state,
    apply: (uid) => become({ applied: state.states.find((one) => one.uid === uid) ?? null }),
    showOverlays: (overlays) => become({ overlays }),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    read() {
      for (const set of session.sets) {
        if (set.kind !== 'objects' || set.series.modality !== 'PR' || asked.has(set.id)) continue
        asked.add(set.id)
        session.attributes(set).then(
          (all) => become({ states: [...state.states, ...all.map(presentationStateOf)] }),
          // Read again the next time; the pane of the series itself says why not.
          () => asked.delete(set.id),
        )
      }
    },
  }
}

const choices = new WeakMap<ViewerSession, PresentationChoice>()

/** The choice of a session: every pane follows it. */
export function usePresentationChoice(session: ViewerSession) {
  const choice = useMemo(() => {
    const known = choices.get(session) ?? createPresentationChoice(session)
    choices.set(session, known)
    return known
  }, [session])
  const { sets } = session
  // biome-ignore lint/correctness/useExhaustiveDependencies: a study that came beside may bring states
  useEffect(() => choice.read(), [choice, sets])
  return { choice, ...useSyncExternalStore(choice.subscribe, choice.state) }
}
