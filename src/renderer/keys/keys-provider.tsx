import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react'
import { isTextField } from '../app/text-field.ts'
import { useSetting } from '../settings/use-setting.ts'
import { type ActionId, actionOf, actionsOfChord, chordsOf } from './actions.ts'
import { chordOf, chordText, writes } from './chord.ts'
import { hasOwnUse } from './own-keys.ts'

/** Answers false where the key is not for it after all: it then goes on to whatever has the focus. */
type Handler = (event: KeyboardEvent) => unknown

/** Who handles what now; the one that came last is asked. */
interface KeyHandlers {
  add(id: ActionId, handler: Handler): () => void
}

const Context = createContext<KeyHandlers | null>(null)

/** How long a key waits for what handles it, in ms: as long as an exam takes to open. */
const waitsMs = 2_000

/** One listener for the window's keys: finds the action of a chord and whoever handles it now. */
export function KeysProvider({ children }: { children: ReactNode }) {
  const [handlers] = useState(() => new Map<ActionId, Handler[]>())
  const [{ bindings }] = useSetting('keys')
  const [waiting] = useState<{ key: { id: ActionId; event: KeyboardEvent; until: number } | null }>(() => ({
    key: null,
  }))
  const [context] = useState<KeyHandlers>(() => ({
    add(id, handler) {
      const { key } = waiting
      if (key?.id === id && key.until > performance.now()) {
        waiting.key = null
        queueMicrotask(() => handler(key.event))
      }
      handlers.set(id, [...(handlers.get(id) ?? []), handler])
      return () =>
        void handlers.set(
          id,
          (handlers.get(id) ?? []).filter((each) => each !== handler),
        )
    },
  }))
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const typing = isTextField(event.target)
    // In a text, a key of an input method belongs to what it composes (229: it has it, and has not said what for).
    const composing = typing && (event.isComposing || event.key === 'Process' || event.keyCode === 229)
    const chord = chordOf(event)
    if (chord === null || hasOwnUse(event.target, chord)) return
    // Whatever is pressed next says what the person wants now.
    waiting.key = null
    const dialog = document.querySelector('[role=dialog]') !== null
    for (const id of actionsOfChord(chord, bindings)) {
      const { inText, inDialog, repeats, whileComposing, waits } = actionOf(id)
      const handler = handlers.get(id)?.at(-1)
      if ((dialog && !inDialog) || (composing && !whileComposing)) continue
      if (typing && (!inText || writes(chord))) continue
      if (!handler) {
        if (waits) waiting.key = { id, event, until: performance.now() + waitsMs }
        continue
      }
      // A key that is held down opens one exam, not all of them.
      if (event.repeat && !repeats) return take(event)
      if (handler(event) !== false) return take(event)
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

function take(event: KeyboardEvent): void {
  event.preventDefault()
  event.stopPropagation()
}

/**
 * Handles an action while the component is mounted and `enabled`. A handler that answers false leaves the key to what has the focus.
 * Outside a KeysProvider nothing is handled.
 */
export function useAction(id: ActionId, handler: Handler, enabled = true): void {
  const context = useContext(Context)
  const handle = useEffectEvent(handler)
  useEffect(() => {
    if (context && enabled) return context.add(id, (event) => handle(event))
  }, [context, id, enabled])
}

/** The person's first key for an action, as it is written on keys; empty where they took it off. For hints beside buttons. */
export function useKeyHint(id: ActionId): string {
  const [{ bindings }] = useSetting('keys')
  const chord = chordsOf(id, bindings)[0]
  return chord === undefined ? '' : chordText(chord)
}
