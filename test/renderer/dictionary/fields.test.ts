import { describe, expect, it } from 'vitest'
import { aroundTerm } from '../../../src/renderer/dictionary/dry-run/dry-run-columns.tsx'
import {
  duplicateOf,
  languageOf,
  newEntry,
  termOf,
  textsOf,
  withText,
} from '../../../src/renderer/dictionary/entries/term.ts'
import { moved, put } from '../../../src/renderer/dictionary/fields/put.ts'
import { readNumber, readWords, sameWords } from '../../../src/renderer/dictionary/fields/typed.ts'
import { isTold } from '../../../src/renderer/dictionary/rules/rule-words.ts'
import { usableEntries } from '../../../src/renderer/dictionary/sentence/usable.ts'

describe('what is typed', () => {
  it.each([
    ['', undefined],
    ['12', 12],
    [' 2.5 ', 2.5],
    ['１２', 12],
    ['-1', Number.NaN],
    ['1e9', Number.NaN],
    ['三', Number.NaN],
  ])('%j is the number %s', (text, value) => {
    expect(readNumber(text)).toBe(value)
  })

  it('words are parted by any of the usual signs, each stands once', () => {
    expect(readWords(' 头、颅脑，头;MR；|\n颈')).toEqual(['头', '颅脑', 'MR', '颈'])
    expect(sameWords(['a'], ['a'])).toBe(true)
    expect(sameWords(['a'], ['a', 'b'])).toBe(false)
  })

  it('a property is left out by undefined, an item moves as far as there is room', () => {
    expect(put<{ a: number; b?: number }, 'b'>({ a: 1, b: 2 }, 'b', undefined)).toEqual({ a: 1 })
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
  })
})

describe('terms', () => {
  it('know their language until somebody says otherwise', () => {
    expect([languageOf(''), languageOf('气胸'), languageOf('SAH')]).toEqual(['zh', 'zh', 'en'])
    expect(withText(termOf('气'), 'SAH')).toEqual({ text: 'SAH', language: 'en' })
    expect(withText({ text: 'SAH', language: 'zh' }, 'SDH').language).toBe('zh')
  })

  it('of a paste are its lines', () => {
    expect(textsOf('气胸\r\n\r\n 张力性气胸\tSAH')).toEqual(['气胸', '张力性气胸', 'SAH'])
    expect(textsOf('气胸 左侧')).toBeNull()
  })

  it('a new entry, and a copy of one, take a code that is free', () => {
    const first = newEntry([])
    expect(newEntry([first]).code).toBe('NEW_TYPE_2')
    const long = { ...first, code: 'A'.repeat(32) }
    expect(duplicateOf(long, [long]).code).toBe(`${'A'.repeat(28)}_2`)
  })

  it('half-written ones are not tried on a sentence', () => {
    const half = { ...newEntry([]), nameEn: '', terms: [termOf(''), termOf('气胸')] }
    expect(usableEntries([half, newEntry([])]).map(({ terms }) => terms.map(({ text }) => text))).toEqual([
      ['气胸'],
    ])
  })
})

describe('what a dry run shows', () => {
  it('is cut before the term so that it shows in one line, the mark with it', () => {
    const excerpt = `${'甲'.repeat(60)}气胸\n乙`
    const { text, marks } = aroundTerm(excerpt, 60, 62, 'positive')
    expect(text.startsWith('…甲')).toBe(true)
    expect(text.length).toBeLessThan(24)
    expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['气胸'])
    expect(aroundTerm('左侧气胸', 2, 4, 'positive').text).toBe('左侧气胸')
  })
})

describe('a rule that differs', () => {
  it('is told unless it says nothing new', () => {
    expect(isTold({ path: 'repeatHours', before: 24, after: 0 })).toBe(true)
    expect(isTold({ path: 'contacts', before: [], after: null })).toBe(false)
    expect(isTold({ path: 'contacts[ward/骨科].kind', before: null, after: 'ward' })).toBe(false)
    expect(isTold({ path: 'contacts[ward/骨科].code', before: null, after: '' })).toBe(false)
  })
})
