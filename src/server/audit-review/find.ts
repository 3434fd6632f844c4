import { setImmediate as nextRound } from 'node:timers/promises'
import { sql } from 'kysely'
import { AuditRow } from '../../shared/audit/index.ts'
import type { Queries } from '../store/index.ts'

/** What is looked for, in the terms of the index. All given conditions hold together. */
export interface Sought {
  /** Epoch ms; `to` exclusive. */
  from?: number | undefined
  to?: number | undefined
  /** Whole actions, or a capability's with its point (`report.`); empty: any. */
  actions: readonly string[]
  outcomes: readonly string[]
  /** Keys of `audit_subjects`: a record has one of each of these sets. */
  subjects: readonly (readonly string[])[]
  order: 'newest' | 'oldest'
  after?: number | undefined
  limit: number
}

export interface Found {
  seqs: number[]
  /** Where to go on; null at the end. Set with fewer than `limit` numbers where the look was broken off for others' sake. */
  next: number | null
}

const outcomes = AuditRow.shape.outcome.options

/** Candidates that are looked at in one round of the event loop, and in one request. */
const atOnce = 2000
const mostCandidates = 100_000

/**
 * The numbers of the records sought, in order. Each condition that narrows is walked along its own index from the place where the
 * last page ended; no record is read that no index names.
 */
export async function findRecords(db: Queries, sought: Sought): Promise<Found> {
  const bounds = await boundsOf(db, sought)
  if (!bounds) return { seqs: [], next: null }
  const newest = sought.order === 'newest'
  const { candidates, exact } = await walkOf(db, sought)
  const chunk = exact && sought.from === undefined && sought.to === undefined ? sought.limit + 1 : atOnce
  const seqs: number[] = []
  let { low, high } = bounds
  for (let seen = 0; low <= high && seen < mostCandidates; ) {
    const some = await candidates(low, high, chunk)
    const last = some.at(-1)
    if (last === undefined) return { seqs, next: null }
    seqs.push(...(await kept(db, some, sought, exact)))
    if (seqs.length > sought.limit) break
    if (newest) high = last - 1
    else low = last + 1
    seen += some.length
    await nextRound()
  }
  if (seqs.length > sought.limit) {
    const page = seqs.slice(0, sought.limit)
    return { seqs: page, next: page.at(-1) ?? null }
  }
  if (low > high) return { seqs, next: null }
  return { seqs, next: newest ? high + 1 : low - 1 }
}

/** First and last number that can be meant; null where none can. The clock may have been set back: both ends are looked for. */
async function boundsOf(db: Queries, { from, to, order, after }: Sought) {
  let ends = db.selectFrom('audit').select(({ fn }) => [fn.min('seq').as('low'), fn.max('seq').as('high')])
  // Alone, each end is one step in its index; with a period, the index of times is read through.
  if (from === undefined && to === undefined) {
    const low = (await db.selectFrom('audit').select('seq').orderBy('seq').limit(1).executeTakeFirst())?.seq
    const high = (
      await db.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
    )?.seq
    return low === undefined || high === undefined ? null : narrowed({ low, high }, order, after)
  }
  if (from !== undefined) ends = ends.where('at', '>=', from)
  if (to !== undefined) ends = ends.where('at', '<', to)
  const { low, high } = await ends.executeTakeFirstOrThrow()
  return low === null || high === null ? null : narrowed({ low, high }, order, after)
}

function narrowed({ low, high }: { low: number; high: number }, order: Sought['order'], after?: number) {
  if (after === undefined) return { low, high }
  return order === 'newest'
    ? { low, high: Math.min(high, after - 1) }
    : { low: Math.max(low, after + 1), high }
}

interface Walk {
  /** In order, from the near end of the range. */
  candidates(low: number, high: number, limit: number): Promise<number[]>
  /** Whether every candidate has what is sought, its time left aside. */
  exact: boolean
}

async function walkOf(db: Queries, sought: Sought): Promise<Walk> {
  const { actions, outcomes, subjects, order } = sought
  const direction = order === 'newest' ? sql`desc` : sql`asc`
  const rarest = subjects.length < 2 ? subjects[0] : await rarestOf(db, subjects)
  if (rarest) {
    const of =
      rarest.length === 1
        ? sql`subject = ${rarest[0]}`
        : sql`subject in (select value from json_each(${JSON.stringify(rarest)}))`
    return {
      exact: subjects.length === 1 && actions.length === 0 && outcomes.length === 0,
      candidates: (low, high, limit) =>
        numbers(
          db,
          sql`select distinct seq from audit_subjects where ${of} and seq between ${low} and ${high}
              order by seq ${direction} limit ${limit}`,
        ),
    }
  }
  if (actions.length === 0 && outcomes.length === 0)
    return {
      exact: true,
      candidates: (low, high, limit) =>
        numbers(
          db,
          sql`select seq from audit where seq between ${low} and ${high} order by seq ${direction} limit ${limit}`,
        ),
    }
  const pairs = (await pairsThereAre(db)).filter(
    ({ action, outcome }) => isOf(action, actions) && (outcomes.length === 0 || outcomes.includes(outcome)),
  )
  return {
    exact: true,
    async candidates(low, high, limit) {
      const found: number[] = []
      for (const { action, outcome } of pairs)
        found.push(
          ...(await numbers(
            db,
            sql`select seq from audit where action = ${action} and outcome = ${outcome}
                and seq between ${low} and ${high} order by seq ${direction} limit ${limit}`,
          )),
        )
      found.sort((a, b) => (order === 'newest' ? b - a : a - b))
      return found.slice(0, limit)
    },
  }
}

const isOf = (action: string, wanted: readonly string[]) =>
  wanted.length === 0 || wanted.some((one) => (one.endsWith('.') ? action.startsWith(one) : action === one))

/** Every action with its outcomes: from one to the next in the index, not through its entries. */
async function pairsThereAre(db: Queries): Promise<{ action: string; outcome: string }[]> {
  const pairs: { action: string; outcome: string }[] = []
  for (let action = ''; ; ) {
    const next = await db
      .selectFrom('audit')
      .select('action')
      .where('action', '>', action)
      .orderBy('action')
      .limit(1)
      .executeTakeFirst()
    if (!next) return pairs
    action = next.action
    for (const outcome of outcomes) {
      const one = await db
        .selectFrom('audit')
        .select('seq')
        .where('action', '=', action)
        .where('outcome', '=', outcome)
        .limit(1)
        .executeTakeFirst()
      if (one) pairs.push({ action, outcome })
    }
  }
}

/** The set with the fewest records; beyond some thousand they are all many. */
async function rarestOf(db: Queries, subjects: Sought['subjects']) {
  let rarest: { keys: readonly string[]; count: number } | undefined
  for (const keys of subjects) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from (
      select 1 from audit_subjects where subject in (select value from json_each(${JSON.stringify(keys)}))
      limit 5000)`.execute(db)
    const count = rows[0]?.count ?? 0
    if (!rarest || count < rarest.count) rarest = { keys, count }
  }
  return rarest?.keys
}

/** Those of the candidates that have all that is sought, in their order. */
async function kept(db: Queries, candidates: readonly number[], sought: Sought, exact: boolean) {
  const { from, to, actions, outcomes, subjects } = sought
  if (exact && from === undefined && to === undefined) return candidates
  let query = db
    .selectFrom('audit')
    .select(['seq', 'action'])
    .where(sql<boolean>`seq in (select value from json_each(${JSON.stringify(candidates)}))`)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<', to)
  if (outcomes.length > 0)
    query = query.where(sql<boolean>`outcome in (select value from json_each(${JSON.stringify(outcomes)}))`)
  if (subjects.length > 1)
    for (const keys of subjects)
      query = query.where(
        sql<boolean>`exists (select 1 from audit_subjects s where s.seq = audit.seq
          and s.subject in (select value from json_each(${JSON.stringify(keys)})))`,
      )
  const rows = await query.execute()
  const good = new Set(rows.filter(({ action }) => isOf(action, actions)).map(({ seq }) => seq))
  return candidates.filter((seq) => good.has(seq))
}

async function numbers(db: Queries, query: ReturnType<typeof sql>): Promise<number[]> {
  const { rows } = await query.execute(db)
  return (rows as { seq: number }[]).map(({ seq }) => seq)
}
