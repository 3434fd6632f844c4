import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import type { Clock } from '../../shared/time/clock.ts'
import type { Alarms } from '../alarms/index.ts'
import { IntegrityError, type Protection } from '../protection/index.ts'
import type { Store } from '../store/index.ts'
import { openArchiveFile, rowsPerPart, writeArchiveFile } from './archive-file.ts'
import { hashRow } from './chain.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { AuditEntry, AuditTrail } from './index.ts'
import type { StoredRow } from './place.ts'

/** What a file was found to hold. */
export interface ArchiveFacts {
  month: string
  firstSeq: number
  lastSeq: number
  rows: number
}

/** Complete months of the audit as sealed files. The product has no code that deletes one. */
export interface AuditArchive {
  path(month: string): string
  /** Writes the files of complete months that have none yet, or of one of them. @returns the months written */
  writeDue(actor: AuditEntry['actor'], month?: string): Promise<string[]>
  /**
   * Looks at the files of the months that are kept; `whole` reads each to its end. One that is missing or damaged is written
   * anew from the table, and an alarm says so.
   */
  check(whole: boolean): Promise<{ damaged: string[] }>
  /** Writes the file of a month anew from the table. @returns whether the records are whole, and it could. */
  rebuild(month: string): Promise<boolean>
  /** @throws IntegrityError at what does not hold; ENOENT where there is none. */
  verify(month: string, path?: string): Promise<ArchiveFacts>
  read(month: string, path?: string): AsyncGenerator<StoredRow>
}

export function createAuditArchive(deps: {
  store: Store
  protection: Protection
  audit: AuditTrail
  alarms: Alarms
  checkpoints: Checkpoints
  clock: Clock
  gatewayId: string
  directory: string
  /** Months for which a file has to be there; never less than six (等保). */
  keepMonths: number
}): AuditArchive {
  const { store, protection, audit, alarms, checkpoints, clock, gatewayId, directory } = deps
  const path = (month: string) => join(directory, `${month}.vaudit`)
  const gateway = { kind: 'gateway', id: 'gateway' } as const

  async function archived(): Promise<{ month: string; first_seq: number; last_seq: number }[]> {
    return store.db.selectFrom('audit_archives').selectAll().orderBy('month').execute()
  }

  async function* partsOf(first: number, last: number): AsyncGenerator<StoredRow[]> {
    for (let from = first; from <= last; ) {
      const rows: StoredRow[] = await store.db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>=', from)
        .where('seq', '<=', last)
        .orderBy('seq')
        .limit(rowsPerPart)
        .execute()
      if (rows.length === 0) return
      yield rows
      from = (rows.at(-1)?.seq ?? last) + 1
      await pause()
    }
  }

  async function write(month: string, first: number, last: number): Promise<void> {
    const ends = await store.db
      .selectFrom('audit')
      .select(['seq', 'hash', 'previous_hash'])
      .where('seq', 'in', [first, last])
      .orderBy('seq')
      .execute()
    const [start, end] = [ends[0], ends.at(-1)]
    const { rows } = await store.db
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .where('seq', '>=', first)
      .where('seq', '<=', last)
      .executeTakeFirstOrThrow()
    if (start?.seq !== first || end?.seq !== last)
      throw new IntegrityError({
        table: 'audit',
        column: 'seq',
        row: String(start?.seq === first ? last : first),
      })
    const latest = await checkpoints.make()
    await writeArchiveFile(
      path(month),
      protection,
      {
        month,
        gatewayId,
        firstSeq: first,
        lastSeq: last,
        rows,
        parts: Math.ceil(rows / rowsPerPart),
        previousHash: start.previous_hash,
        lastHash: end.hash,
        checkpoint: latest ? { ...latest, certificate: checkpoints.certificatePem } : null,
        writtenAt: clock(),
      },
      genuine(partsOf(first, last), start.previous_hash),
    )
  }

  /** Rows whose chain holds. @throws IntegrityError naming the first whose does not. */
  async function* genuine(
    parts: AsyncIterable<StoredRow[]>,
    previousHash: string,
  ): AsyncGenerator<StoredRow[]> {
    let previous = previousHash
    for await (const rows of parts) {
      for (const row of rows) {
        if (row.previous_hash !== previous || hashRow(protection, row, row.hash) !== row.hash)
          throw new IntegrityError({ table: 'audit', column: 'hash', row: String(row.seq) })
        previous = row.hash
      }
      yield rows
    }
  }

  async function* rowsIn(month: string, at = path(month)): AsyncGenerator<StoredRow> {
    const file = await openArchiveFile(at, protection, month)
    try {
      const { header } = file
      const damaged = () =>
        new IntegrityError({ table: 'file', column: 'archive', row: `audit/${month}/header` })
      let last: StoredRow | undefined
      let rows = 0
      for await (const part of genuine(file.parts(), header.previousHash)) {
        for (const row of part) {
          if (rows === 0 && row.seq !== header.firstSeq) throw damaged()
          rows += 1
          last = row
          yield row
        }
        await pause()
      }
      if (rows !== header.rows || last?.seq !== header.lastSeq || last.hash !== header.lastHash)
        throw damaged()
    } finally {
      await file.close()
    }
  }

  async function verify(month: string, at?: string): Promise<ArchiveFacts> {
    let [firstSeq, lastSeq, rows] = [0, 0, 0]
    for await (const { seq } of rowsIn(month, at)) {
      if (rows === 0) firstSeq = seq
      lastSeq = seq
      rows += 1
    }
    return { month, firstSeq, lastSeq, rows }
  }

  async function isGood(
    month: string,
    range: { first_seq: number; last_seq: number },
    whole: boolean,
  ): Promise<boolean> {
    try {
      if (whole) {
        const { firstSeq, lastSeq } = await verify(month)
        return firstSeq === range.first_seq && lastSeq === range.last_seq
      }
      const file = await openArchiveFile(path(month), protection, month)
      await file.close()
      return file.header.firstSeq === range.first_seq && file.header.lastSeq === range.last_seq
    } catch {
      return false
    }
  }

  /** False where the records themselves are damaged. */
  async function rewritten(month: string, range: { first_seq: number; last_seq: number }): Promise<boolean> {
    try {
      await write(month, range.first_seq, range.last_seq)
      return true
    } catch (error) {
      if (error instanceof IntegrityError) return false
      throw error
    }
  }

  async function restore(month: string, range: { first_seq: number; last_seq: number }): Promise<void> {
    const was = (await stat(path(month)).catch(() => null)) ? 'damaged' : 'missing'
    const restored = await rewritten(month, range)
    await audit.record({
      action: 'audit.archive-restored',
      outcome: restored ? 'success' : 'failed',
      actor: gateway,
      object: { kind: 'audit-archive', id: month },
      detail: { was },
    })
    await alarms.raise({
      kind: 'data-damaged',
      severity: restored ? 'warning' : 'serious',
      subject: `audit-archive/${month}`,
      facts: { what: was, restored: restored ? 1 : 0 },
    })
  }

  return {
    path,
    verify,
    read: rowsIn,
    async rebuild(month) {
      const range = (await archived()).find((one) => one.month === month)
      return range !== undefined && (await rewritten(month, range))
    },
    async writeDue(actor, only) {
      const written: string[] = []
      for (;;) {
        const done = (await archived()).at(-1)
        const first = (done?.last_seq ?? 0) + 1
        const begin = await store.db
          .selectFrom('audit')
          .select(['seq', 'at'])
          .where('seq', '>=', first)
          .orderBy('seq')
          .limit(1)
          .executeTakeFirst()
        if (!begin) return written
        const due = await nextMonth(begin, done?.month)
        if (!due || (only !== undefined && due.month > only)) return written
        const { month, last } = due
        await write(month, begin.seq, last)
        await store.transaction(async (trx) => {
          await trx
            .insertInto('audit_archives')
            .values({ month, first_seq: begin.seq, last_seq: last, at: clock() })
            .execute()
          await audit.append(trx, {
            action: 'audit.archived',
            outcome: 'success',
            actor,
            object: { kind: 'audit-archive', id: month },
            detail: { firstSeq: begin.seq, lastSeq: last },
          })
        })
        written.push(month)
      }
    },
    async check(whole) {
      const damaged: string[] = []
      for (const { month, ...range } of (await archived()).slice(-Math.max(6, deps.keepMonths))) {
        if (await isGood(month, range, whole)) {
          await alarms.clear('data-damaged', `audit-archive/${month}`)
          continue
        }
        damaged.push(month)
        await restore(month, range)
      }
      return { damaged }
    },
  }

  /**
   * The complete month that the next file is of, and its last record; null where there is none yet. Records stand in the order of
   * their numbers: what a clock that was wrong stamped otherwise goes with its neighbours.
   */
  async function nextMonth(
    begin: { seq: number; at: number },
    done: string | undefined,
  ): Promise<{ month: string; last: number } | null> {
    const now = monthOf(clock())
    const own = monthOf(begin.at)
    let month = done !== undefined && (own <= done || own >= now) ? after(done) : own
    for (; month < now; month = after(month)) {
      const last = await store.db
        .selectFrom('audit')
        .select('seq')
        .where('seq', '>=', begin.seq)
        .where('at', '<', startOf(after(month)))
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (last) return { month, last: last.seq }
    }
    return null
  }
}

/** In the gateway's time. */
function monthOf(at: number): string {
  const day = new Date(at)
  return `${String(day.getFullYear()).padStart(4, '0')}-${String(day.getMonth() + 1).padStart(2, '0')}`
}
function startOf(month: string): number {
  const [year, number] = month.split('-').map(Number)
  return new Date(year ?? 0, (number ?? 1) - 1, 1).getTime()
}
const after = (month: string): string => monthOf(startOf(month) + 32 * 86_400_000)
