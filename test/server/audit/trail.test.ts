import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestFoundation } from '../foundation.ts'
import { pastSeals } from '../tampering.ts'

type Foundation = Awaited<ReturnType<typeof openTestFoundation>>

describe('audit trail', () => {
  let gateway: Foundation
  beforeEach(async () => {
    gateway = await openTestFoundation()
    for (let n = 1; n <= 5; n += 1) {
      await gateway.audit.record({
        action: 'test.done',
        outcome: 'success',
        actor: { kind: 'cli', id: 'tester' },
        object: { kind: 'thing', id: String(n) },
        detail: { patient: '王小明', n },
      })
    }
  })
  afterEach(() => gateway.close())

  /** Somebody with the file and no respect for triggers. */
  function attack(sql: string): void {
    const raw = new Database(`${gateway.dir}/vigil.db`)
    raw.exec('drop trigger if exists audit_no_update; drop trigger if exists audit_no_delete;')
    pastSeals(raw, (database) => database.exec(sql))
    raw.close()
  }
  const fault = async () => (await gateway.audit.verify()).faults[0]

  it('verifies a whole chain and reads it back, newest first', async () => {
    expect(await gateway.audit.verify()).toEqual({ rows: 5, faults: [] })
    const [newest] = await gateway.audit.tail()
    expect(newest).toMatchObject({ seq: 5, actor: 'cli:tester', object: 'thing:5', detail: { n: 5 } })
    expect((await gateway.audit.tail(3)).map((row) => row.seq)).toEqual([2, 1])
  })

  it('keeps details as ciphertext', () => {
    const raw = new Database(`${gateway.dir}/vigil.db`, { readonly: true })
    expect(JSON.stringify(raw.prepare('select * from audit').all())).not.toMatch(/王小明|tester/)
    raw.close()
  })

  it('refuses update and delete in the database itself', async () => {
    await expect(gateway.store.db.updateTable('audit').set({ at: 0 }).execute()).rejects.toThrow(
      'append-only',
    )
    await expect(gateway.store.db.deleteFrom('audit').execute()).rejects.toThrow('append-only')
  })

  it('commits with the change that it records, or not at all', async () => {
    await expect(
      gateway.store.transaction(async (trx) => {
        await gateway.audit.append(trx, { action: 'x', outcome: 'success', actor: { kind: 'cli', id: 't' } })
        throw new Error('the business change failed')
      }),
    ).rejects.toThrow()
    expect(await gateway.audit.verify()).toEqual({ rows: 5, faults: [] })
  })

  it.each([
    ['a changed column', `update audit set outcome = 'refused' where seq = 3`, { seq: 3, fault: 'changed' }],
    ['a changed time', `update audit set at = at + 1 where seq = 3`, { seq: 3, fault: 'changed' }],
    [
      'a detail moved from another row',
      `update audit set sealed_detail = (select sealed_detail from audit where seq = 2) where seq = 3`,
      { seq: 3, fault: 'changed' },
    ],
    ['a missing row', `delete from audit where seq = 3`, { seq: 3, fault: 'deleted' }],
    ['a missing first row', `delete from audit where seq = 1`, { seq: 1, fault: 'deleted' }],
    [
      'a missing row with the rest renumbered',
      `delete from audit where seq = 3; update audit set seq = seq - 1 where seq > 3`,
      { seq: 3, fault: 'deleted' },
    ],
    [
      'two rows swapped',
      `update audit set seq = -1 where seq = 2; update audit set seq = 2 where seq = 3; update audit set seq = 3 where seq = -1`,
      { seq: 2, fault: 'reordered' },
    ],
    ['rows cut off the end', `delete from audit where seq > 3`, { seq: 4, fault: 'truncated' }],
    ['the whole trail gone', `delete from audit`, { seq: 1, fault: 'truncated' }],
    [
      'rows and head gone',
      `delete from audit where seq > 3; delete from settings where name = 'audit-head'`,
      { seq: 4, fault: 'truncated' },
    ],
  ])('finds %s', async (_, sql, expected) => {
    attack(sql)
    expect(await fault()).toEqual(expected)
  })

  it.each([
    ['rows cut off the end', 'delete from audit where seq > 3'],
    ['rows and head gone', `delete from audit where seq > 3; delete from settings where name = 'audit-head'`],
    ['the whole trail and its head gone', `delete from audit; delete from settings`],
    [
      'rows cut off, and the head made unreadable',
      `delete from audit where seq > 3; update settings set value = 'v1.AAAA'`,
    ],
    ['the whole trail gone', 'delete from audit'],
    [
      'the whole trail and its head gone but for one row',
      `delete from audit where seq > 1; delete from settings`,
    ],
  ])('goes on after %s, says so in the trail, and never verifies again', async (_, sql) => {
    // A database that has been worked with: there is an account's certificate.
    attack(
      `insert into accounts (id, login_index, sealed_login, sealed_name, roles, created_at) values ('a', 'a', '', '', '[]', 0);
       insert into account_certificates (fingerprint, account_id, bound_at) values ('f', 'a', 0)`,
    )
    attack(sql)
    const next = () =>
      gateway.audit.record({ action: 'test.next', outcome: 'success', actor: { kind: 'cli', id: 't' } })
    await next()
    await next()
    expect(await fault()).toMatchObject({ fault: 'truncated' })
    const tail = await gateway.audit.tail()
    expect(tail.filter(({ action }) => action === 'integrity.failed')).toHaveLength(1)
    expect(tail.filter(({ action }) => action === 'test.next')).toHaveLength(2)
  })

  it.each([
    ['gone', ''],
    [
      'made harmless',
      'create trigger audit_no_update before update on audit begin select 1; end;' +
        'create trigger audit_no_delete before delete on audit begin select 1; end;',
    ],
  ])('finds its guards %s', async (_, sql) => {
    attack(sql)
    expect(await fault()).toEqual({ seq: 0, fault: 'unguarded' })
  })

  it('finds a row replaced in a way that fires no trigger', async () => {
    const raw = new Database(`${gateway.dir}/vigil.db`)
    raw.exec(
      `insert or replace into audit select seq, at, action, 'refused', sealed_detail, previous_hash, hash from audit where seq = 3`,
    )
    raw.close()
    expect(await fault()).toEqual({ seq: 3, fault: 'changed' })
  })

  it('finds a row added by somebody without the key', async () => {
    attack(
      `insert into audit select 6, at, action, outcome, sealed_detail, hash, hash from audit where seq = 5`,
    )
    expect(await fault()).toEqual({ seq: 6, fault: 'inserted' })
  })

  it('survives concurrent writers without a gap', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        gateway.audit.record({ action: `c.${n}`, outcome: 'success', actor: { kind: 'cli', id: 't' } }),
      ),
    )
    expect(await gateway.audit.verify()).toEqual({ rows: 45, faults: [] })
  })
})
