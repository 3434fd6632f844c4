import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEvidenceSigner } from '../../../src/server/audit/index.ts'
import { daysOf, periodOf } from '../../../src/server/audit-review/calendar.ts'
import { type AuditReview, createAuditReview } from '../../../src/server/audit-review/index.ts'
import { createReportSchedule, periodsDue } from '../../../src/server/audit-review/report/schedule.ts'
import { reportIdOf } from '../../../src/server/reports/standing.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const study = '1.2.100'
let room: ReadingRoom
let review: AuditReview
const text = (impression: string) => ({ findings: '双肺纹理清晰。', impression })

beforeAll(async () => {
  room = await openReadingRoom()
  await room.orders.importOrders([anOrder('ACC1', { studyInstanceUid: study, patientName: '尉迟珍珠' })], {
    kind: 'cli',
    id: 'test',
  })
  room.studies.set(study, aStudy(study, { accessionNumber: 'ACC1', patientName: '尉迟珍珠' }))
  review = createAuditReview(room.foundation, {
    accounts: { list: async () => [], displayNames: async () => new Map([['li', '李医师']]) },
    archive: room.archive,
    orders: room.orders,
    labelOf: async () => 'general',
    evidence: await openEvidenceSigner(room.foundation),
    checkpoints: { latest: async () => null, lastShipped: async () => null },
    shipping: async () => null,
    glassBreaks: async () => [],
    directory: `${room.foundation.dir}/audit-reports`,
    log: room.log,
  })
})
afterAll(() => room.foundation.close())

describe('a report before and after', () => {
  const look = () =>
    review.handlers.auditedReport(
      room.request('li', {
        params: { report: reportIdOf(room.protection, study) },
        query: undefined,
        body: undefined,
      }),
    )

  it('has every version, in order, with why it was amended, and that it is intact', async () => {
    await room.signOff('li', study, text('未见异常。'))
    const correction = { kind: 'correction', reason: '漏写右肺结节' } as const
    await room.signOff('li', study, text('右肺上叶小结节。'), undefined, correction)
    expect(await look()).toMatchObject({
      accessionNumber: 'ACC1',
      patient: '尉迟**',
      itemName: '胸部CT平扫',
      versions: [
        { version: 1, author: '李医师', reason: '', intact: true },
        {
          version: 2,
          reason: '漏写右肺结节',
          sections: [
            { name: 'findings', text: '双肺纹理清晰。' },
            { name: 'impression', text: '右肺上叶小结节。' },
          ],
          intact: true,
        },
      ],
    })
  })

  it('says which version is not what was signed, and shows the others', async () => {
    for (const { name } of (
      await sql<{
        name: string
      }>`select name from sqlite_master where type = 'trigger' and tbl_name = 'report_versions'`.execute(
        room.store.db,
      )
    ).rows)
      await sql`drop trigger ${sql.ref(name)}`.execute(room.store.db)
    await room.store.db
      .updateTable('report_versions')
      .set({ signature: 'AAAA' })
      .where('version', '=', 1)
      .execute()
    const { versions } = await look()
    expect(versions.map(({ version, intact }) => [version, intact])).toEqual([
      [1, false],
      [2, true],
    ])
    const { rows } = await review.search({
      actions: ['integrity.failed'],
      outcomes: [],
      subjects: [],
      order: 'newest',
      limit: 10,
    })
    expect(rows).toHaveLength(1)
  })
})

describe('urgent anomalies', () => {
  const standing = () =>
    room.store.db
      .selectFrom('alarms')
      .select(['subject', 'facts', 'count'])
      .where('kind', '=', 'anomaly')
      .where('cleared_at', 'is', null)
      .execute()

  it('raise one alarm each, without a name, which the review clears', async () => {
    for (let count = 0; count < 61; count += 1)
      await room.audit.record({
        action: 'study.opened',
        outcome: 'success',
        actor: { kind: 'account', id: 'li' },
        object: { kind: 'study', id: `9.9.${count}` },
        about: [{ kind: 'patient', id: `MANY-${count}` }],
      })
    await review.anomalies.watch()
    await review.anomalies.watch()
    const { now } = room.foundation.time
    const found = await review.anomalies.list({ from: now - 1000, to: now + 1000 })
    const one = found.find(({ kind }) => kind === 'mass-access')
    // The report's own patient is one of them.
    expect(one).toMatchObject({ accountName: '李医师', facts: { patients: 62, threshold: 60 } })
    expect(await standing()).toEqual([
      { subject: one?.id, facts: JSON.stringify({ kind: 'mass-access', count: one?.count }), count: 1 },
    ])
    const actor = { kind: 'account', id: 'auditor' } as const
    const said = { verdict: 'to-follow-up', note: '已电话核实' } as const
    await review.anomalies.review(one?.id ?? '', said, { accountId: 'auditor', name: '审计员' }, actor)
    expect(await standing()).toEqual([])
    await review.anomalies.watch()
    expect(await standing()).toEqual([])
  })

  it('the review of which was changed or moved counts no more', async () => {
    const { now } = room.foundation.time
    const mass = async () =>
      (await review.anomalies.list({ from: now - 1000, to: now + 1000 })).find(
        ({ kind }) => kind === 'mass-access',
      )
    expect((await mass())?.review).toMatchObject({ by: '审计员', note: '已电话核实' })
    const { store } = room
    await expect(store.db.deleteFrom('anomaly_reviews').execute()).rejects.toThrow('append-only')
    await expect(store.db.updateTable('anomaly_reviews').set({ reviewed_at: 1 }).execute()).rejects.toThrow(
      'append-only',
    )
    for (const { name } of (
      await sql<{
        name: string
      }>`select name from sqlite_master where type = 'trigger' and tbl_name = 'anomaly_reviews'`.execute(
        store.db,
      )
    ).rows)
      await sql`drop trigger ${sql.ref(name)}`.execute(store.db)
    await store.db.updateTable('anomaly_reviews').set({ sealed_review: 'v2.1.AAAA' }).execute()
    expect((await mass())?.review).toBeNull()
  })
})

describe('the schedule', () => {
  const local = (...parts: [number, number, number, number?]) => new Date(...parts).getTime()

  it('makes what is finished and was recorded: the last days, and the month', () => {
    const now = local(2026, 11, 1, 0)
    expect(periodsDue(now, local(2026, 10, 29, 12))).toEqual([
      { kind: 'daily', period: '2026-11-29' },
      { kind: 'daily', period: '2026-11-30' },
      { kind: 'monthly', period: '2026-11' },
    ])
    expect(periodsDue(now, 0)).toHaveLength(8)
    expect(periodsDue(now, now)).toEqual([])
    expect(periodsDue(local(2027, 0, 3), 0).at(-1)).toEqual({ kind: 'monthly', period: '2026-12' })
  })

  it('makes each once, and goes on after one that fails', async () => {
    const now = local(2026, 10, 24, 1)
    const made: string[] = []
    let fails = true
    const schedule = createReportSchedule({
      reports: {
        isMade: async ({ period }) => made.includes(period),
        make: async ({ period }) => {
          if (fails) throw new Error('disk full')
          made.push(period)
          return {} as never
        },
      },
      firstRecordAt: async () => local(2026, 10, 22),
      gatewayId: 'gw',
      clock: () => now,
      log: room.log,
    })
    await schedule.run()
    fails = false
    await schedule.run()
    await schedule.run()
    expect(made).toEqual(['2026-11-22', '2026-11-23'])
    made.length = 0
    await schedule.stop()
    await schedule.run()
    expect(made).toEqual([])
  })

  it('makes real files through the gateway’s own clock, once, and shows the month by day', async () => {
    room.foundation.time.now += 40 * 86_400_000
    await review.schedule.run()
    await review.schedule.run()
    const reports = await review.reports.list()
    expect(reports.filter(({ kind }) => kind === 'monthly')).toHaveLength(1)
    expect(new Set(reports.map(({ period }) => period)).size).toBe(reports.length)
    expect(reports.every(({ madeBy, review: said }) => madeBy === '' && said === null)).toBe(true)
  })
})

describe('the calendar', () => {
  it('has every day once, and none that there is not', () => {
    for (const bad of ['2026-02-30', '2026-13', '2026-00', '2025-02-29', '2026-11-31'])
      expect(periodOf(bad)).toBeNull()
    const year = { from: new Date(2028, 0, 1).getTime(), to: new Date(2029, 0, 1).getTime() }
    const days = daysOf(year.from, year.to)
    expect(days).toHaveLength(366)
    expect(new Set(days).size).toBe(366)
    let end = year.from
    for (const day of days) {
      const period = periodOf(day)
      expect(period?.from).toBe(end)
      end = period?.to ?? 0
    }
    expect(end).toBe(year.to)
  })
})
