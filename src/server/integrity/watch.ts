import { Cron } from 'croner'
import type { Foundation } from '../foundation.ts'
import { createSchemaCheck } from './check-schema.ts'
import { checkTable, checkWhole, sealsOf } from './check-tables.ts'
import { standingDamage } from './damage-list.ts'
import { type DamageReports, isUnreadableFile, journalPlace } from './damage-reports.ts'
import { createPace } from './pace.ts'
import type { Repair } from './repair.ts'
import { sealsOfLastRecord } from './row-seals.ts'
import type { Scrub } from './scrub.ts'

/** Tables that say who may do what: looked at whole when a gateway starts, and when another process wrote. */
const authority = new Set([
  'accounts',
  'account_certificates',
  'account_passwords',
  'account_totp',
  'binding_codes',
  'dictionary_versions',
  'enrolment_codes',
  'fallback_grants',
  'glass_breaks',
  'label_rule_versions',
  'lockouts',
  'object_labels',
  'pki_generations',
  'security_policies',
  'sessions',
  'settings',
  'study_claims',
  'study_labels',
  'workstations',
])

export interface IntegrityWatch {
  start(): void
  stop(): Promise<void>
  /** Looks at the tables of authority now. @returns how much was found. */
  look(): Promise<number>
  /** When the next scrub is due; null where none is. */
  nextAt(): number | null
}

/**
 * Scrubs by the schedule, restores what was found damaged meanwhile, and looks at what authority stands on when the gateway starts and soon after another process wrote to
 * the database: a row that was taken away or put back is told then, and not by the next night's scrub.
 */
export function createIntegrityWatch(
  foundation: Foundation,
  deps: { scrub: Scrub; damage: DamageReports; repair: Repair; everyMs?: number },
): IntegrityWatch {
  const { store, protection, clock, config, alarms, log } = foundation
  const { scrub, damage, repair, everyMs = 5000 } = deps
  const schemaFindings = createSchemaCheck()
  const abort = new AbortController()
  const schedule = new Cron(config.scrub.schedule, { paused: true })
  const startedAt = clock()
  let others = ''
  let looking: Promise<number> | null = null
  let running: Promise<unknown> = Promise.resolve()
  let due: number | null = null
  let known: ReadonlySet<string> = new Set()
  let timer: NodeJS.Timeout | undefined

  async function lookOnce(): Promise<number> {
    const pace = createPace(0.5, abort.signal)
    const lastSeals = await sealsOfLastRecord(store.db, protection)
    const snapshot = store.snapshot()
    let found = 0
    const told = async (findings: ReturnType<typeof checkWhole>) => {
      found += findings.length
      for (const { place, what } of findings) await damage.report(place, what)
    }
    try {
      await told(await schemaFindings(snapshot))
      const tables = store.seals.tables()
      for (const table of tables.filter(({ name }) => authority.has(name)))
        for (const { findings } of checkTable(snapshot, protection, table)) {
          await told(findings)
          await pace()
        }
      const seals = sealsOf(snapshot, protection, tables)
      if (seals) await told(checkWhole(snapshot, protection, seals, lastSeals))
    } finally {
      snapshot.close()
    }
    return found
  }

  const look = (): Promise<number> => {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  /** Twice what lies between two scrubs by the schedule. */
  function mostAge(): number {
    const [first, second] = schedule.nextRuns(2)
    return first && second ? 2 * (second.getTime() - first.getTime()) : Number.POSITIVE_INFINITY
  }

  async function overdue(): Promise<void> {
    const last = (await scrub.runs()).find(({ outcome }) => outcome === 'clean' || outcome === 'damaged')
    const since = last?.finishedAt ?? startedAt
    if (clock() - since > mostAge())
      await alarms.raise({ kind: 'scrub-overdue', severity: 'warning', facts: { since } })
    else await alarms.clear('scrub-overdue')
  }

  /** What was listed since is restored at once where a copy can; what none can, the next scrub tries again. */
  async function restore(): Promise<void> {
    const standing = await standingDamage(foundation)
    if (standing.every(({ id }) => known.has(id)) || scrub.running()) return
    known = new Set(standing.map(({ id }) => id))
    running = repair()
    await running
  }

  async function tick(): Promise<void> {
    const mark = store.mark().split('/')[1] ?? ''
    if (mark !== others) {
      others = mark
      await look()
    }
    await restore()
    const now = clock()
    due ??= nextAt()
    if (due === null || now < due) return
    due = null
    running = scrub.run(abort.signal)
    await running
    await overdue()
  }

  function nextAt(): number | null {
    return schedule.nextRun(new Date(clock()))?.getTime() ?? null
  }

  const again = () => {
    if (abort.signal.aborted) return
    timer = setTimeout(async () => {
      try {
        await tick()
      } catch (error) {
        if (isUnreadableFile(error)) await damage.refusal(error)
        else if (!abort.signal.aborted) log.error({ error: (error as Error).name }, 'integrity watch')
      }
      again()
    }, everyMs).unref()
  }

  return {
    look,
    nextAt: () => due ?? nextAt(),
    start() {
      // What was committed last may be gone, and nothing that is left can tell: but the log was found torn.
      const torn = store.journal === 'damaged' ? damage.report(journalPlace, 'work-lost') : Promise.resolve()
      torn
        .then(tick)
        .then(overdue)
        .catch(async (error: unknown) => {
          if (!abort.signal.aborted) await damage.refusal(error)
        })
        .finally(again)
    },
    async stop() {
      abort.abort()
      clearTimeout(timer)
      await Promise.allSettled([looking, running])
      schedule.stop()
    },
  }
}
