import { randomUUID } from 'node:crypto'
import type { Progress, ScrubRun } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import type { TableSeal } from '../store/index.ts'
import { createSchemaCheck } from './check-schema.ts'
import { type Checked, checkTable, checkWhole, type Finding } from './check-tables.ts'
import { clearAlarms, noteDamage, placeOf, standingDamage } from './damage-list.ts'
import {
  type DamageReports,
  databasePlace,
  isUnreadableFile,
  journalPlace,
  restoredNow,
} from './damage-reports.ts'
import { createPace } from './pace.ts'
import { sealsOfLastRecord } from './row-seals.ts'
import type { ScrubSource } from './source.ts'

/** What a scrub stands on beside the foundation. */
export interface ScrubParts {
  damage: DamageReports
  sources: readonly ScrubSource[]
  /** Faults that SQLite itself finds in the file. */
  structureFaults(): Promise<number>
  /** Restores what is listed as damaged, where a good copy is found. @returns how much was. */
  repair(): Promise<number>
}

export interface Scrub {
  /** Looks at everything once; where one runs already, that one. */
  run(signal?: AbortSignal): Promise<ScrubRun>
  running(): Progress | null
  /** The newest first. */
  runs(): Promise<ScrubRun[]>
}

const mostRuns = 30

/** Everything that is stored, held against its seals, in small steps; what is found damaged is reported and repaired. */
export function createScrub(foundation: Foundation, parts: ScrubParts): Scrub {
  const { store, protection, audit, clock, log, config } = foundation
  const schemaFindings = createSchemaCheck()
  let current: { progress: Progress; done: Promise<ScrubRun> } | null = null

  async function look(progress: Progress, signal?: AbortSignal): Promise<ScrubRun> {
    const id = randomUUID()
    await store.db
      .updateTable('scrub_runs')
      .set({ outcome: 'interrupted' })
      .where('outcome', '=', 'running')
      .execute()
    const run: ScrubRun = {
      startedAt: progress.startedAt,
      finishedAt: null,
      values: 0,
      files: 0,
      bytes: 0,
      damaged: 0,
      restored: 0,
      outcome: 'running',
    }
    await store.db
      .insertInto('scrub_runs')
      .values({ id, started_at: run.startedAt, ...countsOf(run) })
      .execute()
    const before = await standingDamage(foundation)
    const found = new Set<string>()
    const told = async ({ place, key, what }: Omit<Finding, 'what'> & { what: string }) => {
      run.damaged += 1
      found.add(`${place.table}.${place.column}/${place.row}`)
      if (key !== undefined) found.add(`${place.table}.row/${key}`)
      await parts.damage.report(place, what)
      await noteDamage(foundation, place, what)
    }
    try {
      await lookAtDatabase(run, progress, told, signal)
      await lookAtFiles(run, progress, told, signal)
      run.outcome = run.damaged === 0 ? 'clean' : 'damaged'
    } catch (error) {
      if (!signal?.aborted) throw error
      run.outcome = 'interrupted'
    }
    if (run.outcome !== 'interrupted') {
      await noLongerDamaged(
        before.filter((row) => !found.has(keyOf(row)) && row.place_column !== journalPlace.column),
      )
      run.restored = await parts.repair()
    }
    run.finishedAt = clock()
    await store.db
      .updateTable('scrub_runs')
      .set({ ...countsOf(run), finished_at: run.finishedAt })
      .where('id', '=', id)
      .execute()
    await audit.record({
      action: 'integrity.scrubbed',
      outcome: run.outcome === 'clean' ? 'success' : 'failed',
      actor: { kind: 'gateway', id: 'gateway' },
      detail: { ...run },
    })
    log.info({ ...run }, 'scrub ended')
    return run
  }

  async function lookAtDatabase(
    run: ScrubRun,
    progress: Progress,
    told: (finding: Finding | { place: Finding['place']; what: string }) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const pace = createPace(config.scrub.mostLoad, signal)
    if ((await parts.structureFaults()) > 0) await told({ place: databasePlace, what: 'corrupt' })
    const lastSeals = await sealsOfLastRecord(store.db, protection)
    const snapshot = store.snapshot()
    try {
      for (const finding of await schemaFindings(snapshot)) await told(finding)
      const seals: TableSeal[] = []
      for (const table of store.seals.tables()) {
        const steps = checkTable(snapshot, protection, table)
        for (;;) {
          const step = nextStep(steps)
          if (step === 'unreadable') {
            await told({ place: { table: table.name, column: 'pages', row: '*' }, what: 'corrupt' })
            break
          }
          if (step.done) {
            seals.push(step.value)
            break
          }
          const { values, bytes, findings } = step.value
          run.values += values
          run.bytes += bytes
          progress.done += values
          for (const finding of findings) await told(finding)
          await pace()
        }
      }
      if (seals.length === store.seals.tables().length)
        for (const finding of checkWhole(snapshot, protection, seals, lastSeals)) await told(finding)
    } finally {
      snapshot.close()
    }
    const { rows, faults } = await audit.verify()
    run.values += rows
    for (const { seq, fault } of faults)
      await told({ place: { table: 'audit', column: 'row', row: String(seq) }, what: fault })
    if (faults[0])
      await foundation.alarms.raise({
        kind: 'audit-broken',
        severity: 'serious',
        facts: { seq: faults[0].seq, fault: faults[0].fault },
      })
  }

  async function lookAtFiles(
    run: ScrubRun,
    progress: Progress,
    told: (finding: { place: Finding['place']; what: string }) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const pace = createPace(config.scrub.mostLoad, signal)
    for (const source of parts.sources)
      for await (const { file, bytes, fault } of source.check()) {
        run.files += 1
        run.bytes += bytes
        progress.done += 1
        if (fault !== null)
          await told({ place: { table: source.name, column: 'file', row: file }, what: fault })
        await pace()
      }
  }

  /** Written anew since, or looked at whole: it is as it was sealed. */
  async function noLongerDamaged(rows: Awaited<ReturnType<typeof standingDamage>>): Promise<void> {
    for (const row of rows) {
      restoredNow(audit, placeOf(row))
      await store.db
        .updateTable('damage')
        .set({ state: 'restored', source: 'derived', restored_at: clock() })
        .where('id', '=', row.id)
        .execute()
    }
    await clearAlarms(
      foundation,
      rows.map((row) => row.place_table),
    )
  }

  async function sizeOf(): Promise<number> {
    const { count } = await store.db
      .selectFrom('row_seals')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    const perTable = store.seals.tables().map(({ columns }) => columns.length)
    const average = perTable.reduce((sum, many) => sum + many, 0) / Math.max(1, perTable.length)
    let total = Math.round(count * average)
    for (const source of parts.sources) total += await source.total()
    return total
  }

  return {
    run(signal) {
      if (current) return current.done
      const progress: Progress = { done: 0, total: 0, startedAt: clock() }
      const done = (async () => {
        try {
          progress.total = await sizeOf()
          return await look(progress, signal)
        } finally {
          current = null
        }
      })()
      current = { progress, done }
      return done
    },
    running: () => (current ? { ...current.progress } : null),
    async runs() {
      const rows = await store.db
        .selectFrom('scrub_runs')
        .selectAll()
        .orderBy('started_at', 'desc')
        .limit(mostRuns)
        .execute()
      return rows.map((row) => ({
        startedAt: row.started_at,
        finishedAt: row.finished_at,
        values: row.values_checked,
        files: row.files_checked,
        bytes: row.bytes,
        damaged: row.damaged,
        restored: row.restored,
        outcome: row.outcome,
      }))
    },
  }
}

/** Pages that SQLite cannot read are told apart from whatever else fails. */
function nextStep(steps: Generator<Checked, TableSeal>): IteratorResult<Checked, TableSeal> | 'unreadable' {
  try {
    return steps.next()
  } catch (error) {
    if (isUnreadableFile(error)) return 'unreadable'
    throw error
  }
}

const keyOf = (row: Awaited<ReturnType<typeof standingDamage>>[number]): string => {
  const { table, column, row: key } = placeOf(row)
  return `${table}.${column}/${key}`
}

const countsOf = (run: ScrubRun) => ({
  values_checked: run.values,
  files_checked: run.files,
  bytes: run.bytes,
  damaged: run.damaged,
  restored: run.restored,
  outcome: run.outcome,
})
