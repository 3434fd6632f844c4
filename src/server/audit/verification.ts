import { Cron } from 'croner'
import type { Logger } from 'pino'
import type { AuditVerificationState } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Alarms } from '../alarms/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Protection } from '../protection/index.ts'
import type { Store } from '../store/index.ts'
import type { AuditArchive } from './archive.ts'
import { type Checkpoints, isSigned } from './checkpoints.ts'
import type { AuditEntry, AuditTrail } from './index.ts'
import { type LastVerification, readLastVerification, writeLastVerification } from './last-verification.ts'

/** Every night, before the reports of the day are made, so that they can say what it found. */
const nightly = '15 0 * * *'
const gateway = { kind: 'gateway', id: 'gateway' } as const

/** Faults that are kept of a run; more are one matter. */
const mostKept = 200

class Stopped extends Error {}

/**
 * The proof of the whole trail, while the gateway goes on: its chain and look-up index, the newest checkpoints, and the archive
 * files. Once a night, and whenever the auditor asks. What it finds broken stands as an alarm until a later run finds it whole;
 * how the last one ended is kept over a restart.
 */
export function createVerification(deps: {
  audit: AuditTrail
  alarms: Alarms
  store: Store
  protection: Protection
  checkpoints: Checkpoints
  archive: AuditArchive
  clock: Clock
  log: Logger
}): {
  readonly handlers: Handlers<'auditVerification' | 'verifyAudit'>
  /** Begins one where none runs. */
  begin(actor: AuditEntry['actor']): Promise<void>
  /** The run that was begun last, to its end. */
  finished(): Promise<void>
  /** Looks at the archive files at once, shortly; then all of it every night. */
  start(): void
  stop(): Promise<void>
} {
  const { audit, alarms, store, protection, checkpoints, archive, clock, log } = deps
  type Run = LastVerification & { running: boolean }
  const never: Run = { running: false, rows: 0, total: 0, startedAt: null, finishedAt: null, faults: [] }
  /** Null before the first of this process. */
  let latest: Run | null = null
  let working: Promise<void> = Promise.resolve()
  let stopped = false
  let cron: Cron | undefined

  async function begin(actor: AuditEntry['actor']): Promise<void> {
    if (latest?.running) return
    const run: Run = { ...never, running: true, startedAt: clock() }
    const before = latest
    latest = run
    try {
      await audit.record({ action: 'audit.verification-started', outcome: 'success', actor })
    } catch (error) {
      latest = before
      throw error
    }
    working = work(run, actor)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped))
          log.error({ code: (error as { code?: unknown }).code }, 'audit not verified')
      })
      .finally(() => {
        run.running = false
      })
  }

  async function work(run: Run, actor: AuditEntry['actor']): Promise<void> {
    const { total } = await store.db
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    run.total = total
    const { rows, faults } = await audit.verify((so) => {
      run.rows = so
      if (stopped) throw new Stopped()
    })
    const kept = await checkpoints.newest(100)
    const forged = kept.filter((one) => !isSigned(one, checkpoints.certificatePem))
    const against = await checkpoints.verifyAgainst(kept.filter((one) => !forged.includes(one)))
    const found = [
      ...faults,
      ...(against && !faults.some(({ seq }) => seq <= against.seq) ? [against] : []),
      ...forged.map(({ seq }) => ({ seq, fault: 'changed' as const })),
    ]
    const { damaged } = await archive.check(true)
    Object.assign(run, { rows, total: Math.max(total, rows), faults: found, finishedAt: clock() })
    const [first] = found
    await store.transaction(async (trx) => {
      const { running: _, ...last } = run
      await writeLastVerification(trx, protection, { ...last, faults: found.slice(0, mostKept) })
      await audit.append(trx, {
        action: 'audit.verified',
        outcome: first ? 'failed' : 'success',
        actor,
        detail: { rows, ...(first ?? {}), ...(damaged.length > 0 ? { archives: damaged.join(' ') } : {}) },
      })
    })
    if (first) await alarms.raise({ kind: 'audit-broken', severity: 'serious', facts: { ...first } })
    else await alarms.clear('audit-broken')
  }

  async function state(): Promise<AuditVerificationState> {
    const last = await readLastVerification(store.db, protection)
    const checkpoint = await checkpoints.latest()
    const shipped = await checkpoints.lastShipped()
    return {
      ...(latest ?? { ...never, ...last }),
      checkpoint: checkpoint && {
        seq: checkpoint.seq,
        at: checkpoint.at,
        shippedSeq: shipped?.seq ?? null,
        shippedAt: shipped?.at ?? null,
      },
    }
  }

  /** The month that ended is written, then everything is proven. */
  async function night(): Promise<void> {
    await archive.writeDue(gateway)
    await begin(gateway)
  }

  const surely = (what: Promise<unknown>) =>
    what.then(
      () => {},
      (error: unknown) => log.error({ code: (error as { code?: unknown }).code }, 'audit not looked after'),
    )

  return {
    begin,
    finished: () => working,
    handlers: {
      auditVerification: state,
      async verifyAudit({ principal, address }) {
        await begin(auditActor(principal, address))
        return state()
      },
    },
    start() {
      working = surely(archive.writeDue(gateway).then(() => archive.check(false)))
      cron = new Cron(nightly, { unref: true }, () => surely(night()))
    },
    async stop() {
      stopped = true
      cron?.stop()
      await working
    },
  }
}
