import { describe, expect, it } from 'vitest'
import { firstComparison, historyEntries } from '../../../../src/renderer/report/history/entries.ts'
import type { ReportStep, SignedReport } from '../../../../src/shared/report/index.ts'

const text = (findings: string) => ({ findings, impression: '' })
const step = (id: string, at: number, findings: string): ReportStep => ({
  id,
  kind: 'submitted',
  by: { accountId: 'a', name: '王' },
  at,
  text: text(findings),
  comment: '',
})
const version = (number: number, signedAt: number, findings: string) =>
  ({
    document: { version: number, author: { name: '李' }, text: text(findings), amendment: null },
    signedAt,
  }) as unknown as SignedReport

describe('the history of a report', () => {
  it('has versions and steps together, the newest first, and the text of now before all', () => {
    const entries = historyEntries(
      [version(1, 20, 'b'), version(2, 40, 'c')],
      [step('s', 10, 'a'), step('t', 30, 'b2')],
      text('d'),
    )
    expect(entries.map(({ id }) => id)).toEqual(['present', 'version-2', 'step-t', 'version-1', 'step-s'])
  })

  it('compares at first the newest with the next that says something else', () => {
    const entries = historyEntries([], [step('a', 1, 'x'), step('b', 2, 'y'), step('c', 3, 'y')], null)
    expect(firstComparison(entries)).toEqual({ newer: 'step-c', older: 'step-a' })
    expect(firstComparison([])).toBeNull()
    expect(firstComparison(historyEntries([], [step('a', 1, 'x')], null))).toEqual({
      newer: 'step-a',
      older: 'step-a',
    })
  })
})
