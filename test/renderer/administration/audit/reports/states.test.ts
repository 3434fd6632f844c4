import { describe, expect, it } from 'vitest'
import {
  firstPair,
  paired,
  reportStates,
} from '../../../../../src/renderer/administration/audit/reports/states.ts'
import { isPeriod } from '../../../../../src/renderer/administration/audit/summaries/period-shape.ts'
import type { AuditedReport } from '../../../../../src/shared/api/audit.ts'

const step = (id: string, at: number): AuditedReport['steps'][number] => ({
  id,
  kind: 'submitted',
  by: { accountId: 'a', name: '赵敏' },
  at,
  text: { findings: `所见 ${id}`, impression: '' },
  comment: '',
})
const version = (number: number, signedAt: number): AuditedReport['versions'][number] => ({
  version: number,
  signedAt,
  author: '李明华',
  reason: '',
  sections: [{ name: 'findings', text: `第 ${number} 版` }],
  intact: true,
})
const report = (versions: AuditedReport['versions'], steps: AuditedReport['steps']): AuditedReport => ({
  reportId: 'r',
  accessionNumber: 'A1',
  patient: '张*',
  itemName: 'CT',
  versions,
  steps,
})

describe('the texts of a report', () => {
  it('stand in the order of time, and the last two versions are compared at first', () => {
    const states = reportStates(report([version(1, 30), version(2, 50)], [step('x', 10), step('y', 40)]))
    expect(states.map(({ id }) => id)).toEqual(['step-x', 'version-1', 'step-y', 'version-2'])
    expect(firstPair(states)).toEqual({ before: 'version-1', after: 'version-2' })
  })

  it('are compared with the step before where there is one version, with itself where it is alone, not at all where none is', () => {
    expect(firstPair(reportStates(report([version(1, 30)], [step('x', 10)])))).toEqual({
      before: 'step-x',
      after: 'version-1',
    })
    expect(firstPair(reportStates(report([version(1, 30)], [])))).toEqual({
      before: 'version-1',
      after: 'version-1',
    })
    expect(firstPair([])).toBeNull()
  })

  it('are paired by section; one that only one of them has stands against nothing', () => {
    expect(paired([{ name: 'findings', text: 'a' }], [{ name: 'impression', text: 'b' }])).toEqual([
      { name: 'findings', before: 'a', after: '' },
      { name: 'impression', before: '', after: 'b' },
    ])
  })
})

describe('the period of an audit report', () => {
  it.each([
    ['daily', '2026-11-22', true],
    ['daily', '2026-02-30', false],
    ['daily', '2026-11', false],
    ['monthly', '2026-11', true],
    ['monthly', '2026-13', false],
  ] as const)('%s %s: %s', (kind, period, right) => {
    expect(isPeriod(kind, period)).toBe(right)
  })
})
