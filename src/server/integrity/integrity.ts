import type { ProtectionStatus } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import { createDamageReports } from './damage-reports.ts'
import { createRepair, type Repair, type RepairParts } from './repair.ts'
import { createScrub, type Scrub } from './scrub.ts'
import type { ScrubSource } from './source.ts'
import { createIntegrityWatch, type IntegrityWatch } from './watch.ts'

export interface Integrity {
  /** The kinds of files that are looked at beside the database. */
  sources: readonly ScrubSource[]
  scrub: Scrub
  repair: Repair
  watch: IntegrityWatch
  status(): Promise<ProtectionStatus['scrub']>
  handlers: Handlers<'startScrub'>
}

/** Everything that is stored: looked at, told where it is damaged, and restored. */
export function createIntegrity(
  foundation: Foundation,
  deps: RepairParts & {
    /** Faults that SQLite finds in the database's file. */
    structureFaults(): Promise<number>
    /** How often it is looked whether something is due. */
    everyMs?: number
  },
): Integrity {
  const damage = createDamageReports(foundation)
  const stopping = new AbortController()
  let asked: Promise<unknown> = Promise.resolve()
  const repair = createRepair(foundation, deps)
  const scrub = createScrub(foundation, {
    damage,
    sources: deps.sources,
    structureFaults: deps.structureFaults,
    repair: async () => (await repair()).length,
  })
  const watch = createIntegrityWatch(foundation, {
    scrub,
    damage,
    repair,
    ...(deps.everyMs ? { everyMs: deps.everyMs } : {}),
  })
  return {
    sources: deps.sources,
    scrub,
    repair,
    watch: {
      ...watch,
      async stop() {
        stopping.abort()
        await Promise.all([watch.stop(), asked])
      },
    },
    status: async () => ({ running: scrub.running(), nextAt: watch.nextAt(), runs: await scrub.runs() }),
    handlers: {
      async startScrub({ principal }) {
        await foundation.audit.record({
          action: 'integrity.scrub-started',
          outcome: 'success',
          actor: {
            kind: 'account',
            id: principal.accountId,
            workstationId: principal.workstationId,
            sessionId: principal.sessionId,
          },
        })
        // It goes on by itself; the page asks how far it is.
        asked = scrub
          .run(stopping.signal)
          .catch((error: unknown) => foundation.log.error({ error: (error as Error).name }, 'scrub failed'))
        return {}
      },
    },
  }
}
