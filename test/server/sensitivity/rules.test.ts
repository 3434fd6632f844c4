import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'
import { peopleOf } from './people.ts'

const cli = { kind: 'cli', id: 'test' } as const
const vip = (given: object = {}) => ({
  id: 'vip',
  name: '重点人员',
  label: 'sensitive' as const,
  active: true,
  kind: 'patient' as const,
  ids: ['P1'],
  names: [],
  ...given,
})

let room: ReadingRoom
let at: ReturnType<typeof peopleOf>
beforeEach(async () => {
  room = await openReadingRoom()
  at = peopleOf(room)
  await room.orders.importOrders(
    [
      anOrder('A1', { patientName: '欧阳晓明' }),
      anOrder('A2', { patientId: 'P2', patientName: '李四', orderingDepartment: '感染科' }),
      anOrder('A3', { patientId: 'P3', patientName: '王五', patientNamePinyin: '' }),
    ],
    cli,
  )
  room.studies.set('1.1', aStudy('1.1', { accessionNumber: 'A1' }))
  room.studies.set('1.2', aStudy('1.2', { accessionNumber: 'A2', patientId: 'P2' }))
})
afterEach(() => room.close())
const masked = async (who = 'wang') =>
  (await at.rows(who)).filter((row) => row.masked).map(({ accessionNumber }) => accessionNumber)

describe('rules that label', () => {
  it('count at once for every exam, with and without images, on the list and not', async () => {
    expect(await masked()).toEqual([])
    await at.rules({ rules: [vip(), vip({ id: 'ward', kind: 'patient', ids: [], names: ['王五'] })] }, 0)
    expect((await masked()).sort()).toEqual(['A1', 'A3'])
    expect(await at.kept('wang', '1.1')).toMatchObject({ sensitivity: 'sensitive', because: 'label' })
    expect(await at.kept('wang', '1.2')).toBeNull()
    room.archive.studies = async () => []
    await at.rows('wang')
    expect(await at.kept('wang', '1.1')).toMatchObject({ sensitivity: 'sensitive' })
    await at.rules({ rules: [vip({ active: false })] }, 1)
    expect(await at.kept('wang', '1.1')).toBeNull()
    expect(await masked()).toEqual([])
  })

  it('never lower what an order or a person gave', async () => {
    await at.label('labelStudy', '1.1', 'highly-sensitive')
    await at.rules({ rules: [vip()] }, 0)
    expect(await at.kept('wang', '1.1', { clearance: 'sensitive' })).toMatchObject({
      sensitivity: 'highly-sensitive',
    })
  })

  it('stay with a patient whose number the hospital merges into another', async () => {
    await at.rules({ rules: [vip({ ids: ['OLD'] })] }, 0)
    expect(await masked()).toEqual([])
    const { createPatientMerges } = await import('../../../src/server/orders/patient-merges.ts')
    await room.foundation.store.db
      .transaction()
      .execute((trx) => createPatientMerges(room.foundation).add(trx, { merged: 'OLD', surviving: 'P1' }))
    expect(await masked()).toEqual(['A1'])
  })

  it('are changed from the version that they were read as, each change in the audit, none taken back', async () => {
    await at.rules({ rules: [vip()] }, 0)
    await expect(at.rules({ rules: [] }, 0)).rejects.toMatchObject({ code: 'conflict' })
    await at.rules({ rules: [vip({ label: 'highly-sensitive' })] }, 1)
    const history = await room.handlers.labelRulesHistory(at.as('li'))
    expect(history.map(({ version, changedBy }) => [version, changedBy])).toEqual([
      [2, '李医师'],
      [1, '李医师'],
    ])
    const [told] = (await room.audit.tail()).filter(({ action }) => action === 'label-rules.changed')
    expect(told?.detail).toMatchObject({
      changes: { changed: [{ from: { label: 'sensitive' }, to: { label: 'highly-sensitive' } }] },
    })
    const { db } = room.foundation.store
    await expect(db.deleteFrom('label_rule_versions').execute()).rejects.toThrow('append-only')
    await expect(db.updateTable('label_rule_versions').set({ changed_at: 1 }).execute()).rejects.toThrow(
      'append-only',
    )
  })

  it('lie sealed: nobody reads the VIP list in the database', async () => {
    await at.rules({ rules: [vip({ names: ['欧阳晓明'], ids: ['P-VIP-77'] })] }, 0)
    const rows = await room.foundation.store.db.selectFrom('label_rule_versions').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/欧阳|P-VIP-77|重点/)
    await at.label('labelPatient', '1.1', 'sensitive')
    const labels = await room.foundation.store.db.selectFrom('object_labels').selectAll().execute()
    expect(labels).toHaveLength(1)
    expect(JSON.stringify(labels)).not.toMatch(/"P1"|院内/)
  })

  it('make everything most restricted where they were damaged, until others take their place', async () => {
    await at.rules({ rules: [vip()] }, 0)
    const { db } = room.foundation.store
    const row = await db.selectFrom('label_rule_versions').selectAll().executeTakeFirstOrThrow()
    // As one row more, because none can be changed.
    await db
      .insertInto('label_rule_versions')
      .values({ ...row, version: 2 })
      .execute()
    expect((await masked()).sort()).toEqual(['A1', 'A2', 'A3'])
    expect(await at.kept('wang', '1.2', { clearance: 'sensitive' })).toMatchObject({ because: 'label' })
    // The damaged one is named; what the new one begins with is from the last that can be read.
    const shown = await room.handlers.labelRules(at.as('li'))
    expect(shown).toMatchObject({ version: 2, unreadable: { from: 1 }, rules: { rules: [vip()] } })
    await expect(at.rules({ rules: [] }, 1)).rejects.toMatchObject({ code: 'conflict' })
    expect((await room.audit.tail()).map(({ action }) => action)).toContain('integrity.failed')
    await at.rules({ rules: [vip()] }, 2)
    expect(await masked()).toEqual(['A1'])
    expect((await room.audit.tail())[0]).toMatchObject({
      action: 'label-rules.changed',
      detail: { replaced: 'unreadable', damaged: 2 },
    })
    expect(await room.handlers.labelRules(at.as('li'))).toMatchObject({ version: 3 })
    expect((await room.handlers.labelRules(at.as('li'))).unreadable).toBeUndefined()
  })

  it('are tried without any effect: how many exams each would label', async () => {
    const rules = { rules: [vip(), vip({ id: 'off', active: false }), vip({ id: 'both', names: ['李四'] })] }
    const { LabelRules } = await import('../../../src/shared/access/index.ts')
    const trial = await room.handlers.tryLabelRules({
      ...at.as('li', { roles: ['security-officer'] }),
      body: { rules: LabelRules.parse(rules) },
    })
    expect(trial).toEqual({
      exams: 3,
      perRule: [
        { id: 'vip', exams: 1 },
        { id: 'off', exams: 0 },
        { id: 'both', exams: 2 },
      ],
      labelled: { general: 1, sensitive: 2, 'highly-sensitive': 0 },
      raised: 2,
      lowered: 0,
    })
    expect(await masked()).toEqual([])
    expect((await room.audit.tail())[0]).toMatchObject({ action: 'label-rules.tried' })
  })
})

describe('labels of patients and reports', () => {
  it('of a patient are those of all their exams, merged numbers too', async () => {
    room.studies.set('1.4', aStudy('1.4', { accessionNumber: 'X4', patientId: 'P1' }))
    await at.label('labelPatient', '1.1', 'sensitive')
    expect((await masked()).sort()).toEqual(['A1', 'X4'])
    expect(await at.kept('wang', '1.4')).toMatchObject({ sensitivity: 'sensitive' })
    await at.label('labelPatient', '1.1', 'general')
    expect(await masked()).toEqual([])
  })

  it('that were changed count as the strictest', async () => {
    await at.label('labelPatient', '1.1', 'sensitive')
    const { db } = room.foundation.store
    const { sealed_label } = await db.selectFrom('object_labels').selectAll().executeTakeFirstOrThrow()
    const flipped = `${sealed_label.slice(0, -4)}${sealed_label.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    await db.updateTable('object_labels').set({ sealed_label: flipped }).execute()
    expect(await masked()).toEqual(['A1'])
    expect(await at.kept('wang', '1.1', { clearance: 'sensitive' })).toMatchObject({
      sensitivity: 'highly-sensitive',
    })
  })

  it('of a report may stand above the study: images open, words do not', async () => {
    await room.signOff('wang', '1.1', { findings: '未见异常。', impression: '' })
    await at.label('labelReport', '1.1', 'sensitive')
    expect(await at.kept('sun', '1.1')).toBeNull()
    const asked = at.as('sun').principal
    expect(await room.restriction(asked, '1.1', { permission: 'report.read' })).toMatchObject({
      sensitivity: 'sensitive',
    })
    // Who wrote it knows it.
    expect(await room.restriction(at.as('wang').principal, '1.1', { permission: 'report.read' })).toBeNull()
  })

  it('of a report follow from its words, wherever they are shown', async () => {
    const keyword = {
      id: 'hiv',
      name: '传染病',
      label: 'sensitive' as const,
      active: true,
      kind: 'keyword' as const,
      in: ['report' as const],
      values: ['气胸'],
    }
    await room.signOff('wang', '1.1', { findings: '张力性气胸。', impression: '' })
    const read = (who: string, clearance: 'general' | 'sensitive' = 'general') =>
      room.handlers.report({ ...at.as(who, { clearance }), params: { study: '1.1' } })
    const alerts = async () =>
      (await room.handlers.alerts({ ...at.as('sun'), query: { show: 'all', limit: 100 } })).alerts
    expect((await read('sun')).versions).toHaveLength(1)
    expect((await alerts())[0]?.content).toContain('气胸')
    await at.rules({ rules: [keyword] }, 0)
    await expect(read('sun')).rejects.toMatchObject({ code: 'study-restricted' })
    expect((await room.audit.tail())[0]).toMatchObject({ action: 'report.read', outcome: 'refused' })
    expect((await alerts())[0]?.content).toBe('')
    expect((await read('sun', 'sensitive')).versions).toHaveLength(1)
    expect((await read('wang')).versions).toHaveLength(1)
    expect(await at.kept('sun', '1.1')).toBeNull()
    // The exam is open, and the glass of its report is there to be broken: told, with the label of the words.
    const glass = (report?: boolean) =>
      room.handlers.breakGlass({
        ...at.as('sun'),
        params: { study: '1.1' },
        body: { reason: '急诊抢救', ...(report ? { report } : {}) },
      })
    await glass()
    await expect(read('sun')).rejects.toMatchObject({ code: 'study-restricted' })
    await glass(true)
    expect((await room.audit.tail())[0]).toMatchObject({
      action: 'study.glass-broken',
      detail: { reason: '急诊抢救', sensitivity: 'sensitive' },
    })
    expect(room.events.map(({ event }) => event.kind)).toContain('glass-broken')
    expect((await room.handlers.glassBreaks(at.as('li'))).map(({ who }) => who)).toEqual(['孙医师'])
    expect((await read('sun')).versions).toHaveLength(1)
    expect((await alerts())[0]?.content).toContain('气胸')
    // Whoever may read it breaks nothing.
    const before = (await room.audit.tail()).length
    await glass(true)
    expect(await room.audit.tail()).toHaveLength(before)
  })
})
