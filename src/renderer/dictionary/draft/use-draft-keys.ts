import { useAction } from '../../keys/keys-provider.tsx'

interface DraftKeys {
  undo: () => void
  redo: () => void
  save: () => void
}

/** Save, undo and redo: for the draft as a whole, not for the field that has the focus. */
export function useDraftKeys(keys: DraftKeys) {
  // A box with an undo of its own keeps it.
  const unlessOwn = (act: () => void) => (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest('[data-own-undo]')) return false
    act()
  }
  useAction('dictionary.save', keys.save)
  useAction('dictionary.undo', unlessOwn(keys.undo))
  useAction('dictionary.redo', unlessOwn(keys.redo))
}
