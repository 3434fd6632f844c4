import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/server/audit/index.ts'
import { createAccessAudit } from '../../../src/server/audit/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'

const minute = 60_000

describe('the record of an access', () => {
  let written: AuditEntry[]
  let broken: boolean
  let refusalRecorded: boolean
  let now: number
  let access: ReturnType<typeof createAccessAudit>
  beforeEach(() => {
    written = []
    broken = false
    refusalRecorded = false
    now = Date.UTC(2026, 10, 22, 8)
    access = createAccessAudit({
      audit: {
        async record(entry) {
          await Promise.resolve()
          if (broken) throw new Error('disk full')
          written.push(entry)
        },
        isRefusalRecorded: () => refusalRecorded,
      },
      clock: () => now,
      reportIdOf: (study) => `report of ${study}`,
      aboutStudy: async () => [{ kind: 'patient', id: 'P1' }],
    })
  })

  const asked = (more: Partial<Parameters<typeof access.record>[1]> = {}, session = 's1') => ({
    actor: { kind: 'account' as const, id: 'a1', workstationId: 'w1', sessionId: session },
    params: { study: '1.2.3' },
    query: undefined,
    body: undefined,
    ...more,
  })

  it('is one for a study whose attributes and thousand frames are asked for at once', async () => {
    await Promise.all([
      access.record('study', asked()),
      access.record('seriesMetadata', asked()),
      ...Array.from({ length: 1000 }, () => access.record('frame', asked())),
    ])
    expect(written).toEqual([
      {
        action: 'study.opened',
        outcome: 'success',
        actor: asked().actor,
        object: { kind: 'study', id: '1.2.3' },
        about: [
          { kind: 'study', id: '1.2.3' },
          { kind: 'patient', id: 'P1' },
        ],
      },
    ])
  })

  it('is another one for another session, another study, and after ten minutes', async () => {
    await access.record('study', asked())
    await access.record('study', asked({}, 's2'))
    await access.record('study', asked({ params: { study: '1.2.4' } }))
    now += 9 * minute
    await access.record('frame', asked())
    expect(written).toHaveLength(3)
    now += minute
    await access.record('frame', asked())
    expect(written).toHaveLength(4)
    // A clock that was put back does not silence it.
    now -= 60 * minute
    await access.record('frame', asked())
    expect(written).toHaveLength(5)
  })

  it('keeps every answer back while it cannot be written, and is tried again', async () => {
    broken = true
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => access.record('frame', asked())))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    broken = false
    await access.record('frame', asked())
    expect(written).toHaveLength(1)
  })

  it('says what a worklist was searched by, and is one for the same search however it is paged', async () => {
    const list = (search?: string, offset = 0) =>
      access.record(
        'worklist',
        asked({ params: undefined, body: { filter: { search }, offset, limit: 200 } }),
      )
    await list()
    await list(undefined, 200)
    await list('王小明')
    await list('王小明', 200)
    await list('王小红')
    expect(written.map(({ action, detail }) => [action, detail])).toEqual([
      ['worklist.read', undefined],
      ['worklist.searched', { by: { search: '王小明' } }],
      ['worklist.searched', { by: { search: '王小红' } }],
    ])
  })

  it('tells what was refused and what failed, and leaves to others what they record', async () => {
    await access.record('study', asked(), new VigilError('not-found'))
    await access.record('report', asked(), new TypeError('fault'))
    await access.record('study', asked({}, 's3'), new VigilError('study-restricted'))
    await access.record('signOff', asked())
    await access.record('events', asked())
    expect(written.map(({ action, outcome, detail }) => [action, outcome, detail])).toEqual([
      ['study.opened', 'refused', { code: 'not-found' }],
      ['report.read', 'failed', { code: 'internal' }],
    ])
  })

  it('is made of a change that was refused where nobody else recorded that, once for ten minutes', async () => {
    const params = { id: '3f0e' }
    const refused = (code: 'conflict' | 'last-officer' = 'conflict') =>
      access.record('disableAccount', asked({ params }), new VigilError(code))
    refusalRecorded = true
    await refused()
    expect(written).toEqual([])
    refusalRecorded = false
    await refused()
    await refused()
    await refused('last-officer')
    await access.record('submitReport', asked(), new TypeError('fault'))
    expect(written.map(({ action, outcome, object, detail }) => [action, outcome, object, detail])).toEqual([
      [
        'account.disabled',
        'refused',
        { kind: 'account', id: '3f0e' },
        { code: 'conflict', route: 'disableAccount' },
      ],
      [
        'account.disabled',
        'refused',
        { kind: 'account', id: '3f0e' },
        { code: 'last-officer', route: 'disableAccount' },
      ],
      [
        'report.submitted',
        'failed',
        { kind: 'study', id: '1.2.3' },
        { code: 'internal', route: 'submitReport' },
      ],
    ])
  })
})
