import type { ImageView } from '../stage/image-view.ts'

const page = 10

/** What a key does to the active pane; null where it does nothing. Presets are keys 0–9 and handled by the caller. */
export function keyAction(key: string): ((view: ImageView) => void) | null {
  switch (key) {
    case 'ArrowUp':
      return (view) => view.scroll(-1)
    case 'ArrowDown':
      return (view) => view.scroll(1)
    case 'PageUp':
      return (view) => view.scroll(-page)
    case 'PageDown':
      return (view) => view.scroll(page)
    case 'Home':
      return (view) => view.show(0)
    case 'End':
      return (view) => view.show(view.state().count - 1)
    case ' ':
      return (view) => view.play(!view.state().playing)
    case 'r':
    case 'R':
      return (view) => view.reset()
    case 'i':
    case 'I':
      return (view) => view.invert()
    default:
      return null
  }
}
