import { describe, expect, it } from 'vitest'
import {
  proposedTogether,
  siblingsOf,
  speakerOf,
  spokenFor,
} from '../../../src/renderer/sign-off/together.ts'
import { carriedWork, freshWork, withType } from '../../../src/renderer/sign-off/work.ts'
import { findingKey } from '../../../src/shared/critical/index.ts'
import {
  earlier,
  inFindings,
  inImpression,
  negated,
  otherSide,
  outOfScope,
  recipients,
  text,
  types,
} from './facts.ts'

const findings = [inFindings, negated, outOfScope, inImpression, otherSide]
const prepared = { findings, recipients, standing: [earlier('A1', 'ARDS')] }
const fresh = () => freshWork(prepared, text, types)

describe('what is entered at sign-off', () => {
  it('begins with an alert proposed for each finding that needs a decision, and only what goes with another decided', () => {
    const { entries, standing, added } = fresh()
    expect(Object.keys(entries)).toEqual([inFindings, inImpression, otherSide].map(findingKey))
    expect(entries[findingKey(inFindings)]).toEqual({
      action: null,
      alert: {
        type: 'LARGE_PNEUMOTHORAX',
        level: 'red',
        content: '大量气胸：左侧大量气胸，肺压缩约60%',
        recipient: recipients[0],
        repeats: null,
      },
      reason: null,
      otherReason: '',
    })
    expect(standing).toEqual({ A1: { action: null, reason: '' } })
    expect(added).toEqual([])
  })

  it('proposes whom the dictionary names for the type, and nobody in particular where nobody is known', () => {
    const embolism = { ...negated, grade: 'positive' as const }
    const of = (known: typeof recipients) =>
      freshWork({ findings: [embolism], recipients: known, standing: [] }, text, types).entries[
        findingKey(embolism)
      ]?.alert.recipient
    expect(of(recipients)).toEqual(recipients[1])
    expect(of(recipients.slice(0, 1))).toEqual(recipients[0])
    expect(of([])).toMatchObject({ kind: 'doctor', name: '' })
  })

  it('follows another type in what was left as proposed, and in nothing else', () => {
    const { alert } = fresh().entries[findingKey(inFindings)]!
    const sentence = '左侧大量气胸，肺压缩约60%'
    const given = { types, recipients, sentence }
    expect(withType({ ...alert, repeats: 'A9' }, 'PULMONARY_EMBOLISM', given)).toEqual({
      type: 'PULMONARY_EMBOLISM',
      level: 'orange',
      content: `肺栓塞：${sentence}`,
      recipient: recipients[1],
      repeats: null,
    })
    const edited = { ...alert, content: '请速处理', recipient: { ...recipients[0]!, name: 'ICU' } }
    expect(withType(edited, 'PULMONARY_EMBOLISM', given)).toMatchObject({
      content: '请速处理',
      recipient: { name: 'ICU' },
    })
  })

  it('proposes one alert for what is of one type and side, and says which speaks for which', () => {
    const { entries } = fresh()
    const key = findingKey(inImpression)
    expect(entries[key]).toMatchObject({ action: 'dismiss', reason: 'repeated' })
    expect(entries[findingKey(otherSide)]?.action).toBe(null)
    expect(speakerOf(inImpression, findings, entries)).toBe(inFindings)
    expect(speakerOf(inFindings, findings, entries)).toBe(null)
    expect(spokenFor(inFindings, findings, entries)).toBe(1)
    expect(spokenFor(otherSide, findings, entries)).toBe(0)
    const dismissed = {
      ...entries,
      [findingKey(inFindings)]: { action: 'dismiss' as const, reason: 'known' },
    }
    expect(speakerOf(inImpression, findings, dismissed)).toBe(null)
    // What is stated outright speaks for what is only possible.
    const possible = { ...inFindings, grade: 'possible' as const }
    expect([...proposedTogether([possible, inImpression])]).toEqual([findingKey(possible)])
    // A measurement has made one more urgent: nothing goes out below its level.
    const less = { ...inFindings, level: 'orange' as const }
    expect([...proposedTogether([less, { ...inImpression, grade: 'possible' }])]).toEqual([findingKey(less)])
    // Of no side it may be another: that is left to be said.
    const { side: _, ...sideless } = inImpression
    expect([...proposedTogether([inFindings, sideless])]).toEqual([])
  })

  it('speaks by a word of its own for the undecided findings of the type, not for the other side', () => {
    const { side: _, ...sideless } = inImpression
    const all = [inFindings, sideless, otherSide]
    const { entries } = freshWork({ ...prepared, findings: all }, text, types)
    expect(siblingsOf(inFindings, all, entries)).toEqual([findingKey(sideless)])
    const decided = { ...entries, [findingKey(sideless)]: { action: 'alert' as const, reason: null } }
    expect(siblingsOf(inFindings, all, decided)).toEqual([])
  })

  it('is kept by another preparation where the finding is the same, and moves with the text', () => {
    const before = fresh()
    const [first, second] = [findingKey(inFindings), findingKey(inImpression)]
    const work = {
      ...before,
      entries: {
        ...before.entries,
        [first]: { ...before.entries[first]!, action: 'alert' as const },
        [second]: { ...before.entries[second]!, action: 'dismiss' as const, reason: 'known' as const },
      },
      added: [
        {
          id: 'added1',
          passage: { section: 'findings' as const, start: 0, end: 4 },
          alert: before.entries[first]!.alert,
        },
      ],
      standing: { A1: { action: 'keep' as const, reason: '仍需观察' } },
    }
    const moved = { findings: `补充：${text.findings}`, impression: '1. 左侧大量气胸较前增多。' }
    const at = (offset: number) => ({
      ...inFindings,
      start: inFindings.start + offset,
      end: inFindings.end + offset,
    })
    const next = carriedWork(
      { findings, text, work },
      {
        findings: [at(3), inImpression],
        recipients,
        standing: [earlier('A1', 'ARDS'), earlier('A2', 'ARDS')],
      },
      moved,
      types,
    )
    expect(next.entries[findingKey(at(3))]?.action).toBe('alert')
    // The sentence says something else now.
    expect(next.entries[findingKey(inImpression)]?.action).toBe(null)
    expect(next.added[0]?.passage).toEqual({ section: 'findings', start: 3, end: 7 })
    expect(next.standing).toEqual({
      A1: { action: 'keep', reason: '仍需观察' },
      A2: { action: null, reason: '' },
    })
    const gone = carriedWork(
      { findings, text, work },
      { ...prepared, findings: [] },
      { findings: '', impression: '' },
      types,
    )
    expect(gone.entries).toEqual({})
    expect(gone.added[0]?.passage).toBe(null)
  })

  it('tells two findings of the same words apart', () => {
    const twice = { findings: '脑疝。脑疝。', impression: '' }
    const hit = (start: number) => ({
      ...negated,
      grade: 'positive' as const,
      text: '脑疝',
      start,
      end: start + 2,
    })
    const both = { findings: [hit(0), hit(3)], recipients, standing: [] }
    const before = freshWork(both, twice, types)
    const key = findingKey(hit(3))
    const work = {
      ...before,
      entries: { ...before.entries, [key]: { ...before.entries[key]!, action: 'alert' as const } },
    }
    const next = carriedWork({ findings: both.findings, text: twice, work }, both, twice, types)
    expect(before.entries[key]?.action).toBe('dismiss')
    expect(Object.values(next.entries).map(({ action }) => action)).toEqual([null, 'alert'])
  })
})
