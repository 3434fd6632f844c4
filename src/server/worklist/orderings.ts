import {
  decideOpening,
  type Opening,
  type Reader,
  relationshipOf,
  type Sensitivity,
} from '../../shared/access/index.ts'
import type { WorklistSort } from '../../shared/worklist/index.ts'
import { createCollation } from './collation.ts'
import { type Exam, type Face, standingOf } from './exam.ts'
import { compareRanked, type Ranked, type RankingView, rankOf, textOf } from './ranking.ts'

/** Up to so many changes are put in their places one by one; more in one pass over the whole order. */
const fewChanges = 200

/**
 * Everybody whom one order serves: what a person sees beyond this (glass that they broke, what they reported themselves) does not
 * move a row.
 */
export interface OrderingView extends RankingView {
  clearance: Sensitivity
  /** How each label stands to them at this hour. */
  openings: Record<Sensitivity, Opening>
  /** Their duties, and no account. */
  reader: Reader & { accountId: null }
  /** The midnight that began the day. */
  today: number
  relationshipDays: number
}

/** How many orders are kept in memory; the one that was not asked for the longest goes first. */
const most = 8

/**
 * All exams in the orders that people asked for. An order is made once and then kept up to date: a change costs one pass, not
 * a sort. It is by what the people whom it serves may see, so that no order tells what a row hides.
 */
export interface Orderings {
  of(sort: WorklistSort, view: OrderingView): readonly Ranked[]
  /** Exams that are no longer, and those in their place. */
  replace(removed: ReadonlySet<Exam>, added: readonly Exam[]): void
}

interface Kept {
  sort: WorklistSort
  view: OrderingView
  ranked: Ranked[]
}

export function createOrderings(exams: () => Iterable<Exam>): Orderings {
  const collation = createCollation()
  const kept = new Map<string, Kept>()

  function faceOf(exam: Exam, view: OrderingView): Face {
    const open = exam.veiled?.[view.clearance] ?? exam.full
    if (!exam.masked) return open
    // A claim is somebody's: whether it still holds makes no difference to nobody in particular.
    const decision = decideOpening(view.openings[exam.sensitivity], () =>
      relationshipOf(view.reader, standingOf(exam, 0), view, view),
    )
    return decision.granted ? open : exam.masked
  }

  function rankAll(of: Iterable<Exam>, { sort, view }: Pick<Kept, 'sort' | 'view'>): Ranked[] {
    const down = sort.direction === 'descending'
    const ranked: Ranked[] = []
    for (const exam of of) {
      const face = faceOf(exam, view)
      const { group, value } = rankOf(sort.column, face, view, collation.rankOf)
      // The reading order as a whole can be turned; what has no value in a column stays last.
      const turned = down && sort.column === 'reading-order' ? -group : group
      ranked.push({ exam, group: turned, value: down ? -value : value, examAt: face.row.examAt ?? 0 })
    }
    return ranked.sort(compareRanked)
  }

  function build(sort: WorklistSort, view: OrderingView): Ranked[] {
    const texts = new Set<string>()
    for (const exam of exams()) {
      const text = textOf(sort.column, faceOf(exam, view), view)
      if (text) texts.add(text)
    }
    collation.add(texts)
    return rankAll(exams(), { sort, view })
  }

  /** Ranks given out before are no good once the collation has numbered anew. */
  function forgetWhereRenumbered(before: number): void {
    if (collation.generation !== before) kept.clear()
  }

  return {
    of(sort, view) {
      const key = JSON.stringify([sort, view])
      const known = kept.get(key)
      const generation = collation.generation
      const ordering = known ?? { sort, view, ranked: build(sort, view) }
      if (!known) forgetWhereRenumbered(generation)
      kept.delete(key)
      kept.set(key, ordering)
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break
        kept.delete(oldest)
      }
      return ordering.ranked
    },

    replace(removed, added) {
      const generation = collation.generation
      for (const ordering of kept.values()) {
        const { ranked } = ordering
        if (removed.size + added.length > fewChanges) {
          const staying = ranked.filter(({ exam }) => !removed.has(exam))
          ordering.ranked = merged(staying, rankAll(added, ordering))
          continue
        }
        for (const gone of rankAll(removed, ordering)) {
          const at = placeOf(gone, ranked)
          if (ranked[at]?.exam === gone.exam) ranked.splice(at, 1)
        }
        for (const one of rankAll(added, ordering)) ranked.splice(placeOf(one, ranked), 0, one)
      }
      forgetWhereRenumbered(generation)
    },
  }
}

/** Where it stands, or would. */
function placeOf(one: Ranked, ranked: readonly Ranked[]): number {
  let [low, high] = [0, ranked.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareRanked(ranked[middle]!, one) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Two orders as one. */
function merged(a: readonly Ranked[], b: readonly Ranked[]): Ranked[] {
  const all: Ranked[] = []
  let next = 0
  for (const one of a) {
    while (next < b.length && compareRanked(b[next]!, one) < 0) all.push(b[next++]!)
    all.push(one)
  }
  while (next < b.length) all.push(b[next++]!)
  return all
}
