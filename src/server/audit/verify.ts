import { setImmediate as pause } from 'node:timers/promises'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { createChainWalk, type Fault } from './chain-walk.ts'
import { readDetail } from './detail.ts'
import { isGuarded } from './guards.ts'
import { isWhole, type KnownHead, readHead } from './head.ts'
import type { AuditVerification } from './index.ts'
import { createPlaces, type StoredRow } from './place.ts'
import { createIndexCheck, type NamedRow } from './subject-check.ts'

/** Rows between two pauses: some milliseconds of work, so that a gateway goes on answering while it verifies. */
const page = 100
/** Faults listed before it stops looking: one is proof enough, a few help to find where. */
const mostFaults = 20

/**
 * Walks the chain from its first row and names where it does not hold.
 * @param onRows Told how many rows were looked at so far.
 */
export async function verifyChain(
  db: Queries,
  protection: Protection,
  onRows: (rows: number) => void = () => {},
): Promise<AuditVerification> {
  const places = createPlaces({ db, protection })
  const walk = createChainWalk(places)
  const index = createIndexCheck({ db, protection })
  const faults: Fault[] = []
  let rows = 0
  let from = Number.MIN_SAFE_INTEGER
  let head = await readHead(db, protection)
  while (faults.length < mostFaults) {
    const batch = await rowsFrom(db, from)
    // Taken after the rows: what was appended meanwhile is after both.
    head = await readHead(db, protection)
    if (batch.length === 0) break
    const good: NamedRow[] = []
    for (const row of batch) {
      const fault = await walk.step(row, endOf(head))
      const names = fault ? null : namedIn(protection, row)
      if (names) good.push(names)
      else faults.push(fault ?? { seq: row.seq, fault: 'unreadable' })
      if (faults.length >= mostFaults) break
    }
    faults.push(...(await index.faultsOf(good)))
    rows += batch.length
    from = (batch.at(-1)?.seq ?? 0) + 1
    onRows(rows)
    await pause()
  }
  if (faults.length < mostFaults) {
    const tail = tailFault(head, walk.last(), walk.hash())
    if (tail && !faults.some(({ seq, fault }) => seq >= tail.seq && fault !== 'unindexed')) faults.push(tail)
    faults.push(...(await index.strangers(from)))
  }
  if (!(await isGuarded(db))) faults.push({ seq: 0, fault: 'unguarded' })
  return { rows, faults }
}

/** What the record names; null where its detail does not open. */
function namedIn(protection: Protection, row: StoredRow): NamedRow | null {
  try {
    return { seq: row.seq, ...readDetail(protection, row) }
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}

const rowsFrom = (db: Queries, from: number): Promise<StoredRow[]> =>
  db.selectFrom('audit').selectAll().where('seq', '>=', from).orderBy('seq').limit(page).execute()

/** Where the head says nothing, no row can be said to come after it. */
const endOf = (head: KnownHead): number => (typeof head === 'string' ? Number.MAX_SAFE_INTEGER : head.seq)

/** The sealed head must name the last row; rows cut off the end leave it pointing past them. */
function tailFault(head: KnownHead, last: number, hash: string | null): Fault | null {
  if (isWhole(head, last === 0 ? undefined : { seq: last, hash: hash ?? '' })) return null
  if (head === 'unreadable') return { seq: last, fault: 'unreadable' }
  if (typeof head === 'object' && head.seq <= last) return { seq: head.seq, fault: 'changed' }
  return { seq: last + 1, fault: 'truncated' }
}
