import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DraftAmendment } from '../../../src/shared/report/index.ts'
import { aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const text = { findings: '右肺结节', impression: '' }

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  room.studies.set(study, aStudy(study))
})
afterEach(() => room.close())

const save = (who: string, findings: string, baseRevision: number, uid = study, amendment?: DraftAmendment) =>
  room.handlers.saveDraft(
    room.request(who, {
      params: { study: uid },
      query: undefined,
      body: { text: { findings, impression: '' }, baseRevision, ...(amendment ? { amendment } : {}) },
    }),
  )
const discard = (who: string) =>
  room.handlers.discardDraft(room.request(who, { params: { study }, query: undefined, body: undefined }))
const read = (who: string) =>
  room.handlers.report(room.request(who, { params: { study }, query: undefined, body: undefined }))
const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })

describe('drafts', () => {
  it('count revisions, and are read back by their author', async () => {
    expect(await save('li', '右肺', 0)).toEqual({ revision: 1, savedAt: room.time.now })
    room.time.now += 2000
    expect(await save('li', text.findings, 1)).toEqual({ revision: 2, savedAt: room.time.now })
    expect(await read('li')).toEqual({
      status: 'draft',
      draft: { text, revision: 2, savedAt: room.time.now, stage: 'writing', keyImages: [] },
      lockedBy: null,
      submission: null,
      versions: [],
    })
  })

  it('refuse a save from another revision, and know a repeated one', async () => {
    await save('li', '一', 0)
    await save('li', '一二', 1)
    await expect(save('li', '一三', 1)).rejects.toEqual(code('report-changed', { revision: 2 }))
    await expect(save('li', '一三', 7)).rejects.toEqual(code('report-changed', { revision: 2 }))
    expect(await save('li', '一二', 1)).toMatchObject({ revision: 2 })
  })

  it('belong to one author at a time, who is named to others', async () => {
    const since = room.time.now
    await save('li', '一', 0)
    room.time.now += 5000
    await save('li', '一二', 1)
    await expect(save('wang', '二', 0)).rejects.toEqual(
      code('report-locked-by-other', { name: '李医师', since }),
    )
    expect(await read('wang')).toEqual({
      status: 'draft',
      draft: null,
      lockedBy: { name: '李医师', since, stage: 'writing' },
      submission: null,
      versions: [],
    })
  })

  it('are given up by emptying them, and not taken by saving nothing', async () => {
    expect(await save('li', '', 0)).toMatchObject({ revision: 0 })
    expect(await save('wang', '一', 0)).toMatchObject({ revision: 1 })
    expect(await save('wang', '', 1)).toMatchObject({ revision: 0 })
    expect((await read('li')).status).toBe('none')
    expect(await save('li', '二', 0)).toMatchObject({ revision: 1 })
  })

  it('are of studies that exist', async () => {
    await expect(save('li', '一', 0, '9.9')).rejects.toEqual(code('study-not-found'))
  })

  it('are discarded by their author only, and discarding none does nothing', async () => {
    expect(await discard('li')).toEqual({})
    await save('li', '一', 0)
    await expect(discard('wang')).rejects.toEqual(code('report-locked-by-other', { name: '李医师' }))
    expect((await read('li')).draft).toMatchObject({ revision: 1 })
    await discard('li')
    expect(await read('li')).toMatchObject({ status: 'none', draft: null })
  })

  it('are audited when taken and given up, and once a minute while they are written', async () => {
    await save('li', '一', 0)
    await save('li', '一二', 1)
    room.time.now += 60_000
    await save('li', '一二三', 2)
    await save('li', '一二三四', 3)
    await save('li', '', 4)
    const actions = (await room.audit.tail()).map((row) => row.action)
    expect(actions.filter((action) => action.startsWith('report.'))).toEqual([
      'report.draft-given-up',
      'report.draft-saved',
      'report.draft-taken',
    ])
  })

  it('are not saved where that cannot be audited', async () => {
    await save('li', '一', 0)
    const { db } = room.store
    await sql`create trigger stuck before insert on audit begin select raise(abort, 'full'); end`.execute(db)
    room.time.now += 60_000
    await expect(save('li', '一二', 1)).rejects.toEqual(code('audit-unavailable'))
    await expect(save('li', '', 1)).rejects.toEqual(code('audit-unavailable'))
    await sql`drop trigger stuck`.execute(db)
    expect((await read('li')).draft).toMatchObject({ revision: 1, text: { findings: '一' } })
  })

  it('are ciphertext in the database', async () => {
    await save('li', '右肺结节', 0)
    const row = await room.store.db.selectFrom('report_drafts').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain('结节')
  })
})

describe('drafts over a signed report', () => {
  const signed = '双肺清晰。'
  const amendment = { kind: 'correction' as const, reason: '漏诊' }
  beforeEach(async () => {
    await room.signOff('li', study, { findings: signed, impression: '' })
    room.time.now += 60_000
  })

  it('say what they are for, and leave the report signed', async () => {
    await expect(save('wang', '右肺结节', 0)).rejects.toEqual(code('amendment-required'))
    await save('wang', '右肺结节', 0, study, amendment)
    expect(await read('wang')).toMatchObject({
      status: 'signed',
      draft: { text, revision: 1, amendment },
      lockedBy: null,
    })
    expect((await room.reports.summaries()).values().next().value).toMatchObject({ status: 'signed' })
  })

  it('are one person’s: others see what is signed, and since when it is being amended', async () => {
    await save('wang', '右肺结节', 0, study, amendment)
    const since = room.time.now
    room.time.now += 5000
    await save('wang', '右肺结节影', 1, study, amendment)
    const seen = await read('li')
    expect(seen).toMatchObject({ status: 'signed', draft: null, lockedBy: { name: '王医师', since } })
    expect(seen.versions.at(-1)?.document.text.findings).toBe(signed)
    await expect(save('li', '其他', 0, study, amendment)).rejects.toEqual(code('report-locked-by-other'))
    await expect(room.prepare('li', study, { findings: '其他', impression: '' }, amendment)).rejects.toEqual(
      code('report-locked-by-other', { since }),
    )
  })

  it('are not taken by what is signed already, whatever revision it was made from', async () => {
    expect(await save('li', signed, 0)).toEqual({ revision: 0, savedAt: room.time.now })
    expect(await save('li', signed, 7)).toMatchObject({ revision: 0 })
    expect((await read('li')).draft).toBeNull()
  })

  it('keep a reason without a changed text, and are given up by going back to what is signed', async () => {
    expect(await save('li', signed, 0, study, amendment)).toMatchObject({ revision: 1 })
    expect((await read('li')).draft).toMatchObject({ amendment })
    expect(await save('li', signed, 1)).toMatchObject({ revision: 0 })
    expect((await read('li')).draft).toBeNull()
  })

  it('are not taken by the amendment that was just signed, which is sent again', async () => {
    await room.signOff('li', study, text, undefined, amendment)
    expect(await save('li', text.findings, 3, study, amendment)).toMatchObject({ revision: 0 })
    expect((await read('li')).draft).toBeNull()
  })

  it('are discarded, and what is signed stands', async () => {
    await save('li', '右肺结节', 0, study, amendment)
    await discard('li')
    expect(await read('li')).toMatchObject({ status: 'signed', draft: null })
  })
})

describe('a changed database', () => {
  it.each([
    ['text', { sealed_text: 'v1.AAAA' }],
    ['author', { account_id: 'wang' }],
    ['revision', { revision: 9 }],
  ])('is found in a draft’s %s, and audited once', async (_, change) => {
    await save('li', '一', 0)
    await room.store.db.updateTable('report_drafts').set(change).execute()
    const reader = 'account_id' in change ? 'wang' : 'li'
    await expect(read(reader)).rejects.toEqual(code('internal', { damaged: 'report_drafts' }))
    await expect(read(reader)).rejects.toEqual(code('internal', { damaged: 'report_drafts' }))
    const found = (await room.audit.tail()).filter((row) => row.action === 'integrity.failed')
    expect(found).toMatchObject([{ outcome: 'failed', detail: { column: 'sealed_text' } }])
  })

  it.each([
    ['document', async () => ({ sealed_document: 'v1.AAAA' })],
    ['hash', async () => ({ document_hash: '00' })],
    ['author', async () => ({ author_id: 'wang' })],
    ['signature', async () => ({ signature: Buffer.from('no').toString('base64') })],
    ['certificate', async () => ({ sealed_certificate: room.signers.get('wang')!.certificate })],
    ['version number', async () => ({ version: 2 })],
  ])('is found in a signed version’s %s', async (_, change) => {
    await room.signOff('li', study, { findings: '右侧气胸。', impression: '' })
    expect((await read('wang')).versions.length).toBe(1)
    // Somebody with the database in hand drops the trigger first.
    await dropTrigger()
    await room.store.db
      .updateTable('report_versions')
      .set(await change())
      .execute()
    await expect(read('wang')).rejects.toEqual(code('internal', { damaged: 'report_versions' }))
    expect((await room.audit.tail())[0]).toMatchObject({ action: 'integrity.failed' })
  })

  it('is found where one report’s document is put in another’s place', async () => {
    room.studies.set('5.6', aStudy('5.6'))
    await room.signOff('li', study, { findings: '右侧气胸。', impression: '' })
    await room.signOff('li', '5.6', { findings: '双肺清晰。', impression: '' })
    await dropTrigger()
    const [first, second] = await room.store.db.selectFrom('report_versions').selectAll().execute()
    await room.store.db
      .updateTable('report_versions')
      .set({
        sealed_document: second!.sealed_document,
        document_hash: second!.document_hash,
        signature: second!.signature,
      })
      .where('id', '=', first!.id)
      .execute()
    await expect(read('li')).rejects.toEqual(code('internal', { damaged: 'report_versions' }))
  })

  async function dropTrigger() {
    await sql`drop trigger report_versions_no_update`.execute(room.store.db)
  }
})
