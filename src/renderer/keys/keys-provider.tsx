import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react'
import { isTextField } from '../app/text-field.ts'
import { useSetting } from '../settings/use-setting.ts'
import { type ActionId, actionOf, actionsOfChord } from './actions.ts'
import { chordOf } from './chord.ts'

type Handler = (event: KeyboardEvent) => void

/** Who handles what now; the one that came last is asked. */
interface KeyHandlers {
  add(id: ActionId, handler: Handler): () => void
}

const Context = createContext<KeyHandlers | null>(null)

/** One listener for the window's keys: finds the action of a chord and whoever handles it now. */
export function KeysProvider({ children }: { children: ReactNode }) {
  const [handlers] = useState(() => new Map<ActionId, Handler[]>())
  const [{ bindings }] = useSetting('keys')
  const [context] = useState<KeyHandlers>(() => ({
    add(id, handler) {
      handlers.set(id, [...(handlers.get(id) ?? []), handler])
      return () =>
        void handlers.set(
          id,
          (handlers.get(id) ?? []).filter((each) => each !== handler),
        )
    },
  }))
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // A key of an input method belongs to what it composes.
    if (event.isComposing || event.defaultPrevented) return
    const chord = chordOf(event)
    if (chord === null) return
    const typing = isTextField(event.target)
    const dialog = document.querySelector('[role=dialog]') !== null
    for (const id of actionsOfChord(chord, bindings)) {
      const { inText, inDialog } = actionOf(id)
      const handler = handlers.get(id)?.at(-1)
      if (!handler || (typing && !inText) || (dialog && !inDialog)) continue
      event.preventDefault()
      event.stopPropagation()
      return handler(event)
    }
  })
  useEffect(() => {
    // Before an editor or the browser takes it.
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
  return <Context value={context}>{children}</Context>
}

/** Handles an action while the component is mounted and `enabled`. Outside a KeysProvider nothing is handled. */
export function useAction(id: ActionId, handler: Handler, enabled = true): void {
  const context = useContext(Context)
  const handle = useEffectEvent(handler)
  useEffect(() => {
    if (context && enabled) return context.add(id, (event) => handle(event))
  }, [context, id, enabled])
}
