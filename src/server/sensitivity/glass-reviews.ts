import { z } from 'zod'
import { type GlassBreakRow, GlassVerdict } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import type { BrokenGlass } from './broken-glass.ts'

const Review = z.object({
  breakId: z.string(),
  verdict: GlassVerdict,
  note: z.string(),
  by: z.string(),
  at: z.number(),
})

const place = (row: string): Place => ({ table: 'glass_reviews', column: 'sealed_review', row })
const hour = 3_600_000
/** How many breaks the queue shows. */
const most = 500

/** What the security officer says to broken glass, once for each; and the alarm where nobody did in time. */
export interface GlassReviews {
  /** The newest first, and before them all that wait however old. A damaged review, or a forged one, counts as none. */
  list(): Promise<GlassBreakRow[]>
  /** @throws VigilError `not-found`, or `conflict` where it was reviewed already. */
  review(
    what: { id: string; verdict: GlassVerdict; note: string },
    by: { accountId: string; actor: AuditEntry['actor'] },
  ): Promise<void>
  /** Raises, or clears, the alarm of what waits too long. */
  watch(): Promise<void>
}

export function createGlassReviews(
  foundation: Pick<
    Foundation,
    'store' | 'protection' | 'audit' | 'clock' | 'random' | 'log' | 'alarms' | 'policies'
  >,
  deps: { glass: Pick<BrokenGlass, 'read'>; displayNames: () => Promise<ReadonlyMap<string, string>> },
): GlassReviews {
  const { store, protection, audit, clock, random, alarms, policies } = foundation
  const damage = createDamageReports(foundation)

  /** @throws Error where it is not as it was written. */
  function whole(row: Schema['glass_reviews']): z.infer<typeof Review> {
    const review = Review.parse(JSON.parse(protection.open(place(row.id), row.sealed_review)))
    store.seals.check('glass_reviews', row)
    if (review.breakId === row.break_id && review.by === row.reviewed_by && review.at === row.reviewed_at)
      return review
    throw new IntegrityError(place(row.id))
  }

  /** Null, and reported, where it is not. */
  async function opened(row: Schema['glass_reviews']): Promise<z.infer<typeof Review> | null> {
    try {
      return whole(row)
    } catch (error) {
      await damage.report(error instanceof IntegrityError ? error.place : place(row.id))
      return null
    }
  }

  async function reviews(): Promise<Map<string, z.infer<typeof Review>>> {
    const found = new Map<string, z.infer<typeof Review>>()
    for (const row of await store.db.selectFrom('glass_reviews').selectAll().execute()) {
      const review = await opened(row)
      if (review) found.set(row.break_id, review)
    }
    return found
  }

  const dueAt = (brokenAt: number) => brokenAt + policies.current().access.glassReviewHours * hour
  /** A forged review is none. It is reported where the list is read: not within a transaction, which a report has of its own. */
  const isReview = (row: Schema['glass_reviews']): boolean => {
    try {
      return whole(row) !== null
    } catch {
      return false
    }
  }

  return {
    async list() {
      const reviewed = await reviews()
      const people = await deps.displayNames()
      const workstations = new Map(
        (await store.db.selectFrom('workstations').select(['id', 'name']).execute()).map(({ id, name }) => [
          id,
          name,
        ]),
      )
      const rows = (await deps.glass.read()).map((broken): GlassBreakRow => {
        const review = reviewed.get(broken.id)
        return {
          id: broken.id,
          at: broken.at,
          until: broken.endsAt,
          who: people.get(broken.accountId) ?? '',
          workstation: workstations.get(broken.workstationId) ?? '',
          accessionNumber: broken.accessionNumber,
          sensitivity: broken.sensitivity,
          reason: broken.reason,
          dueAt: broken.toReview ? dueAt(broken.at) : null,
          review: review
            ? { verdict: review.verdict, note: review.note, by: people.get(review.by) ?? '', at: review.at }
            : null,
        }
      })
      const waits = ({ review, dueAt: due }: GlassBreakRow) => review === null && due !== null
      rows.sort((a, b) => Number(waits(b)) - Number(waits(a)) || b.at - a.at)
      return rows.slice(0, Math.max(most, rows.filter(waits).length))
    },

    async review({ id, verdict, note }, { accountId, actor }) {
      await store.transaction(async (trx) => {
        const broken = await trx
          .selectFrom('glass_breaks')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst()
        if (!broken) throw new VigilError('not-found', { field: 'id' })
        const known = await trx.selectFrom('glass_reviews').selectAll().where('break_id', '=', id).execute()
        if (known.some(isReview)) throw new VigilError('conflict', { field: 'review' })
        const sealed: z.infer<typeof Review> = { breakId: id, verdict, note, by: accountId, at: clock() }
        const row = Buffer.from(random(12)).toString('base64url')
        await trx
          .insertInto('glass_reviews')
          .values({
            id: row,
            break_id: id,
            sealed_review: protection.seal(place(row), JSON.stringify(sealed)),
            reviewed_by: sealed.by,
            reviewed_at: sealed.at,
          })
          .execute()
        await audit.append(trx, {
          action: 'study.glass-reviewed',
          outcome: 'success',
          actor,
          object: { kind: 'glass-break', id },
          detail: { verdict, note },
        })
      })
      await this.watch()
    },

    async watch() {
      const now = clock()
      const reviewed = await reviews()
      const waiting = (await deps.glass.read()).filter(
        ({ id, at, toReview }) => toReview && !reviewed.has(id) && dueAt(at) <= now,
      ).length
      if (waiting > 0)
        await alarms.raise({ kind: 'glass-unreviewed', severity: 'serious', facts: { count: waiting } })
      else await alarms.clear('glass-unreviewed')
    },
  }
}
