import { describe, expect, it } from 'vitest'
import { copyOf, isSavable, isUnsaved, nextCopy } from '../../../src/renderer/dictionary/draft/copy.ts'
import {
  changedEntry,
  edited,
  historyOf,
  redone,
  undone,
  type Work,
} from '../../../src/renderer/dictionary/draft/history.ts'
import {
  mistakesOf,
  mistakesOfRules,
  problemsAt,
  reviewOf,
} from '../../../src/renderer/dictionary/draft/mistakes.ts'
import { DictionaryContent, type DictionaryVersion } from '../../../src/shared/api/dictionary.ts'
import type { DictionaryEntry } from '../../../src/shared/critical/model.ts'

const entry = (code: string, given: Partial<DictionaryEntry> = {}): DictionaryEntry => ({
  code,
  nameZh: code,
  nameEn: code,
  level: 'red',
  terms: [{ text: `词${code}`, language: 'zh' }],
  ...given,
})
const content = DictionaryContent.parse({ entries: [entry('AA'), entry('BB')] })
const work: Work = { content, note: '' }
const withNote = (note: string): Work => ({ ...work, note })
const version = (revision: number): DictionaryVersion => ({
  version: 'D2',
  state: 'draft',
  revision,
  base: 'D1',
  note: '',
  createdAt: 0,
  createdBy: '',
  changedAt: 0,
  editors: [],
  testedAt: null,
  testedBy: '',
  publishedAt: null,
  approvedBy: '',
  entries: 2,
  terms: 2,
})

describe('edits that can be taken back', () => {
  it('are one step for each field that is typed in, and one for each addition', () => {
    let history = historyOf(work)
    for (const note of ['甲', '甲乙', '甲乙丙']) history = edited(history, withNote(note), 'note')
    history = edited(history, withNote('另'), null)
    history = edited(history, withNote('再'), null)
    expect(undone(history).present.note).toBe('另')
    expect(undone(undone(history)).present.note).toBe('甲乙丙')
    expect(undone(undone(undone(history))).present).toBe(work)
    expect(undone(undone(undone(undone(history)))).present).toBe(work)
    expect(redone(undone(history)).present.note).toBe('再')
    expect(redone(history)).toBe(history)
  })

  it('typing on after an undo is a step of its own, and what was undone is gone', () => {
    const typed = edited(historyOf(work), withNote('甲'), 'note')
    const again = edited(undone(typed), withNote('乙'), 'note')
    expect(again.future).toEqual([])
    expect(undone(again).present).toBe(work)
  })

  it('an edit that changes nothing is none', () => {
    const history = historyOf(work)
    expect(edited(history, { ...work }, null)).toBe(history)
  })

  it('tell where the entries part', () => {
    const [first, second] = content.entries as [DictionaryEntry, DictionaryEntry]
    const of = (entries: DictionaryEntry[]) => ({ ...content, entries })
    expect(changedEntry(content, of([first, entry('CC'), second]))).toBe(1)
    expect(changedEntry(content, of([first]))).toBe(0)
    expect(changedEntry(content, of([second]))).toBe(0)
    expect(changedEntry(content, { ...content, rules: { ...content.rules, repeatHours: 1 } })).toBeNull()
  })
})

describe('the draft in the window', () => {
  const edit = (note: string) =>
    ({ kind: 'edit', mark: null, next: (now: Work) => ({ ...now, note }) }) as const

  it('is unsaved until what is there is what was saved; an undo back to it is saved again', () => {
    const copy = copyOf(version(1), content)
    const changed = nextCopy(copy, edit('甲'))
    expect([isUnsaved(copy), isUnsaved(changed)]).toEqual([false, true])
    expect(isUnsaved(nextCopy(changed, { kind: 'undo' }))).toBe(false)
    const kept = nextCopy(changed, { kind: 'saved', work: changed.history.present, revision: 2 })
    expect([isUnsaved(kept), kept.revision]).toEqual([false, 2])
    // Typed on while it was being saved.
    const later = nextCopy(nextCopy(changed, edit('乙')), {
      kind: 'saved',
      work: changed.history.present,
      revision: 2,
    })
    expect(isUnsaved(later)).toBe(true)
  })

  it('somebody else’s is loaded without losing what was written here', () => {
    const mine = nextCopy(copyOf(version(1), content), edit('我的'))
    const clashed = nextCopy(mine, { kind: 'clash' })
    const loaded = nextCopy(clashed, { kind: 'load', version: version(5), content })
    expect(loaded).toMatchObject({ revision: 5, clash: false, aside: { note: '我的' } })
    expect(isUnsaved(loaded)).toBe(false)
    const taken = nextCopy(loaded, { kind: 'take-up-aside' })
    expect(taken).toMatchObject({ aside: null, history: { present: { note: '我的' } } })
    expect(nextCopy(taken, { kind: 'undo' }).history.present).toBe(loaded.history.present)
    const over = nextCopy(clashed, { kind: 'keep-mine', version: version(5), content })
    expect(over).toMatchObject({
      revision: 5,
      clash: false,
      aside: null,
      history: { present: { note: '我的' } },
    })
    expect(isUnsaved(over)).toBe(true)
  })
})

describe('what is to be put right', () => {
  it.each<[Partial<DictionaryEntry>, string, object]>([
    [{ nameZh: '' }, 'nameZh', { kind: 'required' }],
    [{ nameEn: 'x'.repeat(81) }, 'nameEn', { kind: 'longest', limit: 80 }],
    [{ code: 'a b' }, 'code', { kind: 'code' }],
    [{ terms: [{ text: '', language: 'zh' }] }, 'terms.0.text', { kind: 'required' }],
    [{ terms: [] }, 'terms', { kind: 'fewest', limit: 1 }],
    [{ scope: { age: { from: 1.5 } } }, 'scope.age.from', { kind: 'whole' }],
    [{ scope: { age: { to: 151 } } }, 'scope.age.to', { kind: 'most', limit: 150 }],
    [
      {
        terms: [{ text: '词', language: 'zh', requires: { measures: [], atLeast: Number.NaN, unit: 'mm' } }],
      },
      'terms.0.requires.atLeast',
      { kind: 'number' },
    ],
  ])('%j is told at %s', (given, path, mistake) => {
    expect(mistakesOf(entry('AA', given)).get(path)).toEqual(mistake)
  })

  it('in the rules too', () => {
    const { rules } = content
    const { secondCheck } = rules
    const night = { from: '7:00', to: '07:00' }
    const wrong = {
      ...rules,
      repeatHours: Number.NaN,
      closeAfterHours: 721,
      secondCheck: { ...secondCheck, onePersonTwice: { emergencies: true, night } },
    }
    expect(Object.fromEntries(mistakesOfRules(wrong))).toEqual({
      repeatHours: { kind: 'number' },
      closeAfterHours: { kind: 'most', limit: 720 },
      'secondCheck.onePersonTwice.night.from': { kind: 'time' },
    })
  })

  it('an error of the dictionary as a whole holds it back, a warning does not', () => {
    expect(isSavable(work)).toBe(true)
    const twice = { ...content, entries: [entry('AA'), entry('AA')] }
    expect(reviewOf(twice)).toMatchObject({ errors: 1 })
    expect([...reviewOf(twice).faulty]).toEqual([1])
    expect(problemsAt(reviewOf(twice), 1).get('code')).toMatchObject({ reason: 'repeated' })
    expect(isSavable({ content: twice, note: '' })).toBe(false)
    const shared = {
      ...content,
      entries: [entry('AA'), entry('BB', { terms: [{ text: '词AA', language: 'zh' }] })],
    }
    expect(reviewOf(shared).problems.map(({ reason }) => reason)).toContain('shared-term')
    expect(isSavable({ content: shared, note: '' })).toBe(true)
    expect(isSavable({ content, note: 'x'.repeat(201) })).toBe(false)
  })

  it('a missing text is counted once, though schema and dictionary both say so', () => {
    const empty = {
      ...content,
      entries: [entry('AA', { nameZh: '', terms: [{ text: '', language: 'zh' }] })],
    }
    expect(reviewOf(empty).errors).toBe(2)
  })
})
