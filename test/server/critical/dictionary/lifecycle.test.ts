import { describe, expect, it } from 'vitest'
import {
  discarded,
  draftFrom,
  firstVersion,
  published,
  saved,
  tested,
} from '../../../../src/server/critical/dictionary/lifecycle.ts'
import { DictionaryContent } from '../../../../src/shared/api/dictionary.ts'

const content = DictionaryContent.parse({ entries: [] })
const by = (who: string, at = 1) => ({ by: who, at })
const first = firstVersion('default-1', content, by('gateway'))
const change = (baseRevision: number) => ({ baseRevision, content, note: '' })

describe('a version of the dictionary', () => {
  it('goes from draft by a dry run to approval, and says who did what and when', () => {
    const draft = saved(draftFrom(first, 'D2', by('an', 1)), change(1), by('bo', 2))
    expect(draft).toMatchObject({ state: 'draft', revision: 2, base: 'default-1', editors: ['an', 'bo'] })
    const version = published(tested(draft, 2, by('an', 3)), 2, by('cai', 4))
    expect(version).toMatchObject({
      state: 'published',
      revision: 2,
      createdBy: 'an',
      changedAt: 2,
      testedBy: 'an',
      testedAt: 3,
      approvedBy: 'cai',
      publishedAt: 4,
    })
  })

  it('is tested no more once it is changed', () => {
    const draft = saved(tested(draftFrom(first, 'D2', by('an')), 1, by('an')), change(1), by('an'))
    expect(draft).toMatchObject({ state: 'draft', revision: 2, testedAt: null, testedBy: '' })
    expect(() => published(draft, 2, by('bo'))).toThrow('dictionary-untested')
    expect(() => published(draft, 1, by('bo'))).toThrow('conflict')
  })

  it('is approved by nobody who wrote at it, whoever wrote last', () => {
    const draft = saved(saved(draftFrom(first, 'D2', by('an')), change(1), by('bo')), change(2), by('cai'))
    const ready = tested(draft, 3, by('dan'))
    for (const who of ['an', 'bo', 'cai'])
      expect(() => published(ready, 3, by(who))).toThrow('second-person-required')
    expect(published(ready, 3, by('dan')).state).toBe('published')
  })

  it('that was given up is approved by none of its writers under another name either', () => {
    const givenUp = discarded(saved(draftFrom(first, 'D2', by('an')), change(1), by('an')), by('an'))
    const again = draftFrom(givenUp, 'D3', by('bo'))
    expect(() => published(tested(again, 1, by('bo')), 1, by('an'))).toThrow('second-person-required')
    const fromApproved = draftFrom({ ...givenUp, state: 'published' }, 'D3', by('bo'))
    expect(published(tested(fromApproved, 1, by('bo')), 1, by('an')).state).toBe('published')
  })

  it.each(['published', 'discarded'] as const)('that is %s is changed no more', (state) => {
    const version = { ...draftFrom(first, 'D2', by('an')), state }
    expect(() => saved(version, change(1), by('bo'))).toThrow('not-found')
    expect(() => tested(version, 1, by('bo'))).toThrow('not-found')
    expect(() => published(version, 1, by('bo'))).toThrow('not-found')
    expect(() => discarded(version, by('bo'))).toThrow('not-found')
  })

  it('changed by somebody meanwhile is not overwritten', () => {
    const draft = saved(draftFrom(first, 'D2', by('an')), change(1), by('an'))
    expect(() => saved(draft, change(1), by('bo'))).toThrow('conflict')
    expect(() => tested(draft, 1, by('bo'))).toThrow('conflict')
  })
})
