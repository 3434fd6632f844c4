import { type ActionId, actionIds, actionOf, chordsOf, type KeyPart } from './actions.ts'
import { partsOf } from './chord.ts'

/** A person's own keys: action id to chords. What is absent is as delivered. */
export type Bindings = Readonly<Record<string, readonly string[]>>

/** Most chords that one action has (src/shared/settings/keys.ts). */
export const mostChords = 3

/** Taken by the browser window, the operating system or the text that one writes in: they would not arrive, or do harm. */
const reserved = new Set([
  'Ctrl+w',
  'Ctrl+t',
  'Ctrl+n',
  'Ctrl+r',
  'Ctrl+p',
  'Ctrl+o',
  'Ctrl+j',
  'Ctrl+u',
  'Ctrl+q',
  'Ctrl+a',
  'Ctrl+c',
  'Ctrl+v',
  'Ctrl+x',
  'Ctrl+Tab',
  'Ctrl+Shift+Tab',
  'Ctrl+Shift+n',
  'Ctrl+Shift+w',
  'Ctrl+Shift+t',
  'Ctrl+Shift+r',
  'Ctrl+Shift+i',
  'Ctrl+Shift+j',
  'Ctrl+Shift+c',
  'Ctrl+Shift+Escape',
  'Ctrl+Escape',
  'Ctrl+Alt+Delete',
  'Ctrl+Space',
  'Ctrl+Shift+Space',
  'Ctrl+0',
  'Ctrl++',
  'Ctrl+=',
  'Ctrl+-',
  'Ctrl+F4',
  'Alt+F4',
  'Alt+Tab',
  'Alt+Escape',
  'Alt+Space',
  'F5',
  'Ctrl+F5',
  'F11',
  'F12',
  'Escape',
  'Tab',
  'Shift+Tab',
  'ContextMenu',
  'PrintScreen',
])

/** What may have the keyboard at the same time: within one of these, a chord means one thing. */
const groups: readonly (readonly KeyPart[])[] = [
  ['window', 'list'],
  ['window', 'reading', 'images', 'measure', 'report'],
  ['window', 'signOff'],
  ['window', 'dictionary'],
]

/** Where the cursor may be for an action: beside a text, in one, or both. */
function reach(id: ActionId): readonly ('text' | 'beside')[] {
  const { inText, fixed } = actionOf(id)
  return inText ? (fixed ? ['text'] : ['text', 'beside']) : ['beside']
}

function actTogether(a: ActionId, b: ActionId): boolean {
  const parts = [actionOf(a).part, actionOf(b).part]
  const there = reach(b)
  return (
    groups.some((group) => parts.every((part) => group.includes(part))) &&
    reach(a).some((at) => there.includes(at))
  )
}

export type Verdict =
  | { kind: 'free' }
  /** It is this action's already. */
  | { kind: 'same' }
  | { kind: 'reserved' }
  /** Another action's, which has it for good. */
  | { kind: 'fixed'; by: ActionId }
  /** Another action's, with which it can change places. */
  | { kind: 'taken'; by: ActionId }

/** Whether an action can have a chord. */
export function judge(id: ActionId, chord: string, own: Bindings): Verdict {
  if (chordsOf(id, own).includes(chord)) return { kind: 'same' }
  if (reserved.has(chord) || partsOf(chord).at(-1) === 'Meta') return { kind: 'reserved' }
  const others = actionIds.filter(
    (each) => each !== id && chordsOf(each, own).includes(chord) && actTogether(id, each),
  )
  const kept = others.find((each) => isKept(each))
  if (kept) return { kind: 'fixed', by: kept }
  return others[0] ? { kind: 'taken', by: others[0] } : { kind: 'free' }
}

/** Whether an action's keys are the same for everybody. */
export function isKept(id: ActionId): boolean {
  const { fixed, locked } = actionOf(id)
  return fixed === true || locked === true
}

function put(own: Bindings, id: ActionId, chords: readonly string[]): Record<string, string[]> {
  const all = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, [...value]]))
  const delivered = actionOf(id).chords
  const asDelivered =
    chords.length === delivered.length && chords.every((chord, at) => chord === delivered[at])
  if (asDelivered) delete all[id]
  else all[id] = [...new Set(chords)].slice(0, mostChords)
  return all
}

/** The action with another chord in the place of one it has; beside them where that is null. */
export function withChord(
  own: Bindings,
  id: ActionId,
  before: string | null,
  chord: string,
): Record<string, string[]> {
  const chords = chordsOf(id, own)
  return put(
    own,
    id,
    before === null ? [...chords, chord] : chords.map((each) => (each === before ? chord : each)),
  )
}

export function withoutChord(own: Bindings, id: ActionId, chord: string): Record<string, string[]> {
  return put(
    own,
    id,
    chordsOf(id, own).filter((each) => each !== chord),
  )
}

/** The chord passes to the action, and the other gets what it had in its place, or nothing. */
export function swapped(
  own: Bindings,
  { id, before, chord, by }: { id: ActionId; before: string | null; chord: string; by: ActionId },
): Record<string, string[]> {
  const given = before === null ? withoutChord(own, by, chord) : withChord(own, by, chord, before)
  return withChord(given, id, before, chord)
}

export function asDelivered(own: Bindings, id: ActionId): Record<string, string[]> {
  return put(own, id, actionOf(id).chords)
}

/** The actions whose own keys another has meanwhile: a new version of the product may bring a key that somebody gave away. */
export function clashes(own: Bindings): [ActionId, ActionId, string][] {
  return actionIds.flatMap((a, at) =>
    actionIds.slice(at + 1).flatMap((b) =>
      actTogether(a, b)
        ? chordsOf(a, own)
            .filter((chord) => chordsOf(b, own).includes(chord))
            .map((chord): [ActionId, ActionId, string] => [a, b, chord])
        : [],
    ),
  )
}
