import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { createClaims } from '../../../src/server/claims/index.ts'
import { firstVersion } from '../../../src/server/critical/dictionary/lifecycle.ts'
import { createVersionRows } from '../../../src/server/critical/dictionary/version-rows.ts'
import { createAccounts } from '../../../src/server/identity/index.ts'
import { openPolicies } from '../../../src/server/policy/index.ts'
import {
  createBrokenGlass,
  createGivenLabels,
  createObjectLabels,
  createRuleVersions,
} from '../../../src/server/sensitivity/index.ts'
import { LabelRules } from '../../../src/shared/access/index.ts'
import { openTestFoundation } from '../foundation.ts'

/**
 * What labels, claims, rules, policy and dictionary stand on is checked as it is read: a column in the clear that another program changed,
 * which its encrypted value does not hold, makes the row count for nothing at once, alarmed and recorded.
 */
let gateway: Awaited<ReturnType<typeof openTestFoundation>>
const actor = { kind: 'account', id: 'somebody' } as const
beforeAll(async () => {
  gateway = await openTestFoundation()
})
afterAll(() => gateway.close())

/** Runs `work` with a column of the only row of a table changed behind the gateway. */
async function changed<T>(table: string, column: string, work: () => Promise<T>): Promise<T> {
  const write = (change: string) => {
    const database = new Database(`${gateway.dir}/vigil.db`)
    const triggers = database
      .prepare(`select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ?`)
      .all(table) as { name: string; sql: string }[]
    for (const { name } of triggers) database.exec(`drop trigger "${name}"`)
    expect(database.prepare(`update ${table} set ${column} = ${column} ${change}`).run().changes).toBe(1)
    for (const { sql } of triggers) database.exec(sql)
    database.close()
  }
  write('+ 1')
  try {
    return await work()
  } finally {
    write('- 1')
  }
}
const told = async (table: string) =>
  (await gateway.audit.tail()).filter(
    ({ action, object }) => action === 'integrity.failed' && object.startsWith(`${table}:`),
  ).length

describe('a row that was changed in the clear', () => {
  it('is the most restricted label, of a study or a patient, until it is given anew', async () => {
    const given = createGivenLabels(gateway)
    await given.give({ studyIndex: 's', sensitivity: 'sensitive', reason: '职工本人' }, actor)
    const read = async () => (await given.read()).get('s')
    expect(await changed('study_labels', 'changed_at', read)).toBe('highly-sensitive')
    expect(await told('study_labels')).toBe(1)
    expect(await read()).toBe('sensitive')

    const labels = createObjectLabels(gateway)
    const reports = async () => (await labels.reports()).get('r')
    const label = { kind: 'report', index: 'r', id: '1.2.3', reason: '职工本人' } as const
    await labels.give({ ...label, sensitivity: 'general' }, actor)
    expect(await changed('object_labels', 'changed_at', reports)).toBe('highly-sensitive')
    expect(await told('object_labels')).toBe(1)
    await changed('object_labels', 'changed_at', async () => {
      await labels.give({ ...label, sensitivity: 'sensitive' }, actor)
      expect(await reports()).toBe('sensitive')
    })
  })

  it('is no rule to label by: everything is most restricted', async () => {
    const versions = createRuleVersions(gateway)
    await versions.change({ rules: LabelRules.parse({}), baseVersion: 0 }, { accountId: 'a', actor })
    expect(await changed('label_rule_versions', 'changed_at', versions.current)).toBeNull()
    expect(await told('label_rule_versions')).toBe(1)
    expect(await versions.current()).toMatchObject({ version: 1 })
  })

  it('opens no study by a broken glass', async () => {
    const glass = createBrokenGlass(gateway)
    const broken = { accountId: 'a', sessionId: 'x', studyIndex: 's', reason: '抢救会诊需要' }
    await glass.break(broken, actor)
    const another = createBrokenGlass(gateway)
    await changed('glass_breaks', 'broken_at', async () => {
      expect(await another.isOpenTo('x', 's')).toBe(false)
    })
    expect(await told('glass_breaks')).toBe(1)
  })

  it('is no claim to an exam, and keeps nobody from it', async () => {
    const claims = createClaims(gateway, {
      announcements: { announce: () => {} },
      archive: { study: async () => ({}) as never },
      holders: async () => new Map(),
      displayNames: async () => new Map(),
    })
    const claim = (account: string) =>
      gateway.store.transaction((trx) =>
        claims
          .follow(trx, { studyInstanceUid: '1.2.3', holder: account }, actor)
          .then(() => gateway.audit.append(trx, { action: 'test.done', outcome: 'success', actor })),
      )
    const accounts = createAccounts(gateway)
    const [a, b] = await Promise.all(
      ['甲', '乙'].map((displayName, n) =>
        accounts.create({ loginName: `reader${n}`, displayName, roles: ['radiologist'] }, actor),
      ),
    )
    await claim(a ?? '')
    await changed('study_claims', 'claimed_at', async () => {
      expect((await claims.read()).size).toBe(0)
      expect(await told('study_claims')).toBe(1)
      await claim(b ?? '')
      expect([...(await claims.read()).values()]).toMatchObject([{ accountId: b }])
    })
  })

  it('is no policy: a gateway that runs keeps its own and says so, another does not start, and none is changed from it', async () => {
    const starting = gateway.config.startingPolicy
    const policies = await openPolicies({ ...gateway, starting })
    await changed('security_policies', 'changed_at', async () => {
      await policies.refresh()
      expect(await told('security_policies')).toBe(1)
      expect(policies.current()).toEqual(starting)
      await expect(openPolicies({ ...gateway, starting })).rejects.toMatchObject({ name: 'IntegrityError' })
      const change = policies.change({ policy: starting, baseVersion: 1 }, { accountId: 'a', actor })
      await expect(change).rejects.toMatchObject({
        code: 'internal',
        facts: { damaged: 'security_policies' },
      })
    })
  })

  it('is no dictionary', async () => {
    const rows = createVersionRows(gateway)
    const { version, ...content } = defaultDictionary as never as { version: string } & Parameters<
      typeof firstVersion
    >[1]
    await rows.insert(gateway.store.db, firstVersion(version, content, { by: 'gateway', at: 1 }))
    expect((await rows.newestPublished(gateway.store.db))?.version).toBe(version)
    const seal = `update row_seals set mac = mac || 'x' where tbl = 'dictionary_versions'`
    const database = new Database(`${gateway.dir}/vigil.db`)
    const triggers = database
      .prepare(`select name, sql from sqlite_schema where type = 'trigger' and tbl_name = 'row_seals'`)
      .all() as { name: string; sql: string }[]
    for (const { name } of triggers) database.exec(`drop trigger "${name}"`)
    database.exec(seal)
    for (const { sql } of triggers) database.exec(sql)
    database.close()
    await expect(rows.newestPublished(gateway.store.db)).rejects.toMatchObject({
      name: 'IntegrityError',
      place: { table: 'dictionary_versions', row: version },
    })
  })
})
