import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditRecords, subjectIndex } from '../../../src/server/audit/index.ts'
import { findRecords, type Sought } from '../../../src/server/audit-review/find.ts'
import { createDamageReports } from '../../../src/server/integrity/index.ts'
import type { AuditRow } from '../../../src/shared/audit/index.ts'
import { openTestFoundation } from '../foundation.ts'

type Foundation = Awaited<ReturnType<typeof openTestFoundation>>
let foundation: Foundation
let all: AuditRow[]

const accounts = ['li', 'wang', 'sun']
const studies = ['1.2.1', '1.2.2', '1.2.3', '1.2.4']
const actions = ['study.opened', 'report.signed', 'report.printed', 'sign-in.accepted', 'access.refused']
const outcomes = ['success', 'refused', 'failed'] as const

/** The same numbers every time. */
function numbers(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}
const next = numbers(3)
const one = <T>(list: readonly T[]) => list[next(list.length)] as T

beforeAll(async () => {
  foundation = await openTestFoundation()
  const { store, audit, time } = foundation
  await store.transaction(async (trx) => {
    for (let count = 0; count < 400; count += 1) {
      // Now and then the clock is set back.
      time.now += next(20) === 0 ? -50_000 : next(10_000)
      const study = one(studies)
      await audit.append(trx, {
        action: one(actions),
        outcome: one(outcomes),
        actor: { kind: 'account', id: one(accounts), workstationId: 'desk' },
        object: { kind: 'study', id: study },
        about: [{ kind: 'patient', id: `P${study.at(-1)}` }],
      })
    }
  })
  const { records } = readers()
  all = await records.after(0, 1_000_000, 1_000_000)
})
afterAll(() => foundation.close())

function readers() {
  const damage = createDamageReports(foundation)
  return { records: createAuditRecords(foundation, { damage }), damage }
}
const keyOf = (kind: 'account' | 'study' | 'patient', id: string) =>
  subjectIndex(foundation.protection, { kind, id })
const anything: Sought = { actions: [], outcomes: [], subjects: [], order: 'newest', limit: 50 }
const find = (sought: Partial<Sought>) => findRecords(foundation.store.db, { ...anything, ...sought })

async function everyPage(sought: Partial<Sought>): Promise<number[]> {
  const seqs: number[] = []
  for (let after: number | undefined; ; ) {
    const page = await find({ ...sought, ...(after === undefined ? {} : { after }) })
    seqs.push(...page.seqs)
    if (page.next === null) return seqs
    after = page.next
  }
}

describe('records', () => {
  it('are found page by page as a look at each of them finds them', async () => {
    for (let round = 0; round < 150; round += 1) {
      const wanted = {
        account: next(2) ? one(accounts) : null,
        study: next(3) ? null : one(studies),
        actions: next(2) ? [one([...actions, 'report.', 'session.'])] : [],
        outcomes: next(3) ? [] : [one(outcomes)],
        from: next(3) ? undefined : one(all).at,
        to: next(3) ? undefined : one(all).at,
        order: one(['newest', 'oldest'] as const),
        limit: 1 + next(60),
      }
      const { account, study, ...rest } = wanted
      const expected = all
        .filter(
          ({ at, action, outcome, actor, object }) =>
            (account === null || actor === `account:${account}`) &&
            (study === null || object === `study:${study}`) &&
            (rest.actions.length === 0 ||
              rest.actions.some((one) => (one.endsWith('.') ? action.startsWith(one) : action === one))) &&
            (rest.outcomes.length === 0 || rest.outcomes.includes(outcome)) &&
            (rest.from === undefined || at >= rest.from) &&
            (rest.to === undefined || at < rest.to),
        )
        .map(({ seq }) => seq)
      const subjects = [
        ...(account === null ? [] : [[keyOf('account', account)]]),
        ...(study === null ? [] : [[keyOf('study', study), keyOf('patient', `P${study.at(-1)}`)]]),
      ]
      const found = await everyPage({ ...rest, subjects })
      expect([wanted, found]).toEqual([wanted, rest.order === 'newest' ? expected.toReversed() : expected])
    }
  })

  it('that are written meanwhile move no page', async () => {
    const first = await find({ limit: 10 })
    await foundation.audit.record({ action: 'late.one', outcome: 'success', actor: { kind: 'cli', id: 'x' } })
    const second = await find({ limit: 10, after: first.next ?? 0 })
    expect([...first.seqs, ...second.seqs]).toEqual(
      all
        .toReversed()
        .slice(0, 20)
        .map(({ seq }) => seq),
    )
  })

  it('of nobody, of no time and of no kind are none', async () => {
    expect(await find({ subjects: [[]] })).toEqual({ seqs: [], next: null })
    expect(await find({ subjects: [[keyOf('account', 'nobody')]] })).toEqual({ seqs: [], next: null })
    expect(await find({ actions: ['never.'] })).toEqual({ seqs: [], next: null })
    expect(await find({ from: 5, to: 5 })).toEqual({ seqs: [], next: null })
    expect(await find({ actions: ["report.' or 1=1 --"] })).toEqual({ seqs: [], next: null })
  })

  it('that were changed are shown as such, and the others all the same', async () => {
    const { records } = readers()
    const { sql } = await import('kysely')
    await sql`drop trigger audit_no_update`.execute(foundation.store.db)
    await sql`update audit set sealed_detail = 'v2.1.AAAA' where seq = 7`.execute(foundation.store.db)
    const rows = await records.read([9, 7, 8])
    expect(rows.map(({ seq, detail }) => [seq, detail.unreadable ?? false])).toEqual([
      [9, false],
      [7, true],
      [8, false],
    ])
  })
})
