import { sql, type Transaction } from 'kysely'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Place } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { clearAlarms, placeOf, type StandingDamage, standingDamage } from './damage-list.ts'
import { restoredNow } from './damage-reports.ts'
import { restoreFile } from './file-repair.ts'
import { createTurns } from './pace.ts'
import { createRowRepair, type Here, type Plan } from './row-repair.ts'
import { sealsOfLastRecord } from './row-seals.ts'
import { type KeptCopy, type ScrubSource, sourceOf } from './source.ts'
import { openCopiedTables, type StoredTables, tablesOf } from './stored-tables.ts'
import { lackOf } from './table-repair.ts'

/** Each listed damage, from the newest good copy where there is one; what is not found stays refused. @returns what was restored. */
export type Repair = (by?: AuditEntry['actor']) => Promise<{ place: Place; source: string }[]>

export interface RepairParts {
  sources: readonly ScrubSource[]
  /** Copies that backups hold of a file (its absolute path), newest first; of the database where none is named. */
  copies(file?: string): Promise<readonly KeptCopy[]>
}

/** Each repair is recorded with its place and source, in the transaction that makes it. */
export function createRepair(foundation: Foundation, deps: RepairParts): Repair {
  const { store, protection, audit, clock, log } = foundation
  const pause = createTurns()
  const rows = createRowRepair(foundation, pause)
  /** Backups that were looked through in vain, by damage: not rebuilt again every night. */
  const tried = new Map<string, Set<string>>()

  return async (by = { kind: 'gateway', id: 'gateway' }) => {
    const damaged = await standingDamage(foundation)
    const restored: { place: Place; source: string }[] = []

    async function carriedOut(one: StandingDamage, source: string, { write }: Plan): Promise<void> {
      await store.transaction(async (trx) => {
        await sql`pragma defer_foreign_keys = on`.execute(trx)
        await write(trx)
        await noted(trx, one, source)
      })
      tried.delete(one.id)
      restoredNow(audit, placeOf(one))
      restored.push({ place: placeOf(one), source })
    }

    async function noted(trx: Transaction<Schema>, one: StandingDamage, source: string): Promise<void> {
      await trx
        .updateTable('damage')
        .set({ state: 'restored', source, detail: '', restored_at: clock() })
        .where('id', '=', one.id)
        .execute()
      await audit.append(trx, {
        action: 'integrity.restored',
        outcome: 'success',
        actor: by,
        object: { kind: one.place_table, id: one.place_row },
        detail: { column: one.place_column, source },
      })
    }

    /** @returns those of which it is true that nothing came of it. */
    async function without(
      left: readonly StandingDamage[],
      repaired: (one: StandingDamage) => Promise<boolean>,
    ): Promise<StandingDamage[]> {
      const still: StandingDamage[] = []
      for (const one of left) {
        const isDone = await repaired(one).catch((error: unknown) => {
          log.error({ place: placeOf(one), error: (error as Error).name }, 'not repaired')
          return false
        })
        if (!isDone) still.push(one)
      }
      return still
    }

    const byWhatIsHere = (left: readonly StandingDamage[]) =>
      without(left, (one) =>
        withHere(async (here) => {
          const plan = await rows.derived(placeOf(one), here)
          if (plan) await carriedOut(one, 'derived', plan)
          return plan !== null
        }),
      )

    async function fromCopies(left: readonly StandingDamage[]): Promise<StandingDamage[]> {
      /** No copy from before can have it. */
      const settled = new Set<string>()
      let newest = true
      for (const kept of await deps.copies()) {
        const open = left.filter(({ id }) => !settled.has(id) && !tried.get(id)?.has(kept.backupId))
        if (open.length === 0) {
          if (left.every(({ id }) => settled.has(id))) break
          continue
        }
        const opened = await kept.open()
        if (!opened) continue
        let copy: StoredTables | null = null
        try {
          copy = openCopiedTables(opened.file, protection, pause)
          const still = new Set(await without(open, (one) => fromCopy(one, kept, copy as StoredTables)))
          left = left.filter((one) => !open.includes(one) || still.has(one))
          if (newest) await tellWhatIsMissing(left, copy, sourceOf(kept))
          newest = false
        } finally {
          copy?.close()
          await opened.close()
        }
      }
      if (newest) await tellWhatIsMissing(left, null, '')
      return [...left]

      async function fromCopy(one: StandingDamage, kept: KeptCopy, copy: StoredTables): Promise<boolean> {
        return withHere(async (here) => {
          const seen = tried.get(one.id) ?? new Set<string>()
          tried.set(one.id, seen.add(kept.backupId))
          const plan = await rows.fromCopy(placeOf(one), here, copy)
          if (plan === 'older') settled.add(one.id)
          if (plan === null || plan === 'older') return false
          await carriedOut(one, sourceOf(kept), plan)
          return true
        })
      }
    }

    /** Of tables whose rows are not those that they had: how many are missing, and which the newest copy could name. */
    async function tellWhatIsMissing(
      left: readonly StandingDamage[],
      copy: StoredTables | null,
      source: string,
    ): Promise<void> {
      for (const one of left) {
        const table = one.place_column === 'rows' ? rows.tableOf(placeOf(one)) : null
        if (!table) continue
        const lack = await withHere(async (here) => {
          const sums = await here.sums(table)
          return sums && lackOf(sums, copy && { source, rows: copy.all(table) })
        })
        if (lack)
          await store.db
            .updateTable('damage')
            .set({ detail: JSON.stringify(lack) })
            .where('id', '=', one.id)
            .execute()
      }
    }

    const isFile = ({ place_table }: StandingDamage) => deps.sources.some(({ name }) => name === place_table)
    // Backups among them: what is made good of these helps the rows.
    await without(damaged.filter(isFile), async (one) => {
      const source = deps.sources.find(({ name }) => name === one.place_table)
      const from = source ? await restoreFile(source, one.place_row, deps.copies) : null
      if (from) await carriedOut(one, from, { write: async () => {} })
      return from !== null
    })
    let left = await byWhatIsHere(damaged.filter((one) => rows.tableOf(placeOf(one)) && !isFile(one)))
    if (left.length > 0) left = await fromCopies(left)
    // What a sum could not tell before may be told now.
    if (left.length > 0 && restored.length > 0) await byWhatIsHere(left)
    await clearAlarms(
      foundation,
      restored.map(({ place }) => place.table),
    )
    return restored
  }

  async function withHere<T>(work: (here: Here) => Promise<T>): Promise<T> {
    const lastSeals = await sealsOfLastRecord(store.db, protection)
    const tables = tablesOf(store.snapshot(), protection, pause)
    try {
      return await work({ ...tables, trusted: tables.hold(store.seals.tables(), lastSeals) })
    } finally {
      tables.close()
    }
  }
}
