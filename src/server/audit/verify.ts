import type { Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { type ChainedRow, detailPlace, firstHash, hashRow } from './chain.ts'
import { isGuarded } from './guards.ts'
import { isWhole, readHead } from './head.ts'
import type { AuditVerification } from './index.ts'

/** Rows read at a time. */
const page = 1000
/** Faults listed before it stops looking: one is proof enough, a few help to find where. */
const mostFaults = 20

type Fault = AuditVerification['faults'][number]
type Row = ChainedRow & { hash: string }

/** Walks the chain from its first row and names where it does not hold. */
export async function verifyChain(db: Queries, protection: Protection): Promise<AuditVerification> {
  const faults: Fault[] = []
  let previous = { seq: 0, hash: firstHash }
  let rows = 0
  for (;;) {
    const batch: Row[] = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', previous.seq)
      .orderBy('seq')
      .limit(page)
      .execute()
    if (batch.length === 0) break
    for (const row of batch) {
      rows += 1
      const fault = await faultOf(db, protection, row, previous)
      if (fault && faults.length < mostFaults) faults.push({ seq: row.seq, fault })
      previous = row
    }
  }
  const tail = await tailFault(db, protection, previous)
  if (tail) faults.push(tail)
  if (!(await isGuarded(db))) faults.push({ seq: 0, fault: 'unguarded' })
  return { rows, faults }
}

async function faultOf(
  db: Queries,
  protection: Protection,
  row: Row,
  previous: { seq: number; hash: string },
): Promise<Fault['fault'] | null> {
  if (row.previous_hash !== previous.hash) {
    // Its predecessor still exists elsewhere: the row stands in the wrong place.
    const predecessor = await db
      .selectFrom('audit')
      .select('seq')
      .where('hash', '=', row.previous_hash)
      .executeTakeFirst()
    if (predecessor && predecessor.seq !== previous.seq) return 'reordered'
    return row.seq === previous.seq + 1 ? 'changed' : 'missing'
  }
  if (row.seq !== previous.seq + 1) return 'missing'
  if (hashRow(protection, row) !== row.hash) return 'changed'
  return opens(protection, row) ? null : 'unreadable'
}

function opens(protection: Protection, row: Row): boolean {
  try {
    protection.open(detailPlace(row.seq), row.sealed_detail)
    return true
  } catch {
    return false
  }
}

/** The sealed head must name the last row; rows cut off the end leave it pointing past them. */
async function tailFault(
  db: Queries,
  protection: Protection,
  last: { seq: number; hash: string },
): Promise<Fault | null> {
  const head = await readHead(db, protection)
  if (isWhole(head, last.seq === 0 ? undefined : last)) return null
  if (head === 'unreadable') return { seq: last.seq, fault: 'unreadable' }
  return { seq: typeof head === 'string' ? last.seq : last.seq + 1, fault: 'truncated' }
}
