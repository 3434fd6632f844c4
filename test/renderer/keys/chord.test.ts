import { describe, expect, it } from 'vitest'
import { chordOf, chordText, type KeyStroke, partsOf, writes } from '../../../src/renderer/keys/chord.ts'

const stroke = (
  key: string,
  code: string,
  held: Partial<KeyStroke> & { altGr?: boolean } = {},
): KeyStroke => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
  getModifierState: (modifier) => modifier === 'AltGraph' && held.altGr === true,
})
const ctrl = { ctrlKey: true }
const alt = { altKey: true }
const shift = { shiftKey: true }

describe('the chord of a key stroke', () => {
  it.each<[string, KeyStroke, string | null]>([
    ['a letter', stroke('w', 'KeyW'), 'w'],
    ['a letter with caps lock', stroke('W', 'KeyW'), 'w'],
    ['a letter with Shift', stroke('W', 'KeyW', shift), 'Shift+w'],
    ['a sign that Shift makes', stroke('?', 'Slash', shift), '?'],
    ['the plus sign', stroke('+', 'Equal', shift), '+'],
    ['a named key', stroke('Enter', 'Enter', ctrl), 'Ctrl+Enter'],
    ['a named key with Shift', stroke('Tab', 'Tab', shift), 'Shift+Tab'],
    ['the space bar', stroke(' ', 'Space'), 'Space'],
    ['the number pad', stroke('7', 'Numpad7'), '7'],
    ['Meta is Ctrl', stroke('s', 'KeyS', { metaKey: true }), 'Ctrl+s'],
    ['Ctrl with a digit under Shift', stroke('!', 'Digit1', { ...ctrl, ...shift }), 'Ctrl+Shift+1'],
    ['a modifier alone', stroke('Control', 'ControlLeft', ctrl), null],
    ['AltGr alone', stroke('AltGraph', 'AltRight', { altGr: true }), null],
  ])('%s', (_, event, chord) => expect(chordOf(event)).toBe(chord))

  it.each<[string, KeyStroke, string | null]>([
    ['AltGr writes @ on a German board', stroke('@', 'KeyQ', { ...ctrl, ...alt, altGr: true }), '@'],
    ['Ctrl+Z of a German board is by its letter', stroke('z', 'KeyY', ctrl), 'Ctrl+z'],
    ['a Russian letter is by its place', stroke('ц', 'KeyW'), 'w'],
    ['Ctrl with a Russian letter', stroke('ц', 'KeyW', ctrl), 'Ctrl+w'],
    ['Option of a Mac makes another sign', stroke('œ', 'KeyQ', alt), 'Alt+q'],
    ['a French digit needs Shift', stroke('1', 'Digit1', shift), '1'],
    ['a French & is a sign of its own', stroke('&', 'Digit1'), '&'],
  ])('of other layouts: %s', (_, event, chord) => expect(chordOf(event)).toBe(chord))

  it.each<[string, KeyStroke, string | null]>([
    ['has the letter', stroke('Process', 'KeyW'), 'w'],
    ['has the letter with Shift', stroke('Process', 'KeyW', shift), 'Shift+w'],
    ['has the question mark', stroke('Process', 'Slash', shift), '?'],
    ['has the slash', stroke('Process', 'Slash'), '/'],
    ['has an arrow with Alt', stroke('Process', 'ArrowRight', alt), 'Alt+ArrowRight'],
    ['has a digit', stroke('Process', 'Digit3'), '3'],
    ['gives a full-width question mark', stroke('？', 'Slash', shift), '?'],
    ['gives the enumeration comma for the slash', stroke('、', 'Slash'), '/'],
    ['gives a full-width letter', stroke('ｗ', 'KeyW'), 'w'],
    ['gives an ideographic space', stroke('\u3000', 'Space'), 'Space'],
    ['says nothing of the key', stroke('Process', ''), null],
    ['a dead key', stroke('Dead', 'Backquote'), '`'],
  ])('of a Chinese input method outside of a text: it %s', (_, event, chord) =>
    expect(chordOf(event)).toBe(chord),
  )
})

describe('what a chord would write', () => {
  it.each(['w', '?', 'Shift+w', 'Space', 'Enter', 'ArrowLeft', 'Backspace', 'Home'])(
    '%s writes or moves',
    (chord) => expect(writes(chord)).toBe(true),
  )
  it.each(['Ctrl+Enter', 'Alt+ArrowRight', 'F8', 'Shift+F8', 'Ctrl+Shift+z'])('%s does not', (chord) =>
    expect(writes(chord)).toBe(false),
  )
})

it('writes a chord as it stands on keys', () => {
  expect(chordText('Ctrl+Shift+z')).toBe('Ctrl+Shift+Z')
  expect(chordText('Alt+ArrowLeft')).toBe('Alt+←')
  expect(chordText('+')).toBe('+')
  expect(partsOf('Ctrl++')).toEqual(['Ctrl', '+'])
})
