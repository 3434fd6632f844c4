/** The parts of a keyboard event that make a chord. */
export type KeyStroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>

const named: Record<string, string> = { ' ': 'Space', Esc: 'Escape', Del: 'Delete' }
const modifiers = new Set([
  'Control',
  'Alt',
  'Shift',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
])

/**
 * The chord of a key stroke: `Ctrl+Enter`, `Alt+ArrowLeft`, `F8`, `w`, `?`; null for a modifier alone and for what an input method is
 * composing. A letter is named in lower case with its Shift; another sign by itself, since its Shift made it. With Alt or Ctrl the
 * letter is the key's own, whatever the layout makes of it.
 */
export function chordOf(event: KeyStroke): string | null {
  if (modifiers.has(event.key)) return null
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1] ?? /^Digit([0-9])$/.exec(event.code)?.[1]
  const held = event.ctrlKey || event.altKey || event.metaKey
  const single = [...event.key].length === 1
  const key = held && letter ? letter.toLowerCase() : single ? event.key.toLowerCase() : event.key
  const shifts = event.shiftKey && (!single || /^[a-z]$/.test(key) || held)
  return [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    shifts ? 'Shift' : '',
    named[key] ?? key,
  ]
    .filter(Boolean)
    .join('+')
}

const shown: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
  Delete: 'Del',
}

/** A chord as it is written on keys. */
export function chordText(chord: string): string {
  const parts = chord === '+' ? ['+'] : chord.split(/\+(?!$)/)
  return parts.map((part) => shown[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+')
}
