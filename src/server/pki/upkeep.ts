import type { Foundation } from '../foundation.ts'
import type { Pki } from './live.ts'
import { sessionCaIsDone } from './rotation.ts'
import { serverCertificateDue } from './server-certificate.ts'

const hour = 3_600_000
const day = 24 * hour

/** What a running gateway does for its certificates by itself. */
export interface PkiUpkeep {
  start(): Promise<void>
  stop(): void
}

/**
 * Takes over what the command line rotated, within a second; makes a new server certificate when less than 30 days
 * remain or the configuration names the gateway otherwise; drops the old session CA once its last session must be over.
 */
export function createPkiUpkeep(
  foundation: Pick<Foundation, 'config' | 'clock' | 'log' | 'audit' | 'gatewayId'>,
  { pki, pollMs = 1000, checkMs = hour }: { pki: Pki; pollMs?: number; checkMs?: number },
): PkiUpkeep {
  const { config, clock, log, audit, gatewayId } = foundation
  const by = { kind: 'gateway', id: gatewayId } as const
  const timers: NodeJS.Timeout[] = []
  let complainedAt = Number.NEGATIVE_INFINITY

  async function check(): Promise<void> {
    const { authorities, rotation } = pki
    const due = serverCertificateDue(authorities.server.certificatePem, {
      now: clock(),
      serverNames: config.serverNames,
    })
    if (due) await rotation.server(by)
    if (sessionCaIsDone(authorities.generations, clock())) {
      await rotation.finish('session-ca', by, { force: true })
    }
  }

  /** A gateway whose CA key lies elsewhere goes on with what it has, and says so once a day. */
  async function complain(error: unknown): Promise<void> {
    if (clock() - complainedAt < day) return
    complainedAt = clock()
    log.error({ code: (error as NodeJS.ErrnoException).code ?? 'unknown' }, 'certificate upkeep failed')
    await audit.record({
      action: 'pki.upkeep-failed',
      outcome: 'failed',
      actor: by,
      object: { kind: 'certificate', id: 'gateway-server' },
    })
  }

  const quietly = (work: () => Promise<void>) =>
    work()
      .catch(complain)
      .catch(() => {})

  return {
    async start() {
      await quietly(check)
      timers.push(setInterval(() => void quietly(pki.refresh), pollMs))
      timers.push(setInterval(() => void quietly(check), checkMs))
      for (const timer of timers) timer.unref()
    },
    stop() {
      for (const timer of timers) clearInterval(timer)
    },
  }
}
