import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resealRows, sealRows } from '../../../src/server/integrity/index.ts'
import { openStore, whole } from '../../../src/server/store/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { pastSeals } from '../tampering.ts'
import { lookedAt } from './looked-at.ts'

let gateway: Awaited<ReturnType<typeof openTestFoundation>>
beforeEach(async () => {
  gateway = await openTestFoundation()
  const { db } = gateway.store
  for (const subject of ['account:a', 'account:b', 'account:c'])
    await db
      .insertInto('lockouts')
      .values({ subject, failures: 5, last_failure_at: 1, locked_until: 99 })
      .execute()
  await db
    .insertInto('user_settings')
    .values({ account_id: 'x', area: 'y', sealed_value: sealed('x/y'), updated_at: 1 })
    .execute()
  await gateway.audit.record({ action: 'test.done', outcome: 'success', actor: { kind: 'cli', id: 't' } })
})
afterEach(() => gateway.close())

const sealed = (row: string) =>
  gateway.protection.seal({ table: 'user_settings', column: 'sealed_value', row }, '{}')
const file = () => `${gateway.dir}/vigil.db`
function attack<T>(work: (database: Database.Database) => T): T {
  const database = new Database(file())
  try {
    return pastSeals(database, work)
  } finally {
    database.close()
  }
}
const lockedOut = () =>
  whole(gateway.store.db)
    .selectFrom('lockouts')
    .selectAll()
    .where('subject', '=', 'account:a')
    .executeTakeFirst()

describe('the seals of rows', () => {
  it('hold for what the product wrote, changed and took away', async () => {
    const { db } = gateway.store
    await db.updateTable('lockouts').set({ failures: 6 }).where('subject', '=', 'account:a').execute()
    await db.deleteFrom('lockouts').where('subject', '=', 'account:b').execute()
    const again = { subject: 'account:c', failures: 1, last_failure_at: 2, locked_until: null }
    await db
      .insertInto('lockouts')
      .values(again)
      .onConflict((conflict) => conflict.column('subject').doUpdateSet({ failures: 1 }))
      .execute()
    await expect(
      gateway.store.transaction(async (trx) => {
        await trx.deleteFrom('lockouts').execute()
        throw new Error('taken back')
      }),
    ).rejects.toThrow('taken back')
    expect(await lookedAt(gateway)).toEqual([])
    expect((await lockedOut())?.failures).toBe(6)
  })

  it('cannot be written by a program that knows no key', () => {
    const database = new Database(file())
    for (const statement of [
      `update lockouts set locked_until = null`,
      `delete from lockouts`,
      `insert into lockouts values ('account:z', 0, 0, null)`,
    ])
      expect(() => database.exec(statement)).toThrow(/no such function: vigil_|no such function/)
    database.close()
  })

  it.each([
    [
      'a value changed',
      `update lockouts set locked_until = null where subject = 'account:a'`,
      'lockouts.row/account:a: changed',
    ],
    [
      'a number made a text',
      `update lockouts set failures = 'a' where subject = 'account:a'`,
      'lockouts.row/account:a: changed',
    ],
    [
      'a row taken away',
      `delete from lockouts where subject = 'account:a'`,
      'lockouts.row/account:a: missing',
    ],
    ['a row added', `insert into lockouts values ('account:z', 0, 0, null)`, 'lockouts.row/account:z: added'],
    [
      'a row added below all others',
      `insert into lockouts (rowid, subject, failures, last_failure_at) values (-5, 'account:z', 0, 0)`,
      'lockouts.row/account:z: added',
    ],
    [
      'a row taken away with its seal',
      `delete from lockouts where subject = 'account:a'; delete from row_seals where key = 'account:a'`,
      'lockouts.rows/*: rows-missing',
    ],
    [
      'two rows exchanged, seals and all',
      `update lockouts set subject = 'q' where subject = 'account:a';
       update lockouts set subject = 'account:a', failures = 7 where subject = 'account:b';
       update lockouts set subject = 'account:b' where subject = 'q'`,
      'lockouts.row/account:a: changed',
    ],
    [
      'the seal of a table gone',
      `delete from table_seals where name = 'lockouts'`,
      'lockouts.rows/*: seal-lost',
    ],
    [
      'the seal of another table in its place',
      `update table_seals set seal = (select seal from table_seals where name = 'accounts') where name = 'lockouts'`,
      'lockouts.rows/*: seal-lost',
    ],
    [
      'the seal of all tables gone',
      `delete from table_seals where name = '*'`,
      'table_seals.rows/*: seal-lost',
    ],
  ])('tell %s', async (_, statement, found) => {
    attack((database) => database.exec(statement))
    expect(await lookedAt(gateway)).toContain(found)
  })

  it('tell a row that was put back as it was once, with its seal of then', async () => {
    const then = attack((database) => ({
      row: database.prepare(`select * from lockouts where subject = 'account:a'`).get(),
      seal: database.prepare(`select * from row_seals where key = 'account:a'`).get(),
      table: database.prepare(`select seal from table_seals where name = 'lockouts'`).pluck().get(),
      all: database.prepare(`select seal from table_seals where name = '*'`).pluck().get(),
    }))
    await gateway.store.db
      .updateTable('lockouts')
      .set({ failures: 9 })
      .where('subject', '=', 'account:a')
      .execute()
    await gateway.audit.record({ action: 'test.done', outcome: 'success', actor: { kind: 'cli', id: 't' } })
    attack((database) => {
      database.prepare(`update lockouts set failures = 5 where subject = 'account:a'`).run()
      database.prepare('update row_seals set mac = @mac where tbl = @tbl and key = @key').run(then.seal)
    })
    expect(await lookedAt(gateway)).toEqual(['lockouts.rows/*: rows-exchanged'])
    attack((database) =>
      database.prepare(`update table_seals set seal = ? where name = 'lockouts'`).run(then.table),
    )
    expect(await lookedAt(gateway)).toEqual(['table_seals.rows/*: rows-exchanged'])
    attack((database) => database.prepare(`update table_seals set seal = ? where name = '*'`).run(then.all))
    // Whole in itself, and older than what the audit says.
    expect(await lookedAt(gateway)).toEqual(['table_seals.rows/*: rolled-back'])
  })

  it('are not made good by what the product writes to a row that was changed, or in the place of one taken away', async () => {
    attack((database) =>
      database.exec(`update lockouts set locked_until = 7 where subject = 'account:a';
        delete from lockouts where subject = 'account:b'`),
    )
    const { db } = gateway.store
    await db.updateTable('lockouts').set({ failures: 1 }).where('subject', '=', 'account:a').execute()
    await db
      .insertInto('lockouts')
      .values({ subject: 'account:b', failures: 1, last_failure_at: 1, locked_until: null })
      .execute()
    expect((await lookedAt(gateway)).sort()).toEqual([
      'lockouts.row/account:a: changed',
      'lockouts.row/account:b: changed',
    ])
    await expect(lockedOut()).rejects.toMatchObject({ place: { table: 'lockouts', row: 'account:a' } })
  })
})

describe('a read of rows as they were sealed', () => {
  it('fails at one that is not, names it, and gives the others', async () => {
    attack((database) => database.exec(`update lockouts set locked_until = null where subject = 'account:b'`))
    expect(await lockedOut()).toMatchObject({ locked_until: 99 })
    const all = whole(gateway.store.db).selectFrom('lockouts as l').select('l.locked_until').execute()
    await expect(all).rejects.toMatchObject({
      name: 'IntegrityError',
      place: { table: 'lockouts', row: 'account:b' },
    })
    const joined = whole(gateway.store.db)
      .selectFrom('user_settings')
      .leftJoin('lockouts', (join) => join.on(sql`1`, '=', sql`1`))
      .select('lockouts.subject')
      .execute()
    await expect(joined).rejects.toMatchObject({ place: { table: 'lockouts' } })
    expect(await gateway.store.db.selectFrom('lockouts').selectAll().execute()).toHaveLength(3)
  })
})

describe('rows from before there were seals', () => {
  it('are taken as they stand, once, and never again', async () => {
    attack((database) => database.exec('delete from row_seals; delete from table_seals'))
    // The newest audit record says that there were seals: nothing is taken.
    expect(await sealRows(gateway)).toEqual(new Map())
    expect(await lookedAt(gateway)).toContain('lockouts.row/account:a: added')
    attack((database) => {
      database.exec('drop trigger audit_no_delete; delete from audit')
      for (const name of ['audit-head']) database.prepare('delete from settings where name = ?').run(name)
    })
    const adopted = await sealRows(gateway)
    expect(adopted.get('lockouts')).toBe(3)
    expect(await lookedAt(gateway)).toEqual(['schema.trigger/audit_no_delete: missing'])
  })

  it('and columns that a new version adds are sealed too; what was damaged before stays so', async () => {
    attack((database) => {
      database.exec(`update lockouts set failures = 0 where subject = 'account:b'`)
      database.exec(`alter table lockouts add column note text not null default 'new'`)
    })
    const store = await openStore(file())
    try {
      await sealRows({ store, protection: gateway.protection })
      // The column is none of the product's: that is told as well.
      expect(await lookedAt({ store, protection: gateway.protection })).toEqual([
        'schema.table/lockouts: changed',
        'schema.trigger/sealed_lockouts_insert: changed',
        'schema.trigger/sealed_lockouts_update: changed',
        'lockouts.row/account:b: changed',
      ])
    } finally {
      await store.close()
    }
  })
})

describe('a new generation of the row key', () => {
  it('is under every MAC after they are made anew', async () => {
    attack((database) => database.exec(`update lockouts set failures = 0 where subject = 'account:b'`))
    expect(await resealRows(gateway, { slice: 2 })).toBeGreaterThan(3)
    expect(await lookedAt(gateway)).toEqual(['lockouts.row/account:b: changed'])
  })
})

it('costs little: rows written a second, with seals and without', async () => {
  const { db } = gateway.store
  const many = 2000
  const timed = async () => {
    const began = performance.now()
    await gateway.store.transaction(async (trx) => {
      for (let n = 0; n < many; n += 1)
        await trx.updateTable('lockouts').set({ failures: n }).where('subject', '=', 'account:a').execute()
    })
    return ((performance.now() - began) * 1000) / many
  }
  await timed()
  const sealedUs = await timed()
  await sql`drop trigger sealed_lockouts_update`.execute(db)
  const bareUs = await timed()
  console.log(`one row changed: ${sealedUs.toFixed(0)} µs sealed, ${bareUs.toFixed(0)} µs without`)
  expect(sealedUs - bareUs).toBeLessThan(1000)
})
