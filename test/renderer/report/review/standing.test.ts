import { describe, expect, it } from 'vitest'
import { isWritable, standingOf } from '../../../../src/renderer/report/review/standing.ts'
import type { Submission } from '../../../../src/shared/report/index.ts'

const submission = (stage: Submission['stage'], reviewer: string | null = null): Submission => ({
  stage,
  writtenBy: { accountId: 'author', name: '王医师' },
  submittedAt: 1,
  text: { findings: '', impression: '' },
  reviewer: reviewer === null ? null : { accountId: reviewer, name: '李医师' },
  comment: '',
  suspected: 0,
})

describe('where a report stands', () => {
  it.each([
    [submission('submitted'), 'author', 'handed-in', false],
    [submission('submitted'), 'other', 'to-review', false],
    [submission('reviewing', 'other'), 'other', 'reviewing', true],
    [submission('reviewing', 'other'), 'author', 'under-review', false],
    [submission('reviewing', 'other'), 'third', 'under-review', false],
    [submission('rejected', 'other'), 'author', 'given-back', true],
    [submission('rejected', 'other'), 'other', 'given-back-to-other', false],
    [null, 'author', 'writing', true],
  ] as const)('%#', (given, who, standing, writable) => {
    expect(standingOf({ submission: given, lockedBy: null }, who)).toBe(standing)
    expect(isWritable(standing)).toBe(writable)
  })

  it('is another’s where the gateway says so', () => {
    const lockedBy = { name: '王医师', since: 1, stage: 'writing' as const }
    expect(standingOf({ submission: null, lockedBy }, 'me')).toBe('locked')
  })
})
