import { useEffect, useEffectEvent } from 'react'

interface DraftKeys {
  undo: () => void
  redo: () => void
  save: () => void
}

/** Ctrl+Z, Ctrl+Shift+Z or Ctrl+Y, Ctrl+S: for the draft as a whole, not for the field that has the focus. */
export function useDraftKeys(keys: DraftKeys) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return
    if (document.querySelector('[role=dialog]')) return
    const own = event.target instanceof Element && event.target.closest('[data-own-undo]')
    const key = event.key.toLowerCase()
    const does =
      key === 's'
        ? 'save'
        : own
          ? null
          : key === 'z'
            ? event.shiftKey
              ? 'redo'
              : 'undo'
            : key === 'y'
              ? 'redo'
              : null
    if (!does) return
    event.preventDefault()
    keys[does]()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
