import { describe, expect, it } from 'vitest'
import {
  decisionsOf,
  lacking,
  lackOf,
  lackOfAdded,
  lackOfStanding,
  standingDecisionsOf,
} from '../../../src/renderer/sign-off/decisions.ts'
import { type Entry, freshWork, type Work } from '../../../src/renderer/sign-off/work.ts'
import { findingKey } from '../../../src/shared/critical/index.ts'
import { FindingDecision, StandingDecision } from '../../../src/shared/report/index.ts'
import { earlier, inFindings, inImpression, negated, recipients, text, types } from './facts.ts'

const findings = [inFindings, negated, inImpression]
const prepared = { findings, recipients, standing: [earlier('A1', 'ARDS')], earlier: [] }
const fresh = () => freshWork(prepared, text, types)
const key = findingKey(inFindings)
const alert = fresh().entries[key]!.alert
const entry = (change: Partial<Entry>): Entry => ({
  action: null,
  alert,
  reason: null,
  otherReason: '',
  ...change,
})
const before = [earlier('A261122000001', 'LARGE_PNEUMOTHORAX'), earlier('A2', 'LARGE_PNEUMOTHORAX')]

describe('sign-off decisions', () => {
  it.each([
    ['action', entry({})],
    [null, entry({ action: 'alert' })],
    ['content', entry({ action: 'alert', alert: { ...alert, content: '  ' } })],
    [
      'recipient',
      entry({ action: 'alert', alert: { ...alert, recipient: { ...recipients[0]!, name: ' ' } } }),
    ],
    ['reason', entry({ action: 'dismiss' })],
    [null, entry({ action: 'dismiss', reason: 'known' })],
    ['reason', entry({ action: 'dismiss', reason: 'other', otherReason: '无 ' })],
    [null, entry({ action: 'dismiss', reason: 'other', otherReason: '无误' })],
  ] as const)('an entry lacks %s', (lack, given) => {
    expect(lackOf(given, inFindings, [], [])).toBe(lack)
  })

  it('something reported with another entry needs that other entry', () => {
    const repeated = entry({ action: 'dismiss', reason: 'repeated' })
    const { type } = inFindings
    expect(lackOf(repeated, inFindings, [], [])).toBe('no-alert')
    expect(lackOf(repeated, inFindings, [], [{ type: 'ARDS' }])).toBe('no-alert')
    expect(lackOf(repeated, inFindings, [], [{ type, side: 'right' }])).toBe('no-alert')
    expect(lackOf(repeated, inFindings, [], [{ type }])).toBe(null)
    expect(lackOf(repeated, inFindings, [], [{ type, side: 'left' }])).toBe(null)
  })

  it('an alert that the patient has had already goes out by a word of its own alone', () => {
    const said = (repeats: string | null) => entry({ action: 'alert', alert: { ...alert, repeats } })
    expect(lackOf(said(null), inFindings, before, [])).toBe('repeats')
    expect(lackOf(said('A2'), inFindings, before, [])).toBe('repeats')
    expect(lackOf(said('A261122000001'), inFindings, before, [])).toBe(null)
    // One of another type is none of its business.
    expect(lackOf(said(null), inFindings, [earlier('A3', 'ARDS')], [])).toBe(null)
    // Nor is one of the other side; of no side it may be the same.
    const on = (side: 'left' | 'right') => [earlier('A4', 'LARGE_PNEUMOTHORAX', 'received', side)]
    expect(lackOf(said(null), inFindings, on('right'), [])).toBe(null)
    expect(lackOf(said(null), inFindings, on('left'), [])).toBe('repeats')
    expect(lackOf(said(null), { type: inFindings.type }, on('right'), [])).toBe('repeats')
  })

  it('an added alert needs a type, a sentence of its own and all that an alert needs', () => {
    const passage = { section: 'findings' as const, start: 0, end: 4 }
    const work = fresh()
    const lack = (change: object) => lackOfAdded({ id: 'x', passage, alert, ...change }, work, [])
    expect(lack({})).toBe(null)
    expect(lack({ alert: { ...alert, type: '' } })).toBe('type')
    expect(lack({ passage: null })).toBe('passage')
    const { section, start, end } = inFindings
    expect(lack({ passage: { section, start, end } })).toBe('same-passage')
    const twice: Work = { ...work, added: [{ id: 'y', passage, alert }] }
    expect(lackOfAdded({ id: 'x', passage, alert }, twice, [])).toBe('same-passage')
    expect(lackOfAdded({ id: 'y', passage, alert }, twice, [])).toBe(null)
    expect(lackOfAdded({ id: 'x', passage, alert }, work, before)).toBe('repeats')
  })

  it('a standing alert needs a choice and a reason for either', () => {
    expect(lackOfStanding({ action: null, reason: '原因' })).toBe('action')
    expect(lackOfStanding({ action: 'keep', reason: '' })).toBe('reason')
    expect(lackOfStanding({ action: 'withdraw', reason: '误报' })).toBe(null)
  })

  it('says everything that is lacking, the standing ones first', () => {
    const work: Work = {
      ...fresh(),
      added: [{ id: 'added1', passage: null, alert: { ...alert, type: 'ARDS' } }],
    }
    expect(lacking(prepared, work)).toEqual([
      { id: 'A1', lack: 'action' },
      { id: key, lack: 'action' },
      // Proposed to go with what is not alerted yet.
      { id: findingKey(inImpression), lack: 'no-alert' },
      { id: 'added1', lack: 'passage' },
    ])
  })

  it('does not ask about an alert that is withdrawn with this very signature', () => {
    const own = earlier('A1', 'LARGE_PNEUMOTHORAX')
    const amended = { findings: [inFindings], standing: [own], earlier: [own] }
    const work = (action: 'withdraw' | 'keep'): Work => ({
      entries: { [key]: entry({ action: 'alert' }) },
      added: [],
      standing: { A1: { action, reason: '部位有误' } },
    })
    expect(lacking(amended, work('withdraw'))).toEqual([])
    expect(lacking(amended, work('keep'))).toEqual([{ id: key, lack: 'repeats' }])
  })

  it('become what is signed, each finding its own, in the order of the text', () => {
    const passage = { section: 'findings' as const, start: 0, end: 4 }
    const work: Work = {
      entries: {
        [key]: entry({
          action: 'alert',
          alert: { ...alert, type: 'ARDS', level: 'orange', content: ' 请速处理 ', repeats: 'A9' },
        }),
        [findingKey(inImpression)]: entry({ action: 'dismiss', reason: 'repeated' }),
      },
      added: [{ id: 'x', passage, alert: { ...alert, type: 'ARDS', recipient: recipients[2]! } }],
      standing: { A1: { action: 'withdraw', reason: ' 误报 ' } },
    }
    const decisions = decisionsOf(findings, work, (reason) => `原因 ${reason}`)
    const { section, start, end, type } = inFindings
    expect(decisions).toEqual([
      {
        action: 'alert',
        section,
        start,
        end,
        // The finding's own, by which the gateway meets it.
        type,
        alertType: 'ARDS',
        level: 'orange',
        content: '请速处理',
        recipient: recipients[0],
        repeats: 'A9',
      },
      {
        action: 'dismiss',
        section: 'impression',
        start: inImpression.start,
        end: inImpression.end,
        type: inImpression.type,
        reason: '原因 repeated',
      },
      {
        action: 'alert',
        ...passage,
        type: 'ARDS',
        alertType: 'ARDS',
        level: 'red',
        content: alert.content,
        recipient: recipients[2],
        repeats: null,
      },
    ])
    for (const decision of decisions) expect(FindingDecision.parse(decision)).toEqual(decision)
    const standing = standingDecisionsOf(prepared.standing, work)
    expect(standing).toEqual([{ alertId: 'A1', action: 'withdraw', reason: '误报' }])
    for (const decision of standing) expect(StandingDecision.parse(decision)).toEqual(decision)
  })
})
