import type { Permission } from '../../shared/access/index.ts'

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
  /** Pressed before what handles it is drawn, it waits a moment for that. */
  waits?: true
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
  /** Without it the action is nobody's, and not on the sheet. */
  needs?: readonly Permission[]
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
  'window.alerts': {
    part: 'window',
    chords: ['F8'],
    inText: true,
    inDialog: true,
    needs: ['alert.read'],
  },

  'list.select': {
    part: 'list',
    chords: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'],
    fixed: true,
  },
  'list.open': { part: 'list', chords: ['Enter'], fixed: true },
  'list.search': { part: 'list', chords: ['/'] },
  'list.next': { part: 'list', chords: ['n'], needs: ['report.write'] },
  'list.claim': { part: 'list', chords: ['c'], needs: ['study.claim'] },
  'list.label': { part: 'list', chords: ['Shift+l'], needs: ['study.label'] },
  'list.reveal': { part: 'list', chords: ['Shift+i'], needs: ['identity.reveal'] },
  'list.view': { part: 'list', chords: ['v'] },
  'list.viewBack': { part: 'list', chords: ['Shift+v'] },
  'list.columns': { part: 'list', chords: ['Shift+c'] },
  'exam.done': { part: 'list', chords: ['d'], needs: ['exam.progress'] },

  'reading.back': { part: 'reading', chords: ['Alt+ArrowLeft'], inText: true },
  'reading.next': { part: 'reading', chords: ['Alt+ArrowRight'], inText: true },
  'reading.images': { part: 'reading', chords: ['F2'], inText: true },
  'reading.report': { part: 'reading', chords: ['F4'], inText: true, waits: true },
  'reading.scrollBack': { part: 'reading', chords: ['Alt+ArrowUp'], inText: true, repeats: true },
  'reading.scrollOn': { part: 'reading', chords: ['Alt+ArrowDown'], inText: true, repeats: true },
  'reading.wide': { part: 'reading', chords: ['Alt+w'], inText: true },

  'images.window': { part: 'images', chords: ['w'] },
  'images.scrollTool': { part: 'images', chords: ['s'] },
  'images.pan': { part: 'images', chords: ['p'] },
  'images.zoom': { part: 'images', chords: ['z'] },
  'images.magnify': { part: 'images', chords: ['m'] },
  'images.up': { part: 'images', chords: ['ArrowUp'], repeats: true },
  'images.down': { part: 'images', chords: ['ArrowDown'], repeats: true },
  'images.pageUp': { part: 'images', chords: ['PageUp'], repeats: true },
  'images.pageDown': { part: 'images', chords: ['PageDown'], repeats: true },
  'images.first': { part: 'images', chords: ['Home'] },
  'images.last': { part: 'images', chords: ['End'] },
  'images.play': { part: 'images', chords: ['Space'] },
  'images.faster': { part: 'images', chords: ['+', '='], repeats: true },
  'images.slower': { part: 'images', chords: ['-'], repeats: true },
  'images.preset': {
    part: 'images',
    chords: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'],
    locked: true,
  },
  'images.invert': { part: 'images', chords: ['i'] },
  'images.rotate': { part: 'images', chords: ['o'] },
  'images.flipH': { part: 'images', chords: ['h'] },
  'images.flipV': { part: 'images', chords: ['Shift+h'] },
  'images.reset': { part: 'images', chords: ['r'] },
  'images.layout': { part: 'images', chords: ['q'] },
  'images.maximise': { part: 'images', chords: ['f'] },
  'images.nextPane': { part: 'images', chords: ["'"], repeats: true },
  'images.previousPane': { part: 'images', chords: [';'], repeats: true },
  'images.nextSeries': { part: 'images', chords: ['.'], repeats: true },
  'images.previousSeries': { part: 'images', chords: [','], repeats: true },
  'images.hanging': { part: 'images', chords: ['g'] },
  'images.hangingBack': { part: 'images', chords: ['Shift+g'] },
  'images.linkScroll': { part: 'images', chords: ['Shift+s'] },
  'images.linkWindow': { part: 'images', chords: ['Shift+w'] },
  'images.linkZoom': { part: 'images', chords: ['Shift+z'] },
  'images.crosslines': { part: 'images', chords: ['Shift+x'] },
  'images.cornerText': { part: 'images', chords: ['Shift+t'] },
  'images.otherScreen': { part: 'images', chords: ['Shift+F2'], inText: true },
  'images.keyImage': { part: 'images', chords: ['k'] },

  'measure.select': { part: 'measure', chords: ['v'] },
  'measure.length': { part: 'measure', chords: ['l'] },
  'measure.bidirectional': { part: 'measure', chords: ['x'] },
  'measure.angle': { part: 'measure', chords: ['a'] },
  'measure.cobb': { part: 'measure', chords: ['c'] },
  'measure.ellipse': { part: 'measure', chords: ['e'] },
  'measure.rectangle': { part: 'measure', chords: ['b'] },
  'measure.probe': { part: 'measure', chords: ['d'] },
  'measure.arrow': { part: 'measure', chords: ['Shift+a'] },
  'measure.text': { part: 'measure', chords: ['t'] },
  'measure.calibrate': { part: 'measure', chords: ['Shift+c'] },
  'measure.undo': { part: 'measure', chords: ['Ctrl+z'], repeats: true },
  'measure.redo': { part: 'measure', chords: ['Ctrl+Shift+z', 'Ctrl+y'], repeats: true },
  'measure.delete': { part: 'measure', chords: ['Delete'] },
  'measure.insert': { part: 'measure', chords: ['j', 'Insert'] },
  'measure.list': { part: 'measure', chords: ['Shift+m'] },

  'volume.planes': { part: 'images', chords: ['Shift+v'] },
  'volume.thicker': { part: 'images', chords: [']'], repeats: true },
  'volume.thinner': { part: 'images', chords: ['['], repeats: true },
  'volume.projection': { part: 'images', chords: ['\\'] },

  'report.save': { part: 'report', chords: ['Ctrl+s'], inText: true },
  'report.signOff': { part: 'report', chords: ['Ctrl+Enter'], inText: true },
  'report.submit': { part: 'report', chords: ['Ctrl+Shift+Enter'], inText: true },
  'report.template': { part: 'report', chords: ['F6'], inText: true, waits: true },
  'report.phrases': { part: 'report', chords: ['Shift+F6'], inText: true },
  'report.nextDoubt': { part: 'report', chords: ['F7'], inText: true },
  'report.priors': { part: 'report', chords: ['F9'], inText: true },
  'report.copyPrior': { part: 'report', chords: ['Alt+c'], inText: true },
  'report.history': { part: 'report', chords: ['Alt+h'], inText: true },
  'report.review': { part: 'report', chords: ['Alt+r'], inText: true },
  'report.expand': { part: 'report', chords: ['Tab'], inText: true, fixed: true },
  'report.field': { part: 'report', chords: ['Tab', 'Shift+Tab'], inText: true, fixed: true },
  'report.pick': { part: 'report', chords: ['1', '9'], inText: true, fixed: true },
  'report.undo': { part: 'report', chords: ['Ctrl+z', 'Ctrl+y'], inText: true, fixed: true },

  'signOff.alert': { part: 'signOff', chords: ['a'], fixed: true },
  'signOff.dismiss': { part: 'signOff', chords: ['d'], fixed: true },
  'signOff.merge': { part: 'signOff', chords: ['m'], fixed: true },
  'signOff.choose': { part: 'signOff', chords: ['Tab', 'Space'], fixed: true },
  'signOff.sign': { part: 'signOff', chords: ['Enter'], fixed: true },
  'signOff.back': { part: 'signOff', chords: ['Escape'], fixed: true },
  'signOff.next': { part: 'signOff', chords: ['n', 'Alt+ArrowRight'], inDialog: true },

  'dictionary.save': { part: 'dictionary', chords: ['Ctrl+s'], inText: true },
  'dictionary.undo': { part: 'dictionary', chords: ['Ctrl+z'], inText: true, repeats: true },
  'dictionary.redo': { part: 'dictionary', chords: ['Ctrl+y', 'Ctrl+Shift+z'], inText: true, repeats: true },
  'dictionary.addTerm': { part: 'dictionary', chords: ['Enter'], inText: true, fixed: true },
  'dictionary.removeTerm': { part: 'dictionary', chords: ['Backspace'], inText: true, fixed: true },
  'dictionary.terms': { part: 'dictionary', chords: ['ArrowUp', 'ArrowDown'], inText: true, fixed: true },
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
