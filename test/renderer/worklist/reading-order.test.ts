import { describe, expect, it } from 'vitest'
import { createI18n } from '../../../src/renderer/i18n/index.ts'
import {
  readingStatus,
  rowKey,
  waitingConcern,
  waitingMs,
} from '../../../src/renderer/worklist/reading-order.ts'
import { waitingText } from '../../../src/renderer/worklist/waiting-text.ts'
import type { WorklistRow } from '../../../src/shared/worklist/index.ts'
import { worklist } from '../window/facts.ts'

const now = 1_790_000_000_000
const base = worklist(now, 1)[0]!
const row = (change: Partial<WorklistRow>): WorklistRow => ({ ...base, priority: 'routine', ...change })

describe('what a row says', () => {
  it('calls an exam by what is to be done next', () => {
    expect(readingStatus({ examStatus: 'ordered', reportStatus: 'none' })).toBe('ordered')
    expect(readingStatus({ examStatus: 'arrived', reportStatus: 'none' })).toBe('to-report')
    expect(readingStatus({ examStatus: 'arrived', reportStatus: 'draft' })).toBe('draft')
  })

  it('counts waiting only for what has arrived and is not signed', () => {
    const arrived = { examAt: now - 90_000, examStatus: 'arrived', reportStatus: 'draft' } as const
    expect(waitingMs(arrived, now)).toBe(90_000)
    expect(waitingMs({ ...arrived, reportStatus: 'signed' }, now)).toBeNull()
    expect(waitingMs({ ...arrived, examStatus: 'ordered' }, now)).toBeNull()
    expect(waitingMs({ ...arrived, examAt: now + 1 }, now)).toBeNull()
  })

  it('tells apart rows that share an accession number or lack one', () => {
    const rows = [
      row({ accessionNumber: '', studyInstanceUid: '1.1' }),
      row({ accessionNumber: '', studyInstanceUid: '1.2' }),
      row({ accessionNumber: 'A', studyInstanceUid: null }),
      row({ accessionNumber: 'A', studyInstanceUid: '1.1' }),
    ]
    expect(new Set(rows.map(rowKey)).size).toBe(4)
  })

  it('words waiting as coarsely as one needs', async () => {
    const { t } = await createI18n('zh-CN')
    expect(waitingText(t, 42 * 60_000)).toBe('42 分钟')
    expect(waitingText(t, 190 * 60_000)).toBe('3 小时 10 分')
    expect(waitingText(t, 50 * 3_600_000)).toBe('2 天')
  })
})

describe('how much a wait catches the eye', () => {
  const hour = 3_600_000
  it.each([
    ['stat', 'none', hour / 2 - 1, 'calm'],
    ['stat', 'none', hour / 2, 'due'],
    ['stat', 'draft', 2 * hour, 'overdue'],
    ['stat', 'signed', 2 * hour, 'calm'],
    ['routine', 'none', 24 * hour - 1, 'calm'],
    ['routine', 'none', 24 * hour, 'due'],
    ['routine', 'none', 48 * hour, 'overdue'],
  ] as const)('%s, report %s, %d ms: %s', (priority, reportStatus, ms, concern) => {
    expect(waitingConcern(row({ priority, reportStatus }), ms)).toBe(concern)
  })
})
