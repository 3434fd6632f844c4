import { describe, expect, it } from 'vitest'
import { givesBack, isWaiting, queueOf, waitingOf } from '../../../src/renderer/worklist/queue.ts'
import { WorklistFilter, type WorklistRow } from '../../../src/shared/worklist/index.ts'
import { worklist } from '../window/facts.ts'

const base = worklist(1_790_000_000_000, 1)[0]!
const row = (n: number, change: Partial<WorklistRow> = {}): WorklistRow => ({
  ...base,
  studyInstanceUid: `1.${n}`,
  accessionNumber: `A${n}`,
  ...change,
})
const filter = (change: Partial<WorklistFilter> = {}) => ({ ...WorklistFilter.parse({}), ...change })
const own = { name: '李明华', own: true, since: 1 }
const others = { name: '周启明', own: false, since: 1 }

describe('the queue of a view', () => {
  it('keeps its modality and days, and takes what waits', () => {
    expect(queueOf(filter({ modalities: ['CT'], days: 1, search: '王' }))).toEqual(
      filter({ modalities: ['CT'], days: 1, search: undefined, status: 'to-report' }),
    )
  })
  it('of who reviews is what is to be reviewed', () => {
    expect(queueOf(filter({ status: 'to-review' })).status).toBe('to-review')
    expect(queueOf(filter({ status: 'mine' })).status).toBe('mine')
    expect(queueOf(filter({ status: 'signed' })).status).toBe('to-report')
  })
})

describe('what can come next', () => {
  const queue = queueOf(filter())
  it.each<[string, Partial<WorklistRow>, boolean]>([
    ['is unread', {}, true],
    ['is claimed by oneself', { claimedBy: own }, true],
    ['is claimed by another', { claimedBy: others }, false],
    ['has no images', { studyInstanceUid: null, examStatus: 'ordered' }, false],
    ['is masked', { masked: true }, false],
    ['is being written', { reportStatus: 'draft' }, false],
    ['is handed in', { reportStatus: 'submitted' }, false],
    ['is signed', { reportStatus: 'signed' }, false],
  ])('what %s: %j → %s', (_, change, waits) => expect(isWaiting(row(1, change), queue, '李明华')).toBe(waits))

  it('of one’s own: what was begun or given back', () => {
    const mine = queueOf(filter({ status: 'mine' }))
    expect(isWaiting(row(1, { reportStatus: 'rejected', claimedBy: own }), mine, '李明华')).toBe(true)
    expect(isWaiting(row(1, { reportStatus: 'draft' }), mine, '李明华')).toBe(true)
  })

  it('to review: what another handed in, not one’s own and not what somebody reviews', () => {
    const review = queueOf(filter({ status: 'to-review' }))
    expect(isWaiting(row(1, { reportStatus: 'submitted', reportedBy: '周启明' }), review, '李明华')).toBe(
      true,
    )
    expect(isWaiting(row(1, { reportStatus: 'submitted', reportedBy: '李明华' }), review, '李明华')).toBe(
      false,
    )
    expect(isWaiting(row(1, { reportStatus: 'reviewing', reportedBy: '周启明' }), review, '李明华')).toBe(
      false,
    )
  })

  it('goes on past what was passed over, and comes back to it last', () => {
    const rows = [row(1), row(2), row(3)]
    const seat = { study: '1.2', passed: new Set(['1.1']), person: '李明华' }
    const left = waitingOf(rows, queue, seat)
    expect(left.fresh.map((each) => each.studyInstanceUid)).toEqual(['1.3'])
    expect(left.passed.map((each) => each.studyInstanceUid)).toEqual(['1.1'])
  })

  it('gives back what was claimed on the way and not written', () => {
    expect(givesBack(row(1, { claimedBy: own }))).toBe(true)
    expect(givesBack(row(1, { claimedBy: own, reportStatus: 'draft' }))).toBe(false)
    expect(givesBack(row(1, { claimedBy: others }))).toBe(false)
    expect(givesBack(undefined)).toBe(false)
  })
})
