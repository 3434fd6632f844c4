import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts, createCredentials } from '../../src/server/identity/index.ts'
import type { Role } from '../../src/shared/access/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { params } from './patient.ts'

/**
 * What says who may do what lies in the clear, so that it can be looked up. Somebody with a program for SQLite, who takes the
 * triggers away and puts them back, changes it while the gateway runs: refused where it is read, told where it is not.
 */
let gateway: ComposedGateway
const sessions = new Map<Role, Session>()
const by = { kind: 'cli', id: 'test' } as const
beforeAll(async () => {
  gateway = await composeGateway()
  for (const role of ['radiologist', 'technologist', 'auditor', 'security-officer'] as const)
    sessions.set(role, await gateway.session(gateway.people[role]))
  await gateway.beside(async (foundation) => {
    const { holders, passwords, totps, fallback } = createCredentials(foundation, {
      endSession: async () => {},
    })
    const holder = await holders.byId(gateway.people.resident.accountId)
    const change = await passwords.prepareChange(holder, 'mQ7#tLx2vB')
    await foundation.store.transaction(async (trx) => {
      await change(trx, by)
      await totps.issue(trx, holder)
    })
    await fallback.grant(
      holder,
      { hours: 1, reason: 'lost key', newTotp: false },
      { accountId: '', actor: by },
    )
    await foundation.store.db
      .insertInto('lockouts')
      .values({ subject: 'account:x', failures: 5, last_failure_at: 1, locked_until: 9e15 })
      .execute()
  })
  const label = { sensitivity: 'sensitive', reason: '职工本人' }
  const { channel } = sessions.get('radiologist')!
  expect((await channel.call('claimExam', { params, body: { takeOver: false } })).status).toBe(200)
  expect((await channel.call('labelStudy', { params, body: label })).status).toBe(200)
})
afterAll(() => gateway.remove())
beforeEach(async () => expect(await gateway.integrity().watch.look()).toBe(0))

const call = (role: Role) => sessions.get(role)!.channel.call('session')
const told = async (table: string) => {
  const rows = await auditRows(sessions.get('auditor')!.channel)
  return rows.filter(({ action, object }) => action === 'integrity.failed' && object.startsWith(`${table}:`))
}
type Row = Record<string, string | number | null>

/** Runs `work` after the attack, and puts the tables back as they were, seals and all. */
async function attacked(
  tables: readonly string[],
  attack: (database: Database.Database) => unknown,
  work: () => Promise<void>,
): Promise<void> {
  const kept = [...tables, 'row_seals', 'table_seals']
  const before = onDisk((database) =>
    kept.map((table) => database.prepare(`select * from ${table}`).all() as Row[]),
  )
  pastGuards(tables, attack)
  try {
    await work()
  } finally {
    // Only the tables attacked: the gateway goes on writing to others.
    pastGuards(tables, (database) => {
      for (const [index, table] of tables.entries()) {
        database.prepare(`delete from ${table}`).run()
        database.prepare(`delete from row_seals where tbl = ?`).run(table)
        for (const row of before[index] ?? []) insert(database, table, row)
        for (const row of before[tables.length] ?? [])
          if (row.tbl === table) insert(database, 'row_seals', row)
        const seal = before[tables.length + 1]?.find(({ name }) => name === table)?.seal
        database.prepare('update table_seals set seal = ? where name = ?').run(seal, table)
      }
    })
  }
}

function insert(database: Database.Database, table: string, row: Row): void {
  const columns = Object.keys(row)
  database
    .prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    .run(...Object.values(row))
}

function onDisk<T>(work: (database: Database.Database) => T): T {
  const database = new Database(gateway.paths.database)
  database.pragma('foreign_keys = off')
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** Without the triggers that keep these tables' seals, or refuse changes. */
function pastGuards(tables: readonly string[], work: (database: Database.Database) => unknown): void {
  onDisk((database) => {
    const triggers = database
      .prepare(`select name, sql, tbl_name from sqlite_schema where type = 'trigger'`)
      .all() as { name: string; sql: string; tbl_name: string }[]
    const guards = triggers.filter(({ tbl_name }) => [...tables, 'row_seals'].includes(tbl_name))
    database.transaction(() => {
      for (const { name } of guards) database.exec(`drop trigger "${name}"`)
      work(database)
      for (const { sql } of guards) database.exec(sql)
    })()
  })
}

const damaged = (table: string) => ({ status: 500, body: { code: 'internal', facts: { damaged: table } } })
const of = (role: Role) => gateway.people[role as keyof typeof gateway.people].accountId

describe('authority that was changed on the disk', () => {
  it.each([
    ['roles', `roles = '["security-officer"]'`],
    ['clearance', `clearance = 'highly-sensitive'`],
    ['emergency', 'emergency = 1'],
  ])('an account’s %s gives nothing: who has it is refused', async (_, set) => {
    await attacked(
      ['accounts'],
      (database) => database.prepare(`update accounts set ${set} where id = ?`).run(of('technologist')),
      async () => {
        expect(await call('technologist')).toMatchObject(damaged('accounts'))
        expect(await call('radiologist')).toMatchObject({ status: 200 })
        expect(await told('accounts')).not.toHaveLength(0)
      },
    )
    expect(await call('technologist')).toMatchObject({ status: 200 })
  })

  it('lets nobody sign in whose account was enabled again, or whose key was made to speak for another', async () => {
    const { people } = gateway
    await gateway.beside(async (foundation) => {
      await createAccounts(foundation).disable(of('resident'), 'left', by)
    })
    await expect(gateway.session(people.resident)).rejects.toThrow('account-disabled')
    await attacked(
      ['accounts'],
      (database) => database.prepare('update accounts set disabled = 0 where id = ?').run(of('resident')),
      () => expect(gateway.session(people.resident)).rejects.toThrow('internal'),
    )
    await gateway.beside(async (foundation) => createAccounts(foundation).enable(of('resident'), 'back', by))
    for (const set of [`account_id = '${of('security-officer')}'`, 'bound_at = 1'])
      await attacked(
        ['account_certificates'],
        (database) => {
          database.prepare(`update account_certificates set ${set} where account_id = ?`).run(of('resident'))
        },
        () => expect(gateway.session(people.resident)).rejects.toThrow('internal'),
      )
    await expect(gateway.session(people.resident)).resolves.toMatchObject({ id: expect.any(String) })
  })

  it('lets no session go on that was prolonged, opened again, or given to another account', async () => {
    for (const set of [
      'expires_at = expires_at + 1',
      `state = 'active', locked_at = 1`,
      `account_id = '${of('security-officer')}', state = 'ended'`,
      `roles = '["auditor"]'`,
      'last_activity_at = last_activity_at + 1',
    ])
      await attacked(
        ['sessions'],
        (database) =>
          database.prepare(`update sessions set ${set} where account_id = ?`).run(of('technologist')),
        async () => expect(await call('technologist')).toMatchObject(damaged('sessions')),
      )
  })

  it('lets no workstation in that was suspended and is not any more', async () => {
    await attacked(
      ['workstations'],
      (database) =>
        database.prepare('update workstations set suspended_at = null, revoked_at = null, name = ?').run('x'),
      async () => {
        expect(await call('technologist')).toMatchObject(damaged('workstations'))
      },
    )
  })
})

it('everything that a gateway stores is scrubbed by it', () => {
  const names = gateway.integrity().sources.map(({ name }) => name)
  expect(names).toEqual(['backup', 'drill', 'audit-archive', 'audit-report', 'object', 'file'])
})

describe('the tables of authority', () => {
  const tables = [
    'accounts',
    'account_certificates',
    'account_passwords',
    'account_totp',
    'fallback_grants',
    'lockouts',
    'workstations',
    'enrolment_codes',
    'sessions',
    'security_policies',
    'study_labels',
    'study_claims',
    'dictionary_versions',
  ]
  const look = () => gateway.integrity().watch.look()
  const rowsOf = (table: string) =>
    onDisk((database) => database.prepare(`select * from ${table}`).all() as Row[])

  it.each(tables)(
    '%s: each column changed, a row taken away, with its seal too, and one added is told',
    async (table) => {
      const [row] = rowsOf(table)
      expect(row, `${table} has a row to attack`).toBeDefined()
      const found = async (attack: string) => {
        let many = 0
        await attacked(
          [table],
          (database) => {
            database.exec(attack)
          },
          async () => {
            many = await look()
          },
        )
        return many
      }
      const first = `rowid = (select min(rowid) from ${table})`
      for (const [column, value] of Object.entries(row ?? {})) {
        const other = typeof value === 'number' ? value + 1 : `'x${value ?? ''}'`
        expect(
          await found(`update or ignore ${table} set "${column}" = ${other} where ${first}`),
          column,
        ).toBeGreaterThan(0)
      }
      expect(await found(`delete from ${table} where ${first}`)).toBeGreaterThan(0)
      expect(
        await found(`delete from ${table}; delete from row_seals where tbl = '${table}'`),
      ).toBeGreaterThan(0)
      const columns = Object.keys(row ?? {})
      const copied = columns.map((column) => {
        const value = row?.[column]
        if (/index|fingerprint|^id$|subject|version|code|^state|^account_id$/.test(column))
          return typeof value === 'number' ? String(value + 1000) : `'copy${value}'`
        return `"${column}"`
      })
      expect(
        await found(`insert into ${table} (${columns.map((name) => `"${name}"`).join(', ')})
        select ${copied.join(', ')} from ${table} where ${first}`),
      ).toBeGreaterThan(0)
    },
  )

  it('a row put back as it once was, with its seal, is told', async () => {
    const then = onDisk((database) => ({
      row: database.prepare(`select * from lockouts where subject = 'account:x'`).get() as Row,
      seal: database
        .prepare(`select * from row_seals where tbl = 'lockouts' and key = 'account:x'`)
        .get() as Row,
    }))
    await gateway.beside(async ({ store }) => {
      await store.db.updateTable('lockouts').set({ failures: 6 }).where('subject', '=', 'account:x').execute()
    })
    await attacked(
      ['lockouts'],
      (database) => {
        database.exec(
          `delete from lockouts where subject = 'account:x'; delete from row_seals where key = 'account:x'`,
        )
        insert(database, 'lockouts', then.row)
        insert(database, 'row_seals', then.seal)
      },
      async () => expect(await look()).toBeGreaterThan(0),
    )
  })
})
