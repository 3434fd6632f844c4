import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorklistQuery } from '../../../src/shared/api/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const cli = { kind: 'cli', id: 'test' } as const
const hour = 3_600_000
const study = '1.1'
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  await room.orders.importOrders([anOrder('A1')], cli)
  room.studies.set(study, aStudy(study, { accessionNumber: 'A1' }))
})
afterEach(() => room.close())

const claim = (who: string, takeOver = false, of = study) =>
  room.handlers.claimExam(room.request(who, { params: { study: of }, query: undefined, body: { takeOver } }))
const release = (who: string) =>
  room.handlers.releaseExam(room.request(who, { params: { study }, query: undefined, body: undefined }))
const row = async (who: string, filter: object = {}) =>
  (
    await room.handlers.worklist(
      room.request(who, { params: undefined, query: undefined, body: WorklistQuery.parse({ filter }) }),
    )
  ).rows[0]
const claimed = async (who: string) => (await row(who))?.claimedBy ?? null
const save = (who: string, findings: string, baseRevision = 0) =>
  room.handlers.saveDraft(
    room.request(who, {
      params: { study },
      query: undefined,
      body: { text: { findings, impression: '' }, baseRevision },
    }),
  )
const actions = async () =>
  (await room.audit.tail()).map(({ action }) => action).filter((a) => a.startsWith('exam.'))

describe('a claim', () => {
  it('is one person’s: of many at once exactly one has it', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => claim(i % 2 === 0 ? 'li' : 'wang')),
    )
    const owner = await claimed('li')
    const [won, lost] = owner?.own ? [0, 1] : [1, 0]
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 8 }, (_, i) => (i % 2 === won ? 'fulfilled' : 'rejected')),
    )
    const refusal = outcomes[lost] as PromiseRejectedResult
    expect(refusal.reason).toMatchObject({ code: 'exam-claimed', facts: { name: owner?.name } })
    expect(await actions()).toEqual(['exam.claimed'])
  })

  it('is on everybody’s list but a technologist’s, and is found as mine', async () => {
    await claim('li')
    expect(await claimed('li')).toEqual({ name: '李医师', own: true, since: room.time.now })
    expect(await claimed('wang')).toMatchObject({ name: '李医师', own: false })
    expect(await claimed('zhao')).toBeNull()
    expect(await row('li', { status: 'mine' })).toBeDefined()
    expect(await row('wang', { status: 'mine' })).toBeUndefined()
    expect(await row('zhao', { status: 'mine' })).toBeUndefined()
  })

  it('ends by release, by time, and with the account', async () => {
    await claim('li')
    await release('wang')
    expect(await claimed('li')).not.toBeNull()
    await release('li')
    expect(await claimed('li')).toBeNull()
    await claim('li')
    room.time.now += 4 * hour
    expect(await claimed('li')).toBeNull()
    await claim('wang')
    await room.store.db.updateTable('accounts').set({ disabled: 1 }).where('id', '=', 'wang').execute()
    expect(await claimed('li')).toBeNull()
    await claim('li')
    expect(await claimed('li')).toMatchObject({ own: true })
    expect(await actions()).toEqual([
      'exam.claimed',
      'exam.claimed',
      'exam.claimed',
      'exam.released',
      'exam.claimed',
    ])
  })

  it('passes to who takes it over, which is audited', async () => {
    await claim('li')
    await claim('wang', true)
    expect(await claimed('wang')).toMatchObject({ own: true })
    const [told] = await room.audit.tail()
    expect(told).toMatchObject({ action: 'exam.claim-taken-over', detail: { from: 'li' } })
  })

  it('is of studies that there are', async () => {
    await expect(claim('li', false, '9.9')).rejects.toMatchObject({ code: 'study-not-found' })
  })

  it('that was changed keeps nobody from the exam, and is told', async () => {
    await claim('li')
    await room.store.db.updateTable('study_claims').set({ account_id: 'wang' }).execute()
    expect(await claimed('wang')).toBeNull()
    await claim('wang')
    expect(await claimed('wang')).toMatchObject({ own: true })
    const told = (await room.audit.tail()).filter(({ action }) => action === 'integrity.failed')
    expect(told.map(({ object }) => object.split(':')[0])).toContain('study_claims')
  })
})

describe('claim and draft', () => {
  it('are one person’s: whose the draft is, reports the exam', async () => {
    await claim('li')
    await save('wang', '肺纹理清晰')
    expect(await claimed('wang')).toMatchObject({ name: '王医师', own: true })
    await expect(claim('li', true)).rejects.toMatchObject({ code: 'report-locked-by-other' })
    // It does not end by time while the draft stands, nor by release.
    room.time.now += 5 * hour
    await release('wang')
    expect(await claimed('li')).toMatchObject({ name: '王医师' })
  })

  it('end together', async () => {
    await save('wang', '肺纹理清晰')
    await room.handlers.discardDraft(
      room.request('wang', { params: { study }, query: undefined, body: undefined }),
    )
    expect(await claimed('wang')).toBeNull()
    await claim('li')
    await room.signOff('li', study, { findings: '未见异常。', impression: '' })
    expect(await claimed('li')).toBeNull()
    expect(await room.store.db.selectFrom('study_claims').selectAll().execute()).toEqual([])
  })
})
