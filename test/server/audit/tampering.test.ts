import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestFoundation } from '../foundation.ts'

/**
 * Whoever has the file and drops the triggers, but has no key: every kind of tampering on a real chain, at random places, by
 * random means. The first bad record is named exactly, and what was done to it.
 */

const rows = 200
type Expected = { seq: number; fault: string }

/** Mulberry32: a failing trial can be tried again. */
function seeded(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    between: (least: number, most: number) => least + Math.floor(next() * (most - least + 1)),
    flip: () => next() < 0.5,
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T,
  }
}
type Chance = ReturnType<typeof seeded>

let gateway: Awaited<ReturnType<typeof openTestFoundation>>
let file: Database.Database
beforeAll(async () => {
  gateway = await openTestFoundation()
  for (let n = 1; n <= rows; n += 1)
    await gateway.audit.record({
      action: n % 3 === 0 ? 'study.opened' : 'report.signed',
      outcome: 'success',
      actor: { kind: 'account', id: `a${n % 7}`, workstationId: `w${n % 3}`, sessionId: `s${n % 11}` },
      object: { kind: 'study', id: `1.2.840.${n % 20}` },
      about: [{ kind: 'patient', id: `P${n % 20}` }],
      detail: { n },
    })
  file = new Database(`${gateway.dir}/vigil.db`)
  for (const name of file
    .prepare(
      `select name from sqlite_master where type = 'trigger' and tbl_name in ('audit', 'audit_subjects', 'settings')`,
    )
    .pluck()
    .all())
    file.exec(`drop trigger "${name}"`)
  for (const table of ['audit', 'audit_subjects', 'settings'])
    file.exec(`create temp table good_${table} as select * from ${table}`)
})
afterAll(async () => {
  file.close()
  await gateway.close()
})

function restore(): void {
  for (const table of ['audit', 'audit_subjects', 'settings'])
    file.exec(`delete from ${table}; insert into ${table} select * from good_${table}`)
}
const run = (sql: string, ...values: unknown[]) => file.prepare(sql).run(...values)
const moveBy = (by: number, from: number, to: number) => {
  run('update audit set seq = -seq where seq between ? and ?', from, to)
  run('update audit set seq = -seq + ? where seq < 0', by)
}
/** Makes the row name the one that now stands before it, as who hides a break would. */
const relink = (seq: number) =>
  run(
    'update audit set previous_hash = (select hash from audit b where b.seq = ? - 1) where seq = ?',
    seq,
    seq,
  )

const tamperings: Record<string, (chance: Chance) => Expected> = {
  'a column changed'(chance) {
    const seq = chance.between(1, rows)
    const column = chance.one(['at', 'action', 'outcome', 'sealed_detail', 'previous_hash', 'hash'])
    if (column === 'at') run('update audit set at = at + ? where seq = ?', chance.between(1, 9_999_999), seq)
    else if (chance.flip())
      run(
        `update audit set ${column} = (select ${column} || 'x' from audit where seq = ?) where seq = ?`,
        chance.between(1, rows),
        seq,
      )
    else run(`update audit set ${column} = substr(${column}, 1, length(${column}) - 1) where seq = ?`, seq)
    return { seq, fault: 'changed' }
  },
  'a record overwritten by another'(chance) {
    const seq = chance.between(1, rows)
    const other = chance.one([...Array(rows).keys()].map((n) => n + 1).filter((n) => n !== seq))
    run('delete from audit where seq = ?', seq)
    run(
      `insert into audit (seq, at, action, outcome, sealed_detail, previous_hash, hash)
       select ?, at, action, outcome, sealed_detail, previous_hash, hash from audit where seq = ?`,
      seq,
      other,
    )
    return { seq, fault: 'changed' }
  },
  'records deleted'(chance) {
    const seq = chance.between(1, rows - 1)
    const count = Math.min(chance.between(1, 30), rows - seq)
    run('delete from audit where seq >= ? and seq < ?', seq, seq + count)
    if (chance.flip()) relinkTo(seq, seq + count)
    if (chance.flip()) moveBy(-count, seq + count, rows)
    return { seq, fault: 'deleted' }
  },
  'a record inserted'(chance) {
    const seq = chance.between(1, rows + 1)
    if (seq <= rows) moveBy(1, seq, rows)
    const model = chance.between(1, rows)
    const at = model >= seq ? model + 1 : model
    run(
      `insert into audit (seq, at, action, outcome, sealed_detail, previous_hash, hash)
       select ?, at, action, outcome, ${chance.flip() ? 'sealed_detail' : "'v1.AAAA'"}, previous_hash, ${chance.flip() ? 'hash' : "'00'"}
       from audit where seq = ?`,
      seq,
      at,
    )
    if (chance.flip()) relink(seq)
    if (chance.flip() && seq <= rows) relink(seq + 1)
    return { seq, fault: 'inserted' }
  },
  'two records swapped'(chance) {
    const first = chance.between(1, rows - 1)
    const second = chance.between(first + 1, rows)
    run('update audit set seq = -1 where seq = ?', first)
    run('update audit set seq = ? where seq = ?', first, second)
    run('update audit set seq = ? where seq = -1', second)
    if (chance.flip()) for (const seq of [first, first + 1, second, second + 1]) if (seq > 1) relink(seq)
    return { seq: first, fault: 'reordered' }
  },
  'a record moved'(chance) {
    const from = chance.between(1, rows)
    const to = chance.one([...Array(rows).keys()].map((n) => n + 1).filter((n) => n !== from))
    run('update audit set seq = 1000000 where seq = ?', from)
    if (from < to) moveBy(-1, from + 1, to)
    else moveBy(1, to, from - 1)
    run('update audit set seq = ? where seq = 1000000', to)
    return { seq: Math.min(from, to), fault: 'reordered' }
  },
  'a record renumbered'(chance) {
    const seq = chance.between(1, rows - 1)
    run('update audit set seq = ? where seq = ?', rows + chance.between(1, 100), seq)
    return { seq, fault: 'reordered' }
  },
  'the end cut off'(chance) {
    const seq = chance.between(1, rows)
    run('delete from audit where seq >= ?', seq)
    if (chance.flip()) run(`delete from settings where name = 'audit-head'`)
    return { seq, fault: 'truncated' }
  },
  'a record put before the first'(chance) {
    const seq = -chance.between(0, 50)
    run(
      `insert into audit select ?, at, action, outcome, sealed_detail, previous_hash, hash from audit where seq = ?`,
      seq,
      chance.between(1, rows),
    )
    return { seq, fault: 'inserted' }
  },
  'look-up entries taken away'(chance) {
    const seq = chance.between(1, rows)
    run('delete from audit_subjects where seq = ?', seq)
    return { seq, fault: 'unindexed' }
  },
  'look-up entries added'(chance) {
    const seq = chance.between(1, rows)
    run(`insert into audit_subjects values (?, ?)`, `forged${chance.between(1, 999)}`, seq)
    return { seq, fault: 'unindexed' }
  },
}

/** The row after a hole is made to name the last one before it. */
function relinkTo(first: number, after: number): void {
  run(
    'update audit set previous_hash = (select hash from audit b where b.seq = ?) where seq = ? and ? > 1',
    first - 1,
    after,
    first,
  )
}

/** The longest that the event loop was not come back to while the work ran, in ms. */
async function longestAway(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  await work()
  clearInterval(timer)
  return longest
}

describe('an audit chain', () => {
  it('is whole to begin with, for 200 records', async () => {
    const { rows: counted, faults } = await gateway.audit.verify()
    expect([counted, faults.filter(({ fault }) => fault !== 'unguarded')]).toEqual([rows, []])
  })

  it.each(Object.entries(tamperings))('tells %s, and which is the first bad record', async (_, tamper) => {
    for (let seed = 1; seed <= 10; seed += 1) {
      restore()
      const expected = file.transaction(() => tamper(seeded(seed * 7919)))()
      const { faults } = await gateway.audit.verify()
      expect({ seed, first: faults[0] }).toEqual({ seed, first: expected })
    }
    restore()
  })

  it('goes on answering while it verifies: never longer than 50 ms away', async () => {
    const longest: number[] = []
    for (let run = 0; run < 5; run += 1) longest.push(await longestAway(() => gateway.audit.verify()))
    // The quietest of them: the others may have waited for other processes.
    expect(Math.min(...longest)).toBeLessThan(50)
  })
})
