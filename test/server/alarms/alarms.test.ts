import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { listen } from '../sessions/event-log.ts'

let gateway: TestGateway
let administrator: TestSession
let auditor: TestSession
let radiologist: TestSession
beforeAll(async () => {
  gateway = await startGateway()
  const desk = await gateway.workstation('office')
  administrator = await gateway.session(
    desk,
    await gateway.person('zhao.jing', { roles: ['system-administrator'] }),
  )
  auditor = await gateway.session(desk, await gateway.person('sun.jie', { roles: ['auditor'] }))
  radiologist = await gateway.session(desk, await gateway.person('li.wei'))
})
afterAll(() => gateway.close())

const list = async () => (await administrator.channel.call('alarms')).body

describe('alarms', () => {
  it('stand once, are counted on, and are shown for thirty days after they are cleared', async () => {
    const { alarms, store } = gateway.foundation
    let changes = 0
    alarms.onChange(() => {
      changes += 1
    })
    const one = { kind: 'disk-full', severity: 'warning', facts: { freeMiB: 100 } } as const
    await alarms.raise(one)
    await alarms.raise({ ...one, severity: 'serious', facts: { freeMiB: 10 } })
    expect(await list()).toMatchObject([
      {
        kind: 'disk-full',
        severity: 'serious',
        facts: { freeMiB: 10 },
        count: 2,
        clearedAt: null,
        acknowledged: null,
      },
    ])
    await alarms.clear('disk-full')
    await alarms.clear('disk-full')
    expect(await list()).toMatchObject([{ clearedAt: expect.any(Number) }])
    // Raised again, more serious than it was, and cleared: each told, and each recorded.
    expect(changes).toBe(3)
    const rows = await gateway.foundation.audit.tail(undefined, ['alarm.raised', 'alarm.cleared'])
    const told = rows.filter(({ object }) => object === 'alarm:disk-full')
    expect(told.map(({ action }) => action)).toEqual(['alarm.cleared', 'alarm.raised', 'alarm.raised'])
    await store.db
      .updateTable('alarms')
      .set({ cleared_at: Date.now() - 31 * 86_400_000 })
      .execute()
    expect(await list()).toEqual([])
  })

  it('are acknowledged once, with a note that is sealed and audited', async () => {
    await gateway.foundation.alarms.raise({ kind: 'backup-failed', severity: 'serious', subject: 'b1' })
    const [alarm] = await list()
    const acknowledge = (channel: TestSession['channel'], note = '磁盘已更换') =>
      channel.call('acknowledgeAlarm', { params: { id: alarm.id }, body: { note } })
    expect((await acknowledge(auditor.channel)).body.code).toBe('permission-denied')
    expect((await acknowledge(administrator.channel)).status).toBe(200)
    expect((await acknowledge(administrator.channel)).body.code).toBe('conflict')
    const [seen] = await list()
    expect(seen.acknowledged).toMatchObject({ by: '姓名 zhao.jing', note: '磁盘已更换' })
    const row = await gateway.foundation.store.db
      .selectFrom('alarms')
      .selectAll()
      .where('id', '=', alarm.id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain('磁盘')
    const [again, record] = await gateway.foundation.audit.tail(undefined, ['alarm.acknowledged'])
    expect(again).toMatchObject({ outcome: 'refused', detail: { code: 'conflict' } })
    expect(record).toMatchObject({ object: 'alarm:backup-failed:b1', detail: { note: '磁盘已更换' } })
    const unknown = { params: { id: 'nothing' }, body: { note: 'note' } }
    expect((await administrator.channel.call('acknowledgeAlarm', unknown)).body.code).toBe('not-found')
  })

  it('whose note was changed on the disk are shown without it, and the damage is told', async () => {
    await gateway.foundation.store.db
      .updateTable('alarms')
      .set({ sealed_note: 'v1.AAAA' })
      .where('kind', '=', 'backup-failed')
      .execute()
    expect((await list())[0]).toMatchObject({ kind: 'backup-failed', acknowledged: { note: '' } })
    await list()
    const told = await gateway.foundation.audit.tail(undefined, ['integrity.failed'])
    expect(told).toHaveLength(1)
    expect(told[0]?.object).toContain('alarms')
  })

  it('do not stop what raises them when they cannot be written', async () => {
    const { alarms } = gateway.foundation
    await expect(
      alarms.raise({ kind: 'disk-full', severity: 'warning', facts: { self: 1n as unknown as number } }),
    ).resolves.toBeUndefined()
  })

  it('are told to officers who are signed in, and to nobody else', async () => {
    const officer = await listen(administrator)
    const reader = await listen(radiologist)
    const told = ({ events }: typeof officer) => events.filter(({ kind }) => kind === 'alarm-changed').length
    await gateway.foundation.alarms.raise({ kind: 'anomaly', severity: 'warning' })
    await gateway.foundation.alarms.raise({ kind: 'anomaly', severity: 'warning' })
    await expect.poll(() => told(officer), { timeout: 5000 }).toBe(1)
    const [alarm] = await list()
    await administrator.channel.call('acknowledgeAlarm', {
      params: { id: alarm.id },
      body: { note: '已处理' },
    })
    await expect.poll(() => told(officer), { timeout: 5000 }).toBe(2)
    expect(told(reader)).toBe(0)
    officer.stream.destroy()
    reader.stream.destroy()
  })
})
