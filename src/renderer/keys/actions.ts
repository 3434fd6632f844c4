/** The parts of the window that the sheet of shortcuts is divided into, in its order. */
export const keyParts = [
  'window',
  'list',
  'reading',
  'images',
  'measure',
  'report',
  'signOff',
  'dictionary',
] as const
export type KeyPart = (typeof keyParts)[number]

export interface Action {
  part: KeyPart
  /** As delivered; a person may have others (src/shared/settings/keys.ts). */
  chords: readonly string[]
  /** Also while the cursor is in a text: only for chords that write nothing. */
  inText?: true
  /** Goes on while the key is held down, as scrolling does; anything else happens once. */
  repeats?: true
  /** Also while a dialog is open. */
  inDialog?: true
  /** Also while an input method composes: what must never wait. */
  whileComposing?: true
  /** Handled by the control that has the focus; the sheet shows it, it cannot be given another key. */
  fixed?: true
  /** Handled here, but the same for everybody. */
  locked?: true
}

/**
 * Everything that a key does. What each does stands in the texts under `keys.does.<id>`. Whoever adds a feature with a key adds it
 * here, and handles it with `useAction`.
 */
export const actions = {
  'window.sheet': { part: 'window', chords: ['?'] },
  'window.lock': {
    part: 'window',
    chords: ['Ctrl+l'],
    inText: true,
    inDialog: true,
    whileComposing: true,
    locked: true,
  },
  'window.alerts': { part: 'window', chords: ['F8'], inText: true, inDialog: true },

  'list.select': {
    part: 'list',
    chords: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'],
    fixed: true,
  },
  'list.open': { part: 'list', chords: ['Enter'], fixed: true },
  'list.search': { part: 'list', chords: ['/'] },
  'list.next': { part: 'list', chords: ['n'] },
  'list.claim': { part: 'list', chords: ['c'] },
  'list.label': { part: 'list', chords: ['Shift+l'] },
  'list.view': { part: 'list', chords: ['v'] },
  'list.viewBack': { part: 'list', chords: ['Shift+v'] },
  'list.columns': { part: 'list', chords: ['Shift+c'] },
  'exam.done': { part: 'list', chords: ['d'] },

  'reading.back': { part: 'reading', chords: ['Alt+ArrowLeft'], inText: true },
  'reading.next': { part: 'reading', chords: ['Alt+ArrowRight'], inText: true },
  'reading.images': { part: 'reading', chords: ['F2'], inText: true },
  'reading.report': { part: 'reading', chords: ['F4'], inText: true },
} as const satisfies Record<string, Action>

export type ActionId = keyof typeof actions
export const actionIds = Object.keys(actions) as ActionId[]
export const actionOf = (id: ActionId): Action => actions[id]

/** Which action a chord means, with the person's own keys; several where parts of the window share a key. */
export function actionsOfChord(chord: string, own: Readonly<Record<string, readonly string[]>>): ActionId[] {
  return actionIds.filter((id) => !actionOf(id).fixed && chordsOf(id, own).includes(chord))
}

export function chordsOf(id: ActionId, own: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const { fixed, locked, chords } = actionOf(id)
  return fixed || locked ? chords : (own[id] ?? chords)
}
