const presses = new Set(['Enter', 'Space'])
const moves = new Set([
  'Enter',
  'Space',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
])

/** Controls that are pressed, and controls that one moves in. */
const pressed =
  'button, a[href], summary, input[type=checkbox], input[type=radio], [role=button], [role=switch]'
const movedIn =
  'select, input, textarea, [contenteditable=true], [role=grid], [role=listbox], [role=menu], [role=menubar], [role=tree],' +
  ' [role=tablist], [role=radiogroup], [role=slider], [role=spinbutton], [role=combobox], [role=separator]'

/**
 * Whether the control with the focus has its own use for the key: Space presses a button, arrows move in a list. What else a control
 * takes it names in `data-own-keys`.
 */
export function hasOwnUse(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof Element)) return false
  const own = target.closest<HTMLElement>('[data-own-keys]')?.dataset.ownKeys?.split(' ')
  if (own?.includes(chord)) return true
  if (presses.has(chord) && target.closest(pressed)) return true
  return moves.has(chord) && target.closest(movedIn) !== null
}
