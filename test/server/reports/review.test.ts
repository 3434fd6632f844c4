import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Amendment, ReportText } from '../../../src/shared/report/index.ts'
import { aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const text = (findings: string): ReportText => ({ findings, impression: '右肺结节。' })
const params = { study }

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  room.studies.set(study, aStudy(study))
})
afterEach(() => room.close())

const bare = (who: string) => room.request(who, { params, query: undefined, body: undefined })
const withBody = <B>(who: string, body: B) => room.request(who, { params, query: undefined, body })
const save = (who: string, written: string, baseRevision: number, amendment?: Amendment) =>
  room.handlers.saveDraft(
    withBody(who, { text: text(written), baseRevision, ...(amendment ? { amendment } : {}) }),
  )
const submit = (who: string, written: string, baseRevision: number) =>
  room.handlers.submitReport(withBody(who, { text: text(written), baseRevision }))
const recall = (who: string) => room.handlers.recallReport(bare(who))
const take = (who: string) => room.handlers.takeReview(bare(who))
const release = (who: string) => room.handlers.releaseReview(bare(who))
const reject = (who: string, comment: string) => room.handlers.rejectReport(withBody(who, { comment }))
const takeOver = (who: string, reason: string) => room.handlers.takeOverDraft(withBody(who, { reason }))
const read = (who: string) => room.handlers.report(bare(who))
const steps = async () => (await room.handlers.reportSteps(bare('li'))).steps
const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })
const audited = async () =>
  (await room.audit.tail()).filter(({ action }) => action.startsWith('report.')).map(({ action }) => action)

describe('a report on its way to review', () => {
  it('is handed in as it stands, seen by all, written by none, and taken back by its author', async () => {
    await save('sun', '右肺', 0)
    room.time.now += 1000
    const submittedAt = room.time.now
    expect(await submit('sun', '右肺结节', 1)).toEqual({ suspected: 0 })
    expect(await read('sun')).toMatchObject({
      status: 'submitted',
      draft: { stage: 'submitted', text: text('右肺结节'), revision: 2 },
      lockedBy: null,
    })
    const submission = {
      stage: 'submitted',
      writtenBy: { accountId: 'sun', name: '孙医师' },
      submittedAt,
      text: text('右肺结节'),
      reviewer: null,
      comment: '',
      suspected: 0,
    }
    expect(await read('wang')).toEqual({
      status: 'submitted',
      draft: null,
      lockedBy: { name: '孙医师', since: submittedAt, stage: 'submitted' },
      submission,
      versions: [],
    })
    await expect(save('sun', '右肺多发结节', 2)).rejects.toEqual(code('report-under-review'))
    await expect(save('wang', '右肺多发结节', 2)).rejects.toEqual(code('report-locked-by-other'))
    await recall('sun')
    expect(await read('sun')).toMatchObject({
      status: 'draft',
      draft: { stage: 'writing' },
      submission: null,
    })
    expect(await save('sun', '右肺多发结节', 3)).toMatchObject({ revision: 4 })
    expect((await steps()).map(({ kind, by }) => [kind, by.name])).toEqual([
      ['submitted', '孙医师'],
      ['recalled', '孙医师'],
    ])
    expect(await audited()).toEqual(['report.recalled', 'report.submitted', 'report.draft-taken'])
  })

  it('says how many critical findings stand in it, by the gateway’s own analysis', async () => {
    expect(await submit('sun', '左侧大量气胸，左肺压缩约70%。', 0)).toEqual({ suspected: 1 })
    const [summary] = [...(await room.reports.summaries()).values()]
    expect(summary).toEqual({
      status: 'submitted',
      writtenBy: 'sun',
      reviewedBy: '',
      holder: null,
      heldSince: null,
      suspected: 1,
      signedAt: null,
    })
  })

  it('is handed in once: an answer that was lost is given again, another text is not', async () => {
    await save('sun', '右肺', 0)
    await submit('sun', '右肺结节', 1)
    expect(await submit('sun', '右肺结节', 1)).toEqual({ suspected: 0 })
    await expect(submit('sun', '左肺结节', 1)).rejects.toEqual(code('report-under-review'))
    // Also the save that was on its way meanwhile.
    expect(await save('sun', '右肺结节', 1)).toMatchObject({ revision: 2 })
    expect(await steps()).toHaveLength(1)
  })

  it('is not empty, of an older revision, or another’s', async () => {
    await expect(
      room.handlers.submitReport(
        withBody('sun', { text: { findings: ' ', impression: '' }, baseRevision: 0 }),
      ),
    ).rejects.toEqual(code('report-empty'))
    await save('sun', '右肺', 0)
    await expect(submit('sun', '右肺', 0)).rejects.toEqual(code('report-changed', { revision: 1 }))
    await expect(submit('wang', '右肺', 1)).rejects.toEqual(
      code('report-locked-by-other', { name: '孙医师' }),
    )
    expect(await steps()).toEqual([])
  })
})

describe('a review', () => {
  beforeEach(async () => {
    await save('sun', '右肺', 0)
    await submit('sun', '右肺结节', 1)
  })

  it('is one person’s, of two who take it at once', async () => {
    const both = await Promise.allSettled([take('li'), take('wang')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(lost.reason).toEqual(code('report-under-review'))
    expect((await steps()).map(({ kind }) => kind)).toEqual(['submitted', 'review-taken'])
  })

  it('begins or the report is taken back, never both', async () => {
    const both = await Promise.allSettled([recall('sun'), take('wang')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await steps()).toHaveLength(2)
  })

  it('is not of one’s own writing', async () => {
    await recall('sun')
    await takeOver('li', '作者请假')
    await submit('li', '右肺结节', 4)
    await expect(take('li')).rejects.toEqual(code('second-person-required'))
    await take('wang')
    await expect(takeOver('li', '想自己签')).rejects.toEqual(code('second-person-required'))
  })

  it('is the reviewer’s to write; the author sees who has it', async () => {
    room.time.now += 5000
    const since = room.time.now
    await take('wang')
    expect(await read('wang')).toMatchObject({
      status: 'reviewing',
      draft: { stage: 'reviewing', revision: 3 },
    })
    expect(await read('sun')).toMatchObject({
      draft: null,
      lockedBy: { name: '王医师', since, stage: 'reviewing' },
      submission: { reviewer: { accountId: 'wang', name: '王医师' } },
    })
    await expect(recall('sun')).rejects.toEqual(code('report-under-review', { name: '王医师', since }))
    expect(await save('wang', '右肺上叶结节', 3)).toMatchObject({ revision: 4 })
    // What the reviewer writes is theirs until it is signed or given back.
    expect((await read('sun')).submission?.text).toEqual(text('右肺结节'))
    // Emptying it gives nobody's work up.
    await room.handlers.saveDraft(
      withBody('wang', { text: { findings: '', impression: '' }, baseRevision: 4 }),
    )
    expect(await read('wang')).toMatchObject({ draft: { stage: 'reviewing', revision: 5 } })
    await expect(room.handlers.discardDraft(bare('wang'))).rejects.toEqual(code('report-under-review'))
  })

  it('that is let go leaves the report as it was handed in', async () => {
    await take('wang')
    await save('wang', '右肺上叶结节', 3)
    await expect(release('li')).rejects.toEqual(code('report-locked-by-other'))
    await release('wang')
    expect(await read('sun')).toMatchObject({
      status: 'submitted',
      draft: { text: text('右肺结节'), revision: 5, stage: 'submitted' },
    })
    expect((await steps()).at(-1)).toMatchObject({ kind: 'review-released', text: text('右肺上叶结节') })
    await take('li')
    expect(await read('li')).toMatchObject({ draft: { text: text('右肺结节') } })
  })

  it('may give it back with a comment, and with the text as it then stands', async () => {
    await take('wang')
    await save('wang', '右肺上叶结节', 3)
    await expect(reject('li', '请补充大小')).rejects.toEqual(code('report-locked-by-other'))
    await reject('wang', '请补充大小')
    expect(await read('sun')).toMatchObject({
      status: 'rejected',
      draft: { stage: 'rejected', text: text('右肺上叶结节'), revision: 5 },
      submission: { stage: 'rejected', comment: '请补充大小', reviewer: { name: '王医师' } },
    })
    await save('sun', '右肺上叶结节，8 mm', 5)
    expect(await read('sun')).toMatchObject({ status: 'rejected', submission: { comment: '请补充大小' } })
    await submit('sun', '右肺上叶结节，8 mm', 6)
    expect((await read('li')).submission).toMatchObject({ comment: '', reviewer: null })
    expect((await steps()).map(({ kind, comment }) => [kind, comment])).toEqual([
      ['submitted', ''],
      ['review-taken', ''],
      ['rejected', '请补充大小'],
      ['submitted', ''],
    ])
  })

  it('ends with the reviewer’s signature, which names who wrote it', async () => {
    const { submittedAt } = (await read('li')).submission!
    await take('wang')
    await save('wang', '右肺上叶结节', 3)
    await expect(room.prepare('li', study, text('右肺上叶结节'))).rejects.toEqual(
      code('report-locked-by-other'),
    )
    const { report } = await room.signOff('wang', study, text('右肺上叶结节'))
    expect(report.document).toMatchObject({
      author: { accountId: 'wang', name: '王医师' },
      writtenBy: { accountId: 'sun', name: '孙医师', submittedAt },
    })
    expect(await read('sun')).toMatchObject({
      status: 'signed',
      draft: null,
      lockedBy: null,
      submission: null,
      versions: [report],
    })
    expect(await steps()).toHaveLength(2)
    expect([...(await room.reports.summaries()).values()]).toMatchObject([
      { status: 'signed', writtenBy: 'sun', reviewedBy: 'wang' },
    ])
  })

  it('that changed hands between preparing and signing is not signed', async () => {
    await take('wang')
    const { document } = await room.prepare('wang', study, text('右肺上叶结节'))
    await reject('wang', '请补充大小')
    await expect(room.submit('wang', study, document)).rejects.toEqual(code('report-locked-by-other'))
    room.time.now += 1000
    await submit('sun', '右肺上叶结节', 4)
    await take('wang')
    // Theirs again, but of a later submission.
    await expect(room.submit('wang', study, document)).rejects.toEqual(code('report-changed'))
  })

  it('cannot be signed as if one had written it alone', async () => {
    await take('wang')
    const { document } = await room.prepare('wang', study, text('右肺上叶结节'))
    const { writtenBy: _, ...alone } = document
    await expect(room.submit('wang', study, alone)).rejects.toEqual(code('report-changed'))
    const other = { ...document, writtenBy: { ...document.writtenBy!, name: '李医师' } }
    await expect(room.submit('wang', study, other)).rejects.toEqual(code('report-changed'))
  })
})

describe('the draft of somebody who is not there', () => {
  it('is taken over with a reason; they find it in the history', async () => {
    await save('sun', '右肺', 0)
    await takeOver('li', '作者夜班已下班')
    expect(await read('li')).toMatchObject({ status: 'draft', draft: { text: text('右肺'), revision: 2 } })
    await expect(save('sun', '右肺结节', 1)).rejects.toEqual(
      code('report-locked-by-other', { name: '李医师' }),
    )
    expect(await steps()).toMatchObject([
      { kind: 'taken-over', by: { name: '李医师' }, comment: '作者夜班已下班', text: text('右肺') },
    ])
    const [row] = await room.audit.tail()
    expect(row).toMatchObject({
      action: 'report.taken-over',
      detail: expect.objectContaining({ from: 'sun' }),
    })
  })

  it('stays who wrote it once it was handed in: who takes it over reviews it', async () => {
    await submit('sun', '右肺结节', 0)
    await take('wang')
    await takeOver('li', '审核医师已离开')
    expect(await read('li')).toMatchObject({ status: 'reviewing', draft: { stage: 'reviewing' } })
    await reject('li', '请补充大小')
    await takeOver('li', '作者请假')
    expect(await read('li')).toMatchObject({ status: 'reviewing' })
    const { report } = await room.signOff('li', study, text('右肺结节'))
    expect(report.document.writtenBy).toMatchObject({ accountId: 'sun' })
  })

  it('is not taken where there is none, twice by one, or by two at once', async () => {
    await expect(takeOver('li', '作者请假')).rejects.toEqual(code('not-found'))
    await save('sun', '右肺', 0)
    const both = await Promise.all(
      [takeOver('li', '作者请假'), takeOver('wang', '作者请假')].map((one) => one.catch(() => null)),
    )
    // One after the other: each took it from whom it then was, and it is the last one's alone.
    const writers = await Promise.all(
      ['li', 'wang', 'sun'].map(async (who) => (await read(who)).draft !== null),
    )
    expect(writers.filter(Boolean)).toHaveLength(1)
    expect(await steps()).toHaveLength(both.filter(Boolean).length)
  })
})

describe('an amendment by who cannot sign', () => {
  const amendment: Amendment = { kind: 'addendum', reason: '补充增强扫描结果' }
  beforeEach(() => room.signOff('li', study, text('双肺清晰')))

  it('goes the same way, and the worklist shows that it waits', async () => {
    await expect(submit('sun', '双肺清晰。补充', 0)).rejects.toEqual(code('amendment-required'))
    await save('sun', '双肺清晰。补充', 0, amendment)
    await submit('sun', '双肺清晰。补充', 1)
    expect(await read('wang')).toMatchObject({
      status: 'submitted',
      versions: [{ document: { version: 1 } }],
    })
    expect([...(await room.reports.summaries()).values()]).toMatchObject([
      { status: 'submitted', writtenBy: 'sun' },
    ])
    await take('wang')
    expect((await read('wang')).draft).toMatchObject({ amendment })
    const { report } = await room.signOff('wang', study, text('双肺清晰。补充'), undefined, amendment)
    expect(report.document).toMatchObject({ version: 2, amendment, writtenBy: { accountId: 'sun' } })
  })

  it('is not one that changes nothing', async () => {
    await save('sun', '双肺清晰', 0, amendment)
    await expect(submit('sun', '双肺清晰', 1)).rejects.toEqual(code('nothing-changed'))
  })
})

describe('the history of a report', () => {
  beforeEach(async () => {
    await submit('sun', '右肺结节', 0)
    await take('wang')
  })

  it('is ciphertext, and nobody can change or shorten it', async () => {
    const rows = await room.store.db.selectFrom('report_steps').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('右肺')
    await expect(sql`delete from report_steps`.execute(room.store.db)).rejects.toThrow('append-only')
    await expect(sql`update report_steps set created_at = 1`.execute(room.store.db)).rejects.toThrow(
      'append-only',
    )
  })

  it.each([
    ['its time', sql`update report_steps set created_at = created_at + 1`],
    ['its first step gone', sql`delete from report_steps where id like '%000001'`],
    [
      'a step in another’s place',
      sql`update report_steps set sealed_step = (select sealed_step from report_steps where id like '%000001') where id like '%000002'`,
    ],
  ])('is found changed by whoever took the triggers away: %s', async (_name, change) => {
    for (const trigger of ['report_steps_no_update', 'report_steps_no_delete'])
      await sql`drop trigger ${sql.ref(trigger)}`.execute(room.store.db)
    await change.execute(room.store.db)
    await expect(steps()).rejects.toEqual(code('internal', { damaged: 'report_steps' }))
  })

  it.each(['stage', 'written_by', 'submitted_at', 'suspected'] as const)(
    'does not believe a draft whose %s was changed beside what is sealed',
    async (column) => {
      const value = column === 'stage' ? 'writing' : column === 'written_by' ? 'li' : 7
      await room.store.db
        .updateTable('report_drafts')
        .set({ [column]: value })
        .execute()
      await expect(read('li')).rejects.toEqual(code('internal', { damaged: 'report_drafts' }))
      await expect(reject('wang', '请补充')).rejects.toEqual(code('internal', { damaged: 'report_drafts' }))
    },
  )
})
