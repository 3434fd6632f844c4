import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maskedName } from '../../../src/server/sensitivity/index.ts'
import type { Sensitivity } from '../../../src/shared/access/index.ts'
import { WorklistQuery } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const cli = { kind: 'cli', id: 'test' } as const
const hour = 3_600_000
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  await room.orders.importOrders(
    [
      anOrder('A1', {
        patientName: '欧阳晓明',
        patientNamePinyin: '',
        sensitivity: 'sensitive',
        orderingDepartment: '感染科',
      }),
      anOrder('A2', { patientId: 'P2', patientName: '李四', patientNamePinyin: '' }),
    ],
    cli,
  )
  room.studies.set('1.1', aStudy('1.1', { accessionNumber: 'A1', patientId: 'P1' }))
  room.studies.set('1.2', aStudy('1.2', { accessionNumber: 'A2', patientId: 'P2' }))
})
afterEach(() => room.close())

const as = (clearance: Sensitivity, sessionId = 'session-li', who = 'li') => {
  const asked = room.request(who)
  return { ...asked, principal: { ...asked.principal, clearance, sessionId } }
}
const list = (clearance: Sensitivity, filter: object = {}, sort: object | null = null, sessionId?: string) =>
  room.handlers.worklist({
    ...as(clearance, sessionId),
    params: undefined,
    query: undefined,
    body: WorklistQuery.parse({ filter, sort }),
  })
const found = async (...asked: Parameters<typeof list>) =>
  (await list(...asked)).rows.map(({ accessionNumber }) => accessionNumber)
const label = (study: string, sensitivity: Sensitivity) =>
  room.handlers.labelStudy({
    ...as('highly-sensitive'),
    params: { study },
    query: undefined,
    body: { sensitivity, reason: '院内职工' },
  })
const breakGlass = (study: string, clearance: Sensitivity, sessionId = 'session-li') =>
  room.handlers.breakGlass({
    ...as(clearance, sessionId),
    params: { study },
    query: undefined,
    body: { reason: '急诊抢救' },
  })
const kept = (clearance: Sensitivity, study: string, sessionId = 'session-li') =>
  room.restriction(as(clearance, sessionId).principal, study)

describe('a row above the clearance', () => {
  it('says that there is an exam, and nothing of whose', async () => {
    await room.signOff('wang', '1.1', { findings: '张力性气胸。', impression: '' })
    const row = (await list('general')).rows.find(({ accessionNumber }) => accessionNumber === 'A1')
    expect(row).toMatchObject({
      masked: true,
      patientName: '欧阳**',
      patientId: '',
      imagingNumber: '',
      sex: '',
      age: '',
      itemName: '',
      bodyPart: '',
      orderingDepartment: '',
      reportedBy: '',
      criticalAlerts: 0,
      studyInstanceUid: '1.1',
      sensitivity: 'sensitive',
    })
    expect(JSON.stringify(row)).not.toMatch(/晓明|P1|感染|胸/)
    const open = (await list('sensitive')).rows.find(({ accessionNumber }) => accessionNumber === 'A1')
    expect(open).toMatchObject({ masked: false, patientName: '欧阳晓明', criticalAlerts: 1 })
  })

  it.each([
    ['its name', { search: '晓明' }],
    ['its initials', { search: 'oyxm' }],
    ['its spelling', { search: 'ouyangxiao' }],
    ['its patient id', { search: 'P1' }],
    ['its department', { department: '感染科' }],
    ['its part of the body', { bodyPart: '胸' }],
    ['its alerts', { critical: 'any' }],
  ])('is not found by %s', async (_, filter) => {
    await room.signOff('wang', '1.1', { findings: '张力性气胸。', impression: '' })
    expect(await found('sensitive', filter)).toContain('A1')
    expect(await found('general', filter)).not.toContain('A1')
    expect((await list('general', filter)).total).toBe((await found('general', filter)).length)
  })

  it('is found by its accession number, and stands where its hidden facts do not put it', async () => {
    expect(await found('general', { search: 'A1' })).toEqual(['A1'])
    const column = (name: string) => ({ column: name, direction: 'ascending' })
    // Its department sorts before, an empty one last.
    expect(await found('sensitive', {}, column('department'))).toEqual(['A1', 'A2'])
    expect(await found('general', {}, column('department'))).toEqual(['A2', 'A1'])
    for (const name of ['imagingNumber', 'item', 'bodyPart'])
      expect(await found('general', {}, column(name))).toEqual(['A2', 'A1'])
  })

  it('does not stand above what can be read', async () => {
    await room.orders.importOrders([anOrder('A1', { sensitivity: 'sensitive', priority: 'stat' })], cli)
    expect(await found('general')).toEqual(['A2', 'A1'])
    expect(await found('sensitive')).toEqual(['A1', 'A2'])
  })
})

describe('a label', () => {
  it('is the strictest of the order’s and the given one, and counts at once', async () => {
    expect(await kept('general', '1.2')).toBeNull()
    await label('1.2', 'highly-sensitive')
    expect(await kept('sensitive', '1.2')).toMatchObject({ sensitivity: 'highly-sensitive' })
    await label('1.2', 'general')
    expect(await kept('general', '1.2')).toBeNull()
    await label('1.1', 'general')
    expect(await kept('general', '1.1')).toMatchObject({ sensitivity: 'sensitive' })
    const labelled = (await room.audit.tail()).filter(({ action }) => action === 'study.labelled')
    expect(labelled.map(({ detail }) => [detail.before, detail.after, detail.reason])).toEqual([
      [null, 'general', '院内职工'],
      ['highly-sensitive', 'general', '院内职工'],
      [null, 'highly-sensitive', '院内职工'],
    ])
  })

  it('holds for studies that the archive does not list, and while it cannot be asked', async () => {
    await label('1.2', 'sensitive')
    const { studies, study } = room.archive
    room.archive.studies = async () => []
    await list('general')
    expect(await kept('general', '1.1')).toMatchObject({ sensitivity: 'sensitive' })
    room.archive.study = () => Promise.reject(new VigilError('archive-unavailable'))
    expect(await kept('general', '1.2')).toMatchObject({ sensitivity: 'sensitive' })
    Object.assign(room.archive, { studies, study })
  })

  it('that is given to a study that the archive does not list counts at once, whoever asked before', async () => {
    const { studies } = room.archive
    room.archive.studies = async () => []
    await list('general')
    expect(await kept('general', '1.2')).toBeNull()
    await label('1.2', 'sensitive')
    expect(await kept('general', '1.2')).toMatchObject({ sensitivity: 'sensitive' })
    await label('1.2', 'general')
    expect(await kept('general', '1.2')).toBeNull()
    room.archive.studies = studies
  })

  it.each([true, false])(
    'is not lifted by one more order that is the study’s (listed: %s)',
    async (listed) => {
      if (!listed) room.archive.studies = async () => []
      room.studies.set('1.7', aStudy('1.7', { accessionNumber: 'T1', patientId: 'P7' }))
      const { orderedAt: _, ...typed } = anOrder('T1', { patientId: 'P7' })
      const enter = (clearance: Sensitivity, body: typeof typed) =>
        room.handlers.enterOrder({ ...as(clearance, 's', 'zhao'), params: undefined, query: undefined, body })
      await enter('sensitive', { ...typed, sensitivity: 'sensitive' })
      await list('general')
      expect(await kept('general', '1.7')).toMatchObject({ sensitivity: 'sensitive' })
      for (const accessionNumber of Array.from({ length: 12 }, (_, i) => `T${i + 2}`))
        await enter('general', { ...typed, accessionNumber, studyInstanceUid: '1.7' })
      await list('general')
      expect(await kept('general', '1.7')).toMatchObject({ sensitivity: 'sensitive' })
    },
  )

  it('that was changed counts as the strictest, and is told once', async () => {
    await label('1.2', 'sensitive')
    await label('1.1', 'highly-sensitive')
    const { db } = room.foundation.store
    const rows = await db.selectFrom('study_labels').selectAll().execute()
    for (const [at, row] of rows.entries())
      await db
        .updateTable('study_labels')
        .set({ sealed_label: rows[1 - at]!.sealed_label })
        .where('study_index', '=', row.study_index)
        .execute()
    await list('general')
    await list('general')
    expect(await kept('sensitive', '1.2')).toMatchObject({ sensitivity: 'highly-sensitive' })
    const told = (await room.audit.tail()).filter(({ action }) => action === 'integrity.failed')
    expect(told).toHaveLength(2)
  })

  it('of an order that is typed in stays where a correction says nothing, and keeps the uncleared from it', async () => {
    const { orderedAt: _, ...typed } = anOrder('M1', { patientId: 'P3', sensitivity: 'sensitive' })
    const { sensitivity: _label, ...silent } = typed
    const enter = (clearance: Sensitivity, body: typeof silent) =>
      room.handlers.enterOrder({ ...as(clearance, 's', 'zhao'), params: undefined, query: undefined, body })
    await enter('general', typed)
    await expect(enter('general', silent)).rejects.toMatchObject({ code: 'study-restricted' })
    await enter('sensitive', silent)
    expect((await room.orders.byAccession('M1'))?.order.sensitivity).toBe('sensitive')
  })
})

describe('the glass', () => {
  it('opens one study to one session for four hours, with the reason in the audit', async () => {
    const { until } = await breakGlass('1.1', 'general')
    expect(until).toBe(room.time.now + 4 * hour)
    expect(await kept('general', '1.1')).toBeNull()
    expect(await kept('general', '1.1', 'another session')).not.toBeNull()
    expect((await list('general')).rows.map(({ masked }) => masked)).toEqual([false, false])
    expect((await list('general', {}, null, 'another session')).rows.map(({ masked }) => masked)).toContain(
      true,
    )
    expect(await found('general', { search: '晓明' })).toEqual(['A1'])
    const [told] = await room.audit.tail()
    expect(told).toMatchObject({ action: 'study.glass-broken', detail: { reason: '急诊抢救' } })
    room.time.now += 4 * hour
    expect(await kept('general', '1.1')).not.toBeNull()
    expect((await list('general')).rows.map(({ masked }) => masked)).toContain(true)
  })

  it('is none for who is cleared', async () => {
    await breakGlass('1.1', 'sensitive')
    await breakGlass('1.2', 'general')
    expect((await room.audit.tail()).map(({ action }) => action)).not.toContain('study.glass-broken')
  })

  it('does not let who broke it lift the label', async () => {
    const set = (clearance: Sensitivity, sensitivity: Sensitivity) =>
      room.handlers.labelStudy({
        ...as(clearance),
        params: { study: '1.2' },
        query: undefined,
        body: { sensitivity, reason: '误标' },
      })
    await label('1.2', 'sensitive')
    await breakGlass('1.2', 'general')
    await expect(set('general', 'general')).rejects.toMatchObject({ code: 'study-restricted' })
    expect(await kept('general', '1.2', 'another session')).toMatchObject({ sensitivity: 'sensitive' })
    await set('general', 'highly-sensitive')
    await expect(set('sensitive', 'sensitive')).rejects.toMatchObject({ code: 'study-restricted' })
    await set('highly-sensitive', 'general')
    expect(await kept('general', '1.2', 'another session')).toBeNull()
  })

  it('is of studies that there are', async () => {
    await expect(breakGlass('9.9', 'general')).rejects.toMatchObject({ code: 'study-not-found' })
  })
})

describe('alerts of a labelled study', () => {
  it('are listed without whose they are, and neither opened nor acted on', async () => {
    const { alerts } = await room.signOff('wang', '1.1', { findings: '张力性气胸。', impression: '' })
    const query = { show: 'all' as const, limit: 100 }
    const params = undefined
    const all = (clearance: Sensitivity) =>
      room.handlers.alerts({ ...as(clearance), params, query, body: undefined })
    const [masked] = (await all('general')).alerts
    expect(masked).toMatchObject({
      patientName: '欧阳**',
      patientId: '',
      content: '',
      type: '',
      level: 'red',
    })
    expect(JSON.stringify(masked)).not.toMatch(/晓明|气胸|病区/)
    expect((await all('sensitive')).alerts[0]).toMatchObject({ patientName: '欧阳晓明' })
    const one = { params: { alert: alerts[0]!.id }, query: undefined }
    await expect(room.handlers.alert({ ...as('general'), ...one, body: undefined })).rejects.toMatchObject({
      code: 'study-restricted',
    })
    await expect(
      room.handlers.withdrawAlert({ ...as('general'), ...one, body: { reason: '误报' } }),
    ).rejects.toMatchObject({ code: 'study-restricted' })
    const refused = (await room.audit.tail()).filter(({ outcome }) => outcome === 'refused')
    expect(refused.map(({ action }) => action).sort()).toEqual(['alert.read', 'alert.withdraw'])
    await breakGlass('1.1', 'general')
    expect((await all('general')).alerts[0]).toMatchObject({ patientName: '欧阳晓明' })
  })
})

describe('a masked name', () => {
  it.each([
    ['张晓明', '张**'],
    ['李四', '李**'],
    ['欧阳思雨', '欧阳**'],
    ['Zhang Wei', 'Z**'],
    ['', '**'],
    ['𠮷田', '𠮷**'],
  ])('%j', (name, masked) => {
    expect(maskedName(name)).toBe(masked)
  })
})
