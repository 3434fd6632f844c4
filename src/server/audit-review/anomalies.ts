import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Anomaly, AuditSubject } from '../../shared/audit/index.ts'
import { Anomaly as AnomalySchema } from '../../shared/audit/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { type Act, type DayOfWork, habitsOf, workOf } from './act.ts'
import type { Acts } from './acts.ts'
import { type AnomalyRules, anomalyRules } from './anomaly-rules.ts'
import { dayAfter, dayOf, daysOf, hourOf, periodOf } from './calendar.ts'
import { detect, type Finding } from './detect.ts'
import { findRecords } from './find.ts'

const Review = z.object({
  anomalyId: z.string(),
  /** The last record that it was made of then: what has grown since is to be looked at again. */
  lastSeq: z.int(),
  verdict: AnomalySchema.shape.review.unwrap().shape.verdict,
  note: z.string(),
  by: z.object({ accountId: z.string(), name: z.string() }),
  at: z.number(),
})
type Review = z.infer<typeof Review>
const place = (row: string) => ({ table: 'anomaly_reviews', column: 'sealed_review', row })

/** Longest period that is asked for at once. */
const longestDays = 100
/** Finished days that are remembered: what was recorded of them does not change. */
const mostDays = 150

type Judged = Finding & { id: string }

/** What deserves an auditor's look, judged day by day, and what the auditor said to it. */
export function createAnomalies(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'alarms' | 'clock' | 'random'>,
  deps: {
    acts: Acts
    keysOf(subject: AuditSubject): Promise<string[]>
    people(): Promise<Map<string, string>>
    workstations(): Promise<Map<string, string>>
    damage: DamageReports
    rules?: AnomalyRules
  },
) {
  const { store, protection, audit, alarms, clock, random } = foundation
  const { rules = anomalyRules } = deps
  const work = new Map<string, Map<string, DayOfWork>>()
  const judged = new Map<string, Judged[]>()
  const raised = new Set<string>()

  const isOver = (day: string) => day < dayOf(clock())
  function remember<T>(known: Map<string, T>, day: string, value: T): T {
    if (!isOver(day)) return value
    for (const oldest of known.keys()) if (known.size >= mostDays) known.delete(oldest)
    known.set(day, value)
    return value
  }

  async function actsOn(day: string): Promise<Act[]> {
    const period = periodOf(day)
    if (!period) return []
    const acts: Act[] = []
    for await (const rows of deps.acts.recordsIn(period)) acts.push(...(await deps.acts.actsOf(rows)))
    // A clock that was set back leaves records out of their order.
    return acts.sort((a, b) => a.at - b.at)
  }

  async function workOn(day: string, acts?: readonly Act[]): Promise<Map<string, DayOfWork>> {
    const known = work.get(day)
    if (known) return known
    const { windowMs } = rules.massAccess
    return remember(work, day, workOf(acts ?? (await actsOn(day)), { windowMs, hourOf }))
  }

  async function habitsBefore(day: string) {
    const days = new Map<string, DayOfWork[]>()
    for (let back = 1; back <= rules.habitDays; back += 1)
      for (const [account, own] of await workOn(dayAfter(day, -back)))
        days.set(account, [...(days.get(account) ?? []), own])
    return new Map([...days].map(([account, own]) => [account, habitsOf(own)]))
  }

  /** Of each person who signed in that day: at which workstations they had before, if at any. */
  async function signInsBefore(acts: readonly Act[], from: number) {
    const known = new Map<string, boolean | null>()
    const signedIn = async (subjects: AuditSubject[]) => {
      const keys = await Promise.all(subjects.map(deps.keysOf))
      const sought = {
        to: from,
        actions: ['sign-in.accepted'],
        outcomes: ['success'],
        order: 'newest' as const,
      }
      return (await findRecords(store.db, { ...sought, subjects: keys, limit: 1 })).seqs.length > 0
    }
    for (const { action, account, workstation } of acts) {
      const pair = `${account} ${workstation}`
      if (action !== 'sign-in.accepted' || account === '' || workstation === '' || known.has(pair)) continue
      const person = { kind: 'account' as const, id: account }
      const here = await signedIn([person, { kind: 'workstation', id: workstation }])
      known.set(pair, here ? true : (await signedIn([person])) ? false : null)
    }
    return (account: string, workstation: string) => known.get(`${account} ${workstation}`) ?? null
  }

  async function on(day: string): Promise<Judged[]> {
    const before = judged.get(day)
    if (before) return before
    const acts = await actsOn(day)
    await workOn(day, acts)
    if (acts.length === 0) return remember(judged, day, [])
    const findings = detect({
      acts,
      habits: await habitsBefore(day),
      usedBefore: await signInsBefore(acts, periodOf(day)?.from ?? 0),
      hourOf,
      rules,
    })
    return remember(
      judged,
      day,
      findings.map((finding) => ({ ...finding, id: idOf(finding) })),
    )
  }

  async function reviews(ids: readonly string[]): Promise<Map<string, Review>> {
    const found = new Map<string, Review>()
    for (let start = 0; start < ids.length; start += 500) {
      const rows = await store.db
        .selectFrom('anomaly_reviews')
        .selectAll()
        .where('anomaly_id', 'in', ids.slice(start, start + 500))
        .orderBy('reviewed_at')
        .execute()
      for (const row of rows) {
        const opened = await deps.damage.opened(protection, place(row.id), row.sealed_review)
        if (opened === '') continue
        const review = Review.parse(JSON.parse(opened))
        if (review.anomalyId === row.anomaly_id) found.set(row.anomaly_id, review)
        else await deps.damage.report(place(row.id))
      }
    }
    return found
  }

  /** @throws VigilError `bad-request` where the period is too long or ends before it begins. */
  async function list({ from, to }: { from: number; to: number }): Promise<Anomaly[]> {
    if (!(from < to) || to - from > longestDays * 86_400_000)
      throw new VigilError('bad-request', { field: 'to', reason: 'period' })
    const found: Judged[] = []
    for (const day of daysOf(from, Math.min(to, clock() + 1))) found.push(...(await on(day)))
    const people = await deps.people()
    const workstations = await deps.workstations()
    const within = found.filter(({ acts }) => (acts[0]?.at ?? 0) < to && (acts.at(-1)?.at ?? 0) >= from)
    const said = await reviews(within.map(({ id }) => id))
    return within
      .map((one): Anomaly => {
        const [firstSeq, lastSeq] = [Math.min(...seqsOf(one)), Math.max(...seqsOf(one))]
        const desk = workstations.get(one.workstation)
        const last = said.get(one.id)
        const review = last && last.lastSeq >= lastSeq ? last : null
        return {
          id: one.id,
          kind: one.kind,
          account: one.account,
          accountName: people.get(one.account) ?? '',
          workstation: one.workstation,
          ...(desk === undefined ? {} : { workstationName: desk }),
          from: one.acts[0]?.at ?? 0,
          to: one.acts.at(-1)?.at ?? 0,
          count: one.acts.length,
          firstSeq,
          lastSeq,
          urgent: one.urgent,
          facts: one.facts,
          review: review
            ? { by: review.by.name, at: review.at, verdict: review.verdict, note: review.note }
            : null,
        }
      })
      .sort((a, b) => b.to - a.to)
  }

  /** @throws VigilError `not-found` for what is no anomaly of the last days that can be asked for. */
  async function review(
    id: string,
    { verdict, note }: { verdict: Review['verdict']; note: string },
    by: Review['by'],
    actor: AuditEntry['actor'],
  ): Promise<void> {
    const one = await known(id)
    if (!one) throw new VigilError('not-found', { field: 'anomaly' })
    const at = clock()
    const row = Buffer.from(random(12)).toString('base64url')
    const said: Review = { anomalyId: id, lastSeq: Math.max(...seqsOf(one)), verdict, note, by, at }
    await store.transaction(async (trx) => {
      await trx
        .insertInto('anomaly_reviews')
        .values({
          id: row,
          anomaly_id: id,
          sealed_review: protection.seal(place(row), JSON.stringify(said)),
          reviewed_at: at,
        })
        .execute()
      await audit.append(trx, {
        action: 'anomaly.reviewed',
        outcome: 'success',
        actor,
        object: { kind: 'anomaly', id },
        detail: { verdict, note, kind: one.kind, account: one.account },
      })
    })
    await alarms.clear('anomaly', id)
  }

  async function known(id: string): Promise<Judged | null> {
    for (let back = 0, day = dayOf(clock()); back < longestDays; back += 1, day = dayAfter(day, -1)) {
      const one = (await on(day)).find((finding) => finding.id === id)
      if (one) return one
    }
    return null
  }

  return {
    list,
    review,
    /** Raises an alarm for each urgent anomaly of today and yesterday that nobody has reviewed, once. */
    async watch(): Promise<void> {
      const today = dayOf(clock())
      const urgent = [...(await on(dayAfter(today, -1))), ...(await on(today))].filter(
        (one) => one.urgent && !raised.has(mark(one)),
      )
      const said = await reviews(urgent.map(({ id }) => id))
      for (const one of urgent) {
        const { id, kind, acts } = one
        raised.add(mark(one))
        if ((said.get(id)?.lastSeq ?? 0) < Math.max(...seqsOf(one)))
          await alarms.raise({
            kind: 'anomaly',
            severity: 'serious',
            subject: id,
            facts: { kind, count: acts.length },
          })
      }
    },
  }
}
export type Anomalies = ReturnType<typeof createAnomalies>

const seqsOf = ({ acts }: Finding) => acts.map(({ seq }) => seq)

/** Of an anomaly as it now is: one that has grown is told again. */
const mark = (one: Judged) => `${one.id} ${one.acts.length}`

/** Kinds that gather what a person did on one day; of the others there may be several a day. */
const ofTheDay: readonly Finding['kind'][] = ['off-hours', 'mass-access', 'vip-access', 'export']

/** The kind, who, and the day or the record that it began with: what comes after that makes it larger, not another. */
function idOf({ kind, account, workstation, acts }: Finding): string {
  const began = ofTheDay.includes(kind) ? dayOf(acts[0]?.at ?? 0) : (acts[0]?.seq ?? 0)
  const named = JSON.stringify([kind, account, account === '' ? workstation : '', began])
  return createHash('sha256').update(named).digest('base64url').slice(0, 22)
}
