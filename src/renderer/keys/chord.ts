/** The parts of a keyboard event that make a chord. */
export interface KeyStroke {
  key: string
  code: string
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
  metaKey: boolean
  /** AltGr is told by this alone: to the flags it is Ctrl and Alt. */
  getModifierState?: (modifier: string) => boolean
}

const named: Record<string, string> = { ' ': 'Space', Esc: 'Escape', Del: 'Delete', '\u3000': 'Space' }

const modifiers = new Set([
  'Control',
  'Alt',
  'Shift',
  'Meta',
  'AltGraph',
  'CapsLock',
  'NumLock',
  'ScrollLock',
  'Fn',
  'FnLock',
  'Hyper',
  'Super',
])

/** An input method or a dead key has the key: what it would be without is only told by its place on the board. */
const taken = new Set(['Process', 'Unidentified', 'Dead'])

/** What the keys of a board write by themselves and with Shift, where nothing else says so. */
const places: Record<string, readonly [string, string]> = {
  Slash: ['/', '?'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Backquote: ['`', '~'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
}

/** A Chinese input method's marks, where it hands them over outside of a text: the keys that they are written by. */
const marks: Record<string, string> = {
  '、': '/',
  '。': '.',
  '《': '<',
  '》': '>',
  '【': '[',
  '】': ']',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '`',
  '—': '-',
}

/**
 * The chord of a key stroke: `Ctrl+Enter`, `Alt+ArrowLeft`, `F8`, `w`, `?`; null for a modifier alone. A letter is named in lower case
 * with its Shift; another sign by itself, since its Shift made it. Where the layout or an input method gives something that is on no
 * key (`Process`, `ц`, `œ`), the key's place on the board says what is meant.
 */
export function chordOf(event: KeyStroke): string | null {
  if (modifiers.has(event.key)) return null
  // What AltGr writes is a sign of its own: its Ctrl and Alt were not meant.
  const altGr = event.getModifierState?.('AltGraph') === true
  const ctrl = !altGr && (event.ctrlKey || event.metaKey)
  const alt = !altGr && event.altKey
  const key = keyOf(event, ctrl || alt)
  if (key === null) return null
  const shifts = event.shiftKey && !altGr && ([...key].length > 1 || /^[a-z]$/.test(key) || ctrl || alt)
  return [ctrl ? 'Ctrl' : '', alt ? 'Alt' : '', shifts ? 'Shift' : '', key].filter(Boolean).join('+')
}

function keyOf(event: KeyStroke, held: boolean): string | null {
  const [plain, shifted] = placeOf(event.code)
  if (taken.has(event.key)) return (event.shiftKey && !held ? shifted : plain) ?? null
  if ([...event.key].length > 1) return named[event.key] ?? event.key
  const sign = marks[event.key] ?? event.key.normalize('NFKC').toLowerCase()
  if (sign in named) return named[sign] ?? null
  // With Ctrl or Alt a digit stays one under Shift, and Alt of a Mac makes other signs of letters.
  if (held && plain && (/^[0-9]$/.test(plain) || !isAscii(sign))) return plain
  return isAscii(sign) ? sign : (plain ?? sign)
}

const isAscii = (sign: string) => /^[\x21-\x7e]$/.test(sign)

function placeOf(code: string): readonly [string?, string?] {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1]
  if (letter) return [letter, letter]
  if (digit) return [digit, digit]
  if (code === 'Space') return ['Space', 'Space']
  if (/^(F\d{1,2}|Arrow\w+|Home|End|Page(Up|Down)|Enter|Escape|Tab|Backspace|Delete|Insert)$/.test(code)) {
    return [code, code]
  }
  return places[code] ?? []
}

/** Whether the chord puts something into a text, or moves in it: such a key is not taken from whoever types. */
export function writes(chord: string): boolean {
  const parts = partsOf(chord)
  const key = parts.at(-1) ?? ''
  if (parts.includes('Ctrl') || parts.includes('Alt')) return false
  return !/^F\d{1,2}$/.test(key)
}

/** `Ctrl+Shift++` → Ctrl, Shift, + */
export function partsOf(chord: string): string[] {
  return chord === '+' ? ['+'] : chord.split(/\+(?!$)/)
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
  return partsOf(chord)
    .map((part) => shown[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+')
}
