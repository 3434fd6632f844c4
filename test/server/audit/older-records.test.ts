import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { indexOlderRecords } from '../../../src/server/audit/index.ts'
import { openTestFoundation } from '../foundation.ts'

it('indexes the records of a release that had no index, once in a database’s life', async () => {
  const gateway = await openTestFoundation()
  try {
    for (let n = 0; n < 5; n += 1)
      await gateway.audit.record({
        action: 'study.opened',
        outcome: 'success',
        actor: { kind: 'account', id: 'a' },
        object: { kind: 'study', id: '1.2.3' },
      })
    const raw = new Database(`${gateway.dir}/vigil.db`)
    const takeAway = () =>
      raw.exec('drop trigger if exists audit_subjects_no_delete; delete from audit_subjects')
    const faults = async () => (await gateway.audit.verify()).faults.map(({ fault }) => fault)

    takeAway()
    expect(await faults()).toContain('unindexed')
    await indexOlderRecords(gateway)
    expect(await faults()).toEqual([])
    expect((await gateway.audit.tail())[0]).toMatchObject({ action: 'audit.indexed', detail: { records: 5 } })

    // Whoever takes entries away later cannot have them made good by opening the directory again.
    takeAway()
    await indexOlderRecords(gateway)
    expect(await faults()).toContain('unindexed')
    raw.close()
  } finally {
    await gateway.close()
  }
})
