import { describe, expect, it } from 'vitest'
import { en } from '../../../src/renderer/i18n/en.ts'
import { zhCN } from '../../../src/renderer/i18n/zh-CN.ts'
import { actionIds, actionOf, actionsOfChord, chordsOf } from '../../../src/renderer/keys/actions.ts'
import {
  asDelivered,
  clashes,
  isKept,
  judge,
  swapped,
  withChord,
  withoutChord,
} from '../../../src/renderer/keys/rebind.ts'
import { KeySettings } from '../../../src/shared/settings/index.ts'

describe('the delivered keys', () => {
  it('each have words in both languages', () => {
    for (const id of actionIds) {
      expect(Object.hasOwn(zhCN.keys.does, id), id).toBe(true)
      expect(Object.hasOwn(en.keys.does, id), id).toBe(true)
    }
  })

  it('mean one thing wherever they are pressed, but for what a volume has in the place of panes', () => {
    const meant = clashes({}).filter(
      ([a, b]) =>
        !(a.startsWith('images.') && b.startsWith('volume.')) &&
        // Keys of the report's own editor are told apart by where in the text one is.
        !(actionOf(a).fixed && actionOf(b).fixed),
    )
    expect(meant).toEqual([])
  })

  it('that write nothing are those that act while one types', () => {
    for (const id of actionIds) {
      const { inText, fixed, chords } = actionOf(id)
      if (!inText || fixed) continue
      for (const chord of chords) expect(chord, id).toMatch(/^(Ctrl\+|Alt\+|(Shift\+)?F\d)/)
    }
  })
})

describe('another key for an action', () => {
  it('is judged: free, its own, reserved, another’s', () => {
    expect(judge('list.next', 'g', {})).toEqual({ kind: 'free' })
    expect(judge('list.next', 'n', {})).toEqual({ kind: 'same' })
    expect(judge('list.next', 'F5', {})).toEqual({ kind: 'reserved' })
    expect(judge('list.next', 'Ctrl+w', {})).toEqual({ kind: 'reserved' })
    expect(judge('list.next', 'c', {})).toEqual({ kind: 'taken', by: 'list.claim' })
    expect(judge('list.next', 'Ctrl+l', {})).toEqual({ kind: 'fixed', by: 'window.lock' })
    expect(judge('list.next', 'Enter', {})).toEqual({ kind: 'fixed', by: 'list.open' })
    expect(judge('reading.next', 'F8', {})).toEqual({ kind: 'taken', by: 'window.alerts' })
  })

  it('may be one that another part of the window has: they are never there together', () => {
    expect(judge('list.next', 'w', {})).toEqual({ kind: 'free' })
    expect(judge('images.invert', 'n', {})).toEqual({ kind: 'free' })
  })

  it('of a measurement may be one of the text: they are never there together', () => {
    expect(judge('measure.delete', 'Ctrl+z', {}).kind).toBe('taken')
    expect(judge('measure.undo', 'Ctrl+y', {})).toEqual({ kind: 'taken', by: 'measure.redo' })
  })

  it('takes the place of the old one, comes beside it, goes, and is reset', () => {
    const other = withChord({}, 'list.next', 'n', 'g')
    expect(other).toEqual({ 'list.next': ['g'] })
    expect(actionsOfChord('g', other)).toContain('list.next')
    expect(actionsOfChord('n', other)).not.toContain('list.next')
    expect(withChord(other, 'list.next', null, 'Shift+n')).toEqual({ 'list.next': ['g', 'Shift+n'] })
    expect(withoutChord(other, 'list.next', 'g')).toEqual({ 'list.next': [] })
    expect(asDelivered(other, 'list.next')).toEqual({})
    expect(withChord(other, 'list.next', 'g', 'n')).toEqual({})
    expect(KeySettings.safeParse({ bindings: withoutChord(other, 'list.next', 'g') }).success).toBe(true)
  })

  it('changes places with another’s', () => {
    const both = swapped({}, { id: 'list.next', before: 'n', chord: 'c', by: 'list.claim' })
    expect(both).toEqual({ 'list.next': ['c'], 'list.claim': ['n'] })
    expect(clashes(both).filter(([a]) => a.startsWith('list.'))).toEqual([])
    const taken = swapped({}, { id: 'list.next', before: null, chord: 'c', by: 'list.claim' })
    expect(taken).toEqual({ 'list.next': ['n', 'c'], 'list.claim': [] })
    expect(swapped(both, { id: 'list.next', before: 'c', chord: 'n', by: 'list.claim' })).toEqual({})
  })

  it('never is given to what is the same for everybody, whatever the settings say', () => {
    const forged = { 'window.lock': ['x'], 'list.open': ['y'] }
    expect(chordsOf('window.lock', forged)).toEqual(['Ctrl+l'])
    expect(actionsOfChord('y', forged)).toEqual([])
    expect(isKept('window.lock') && isKept('list.open')).toBe(true)
  })
})
