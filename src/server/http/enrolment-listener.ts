import type { Logger } from 'pino'
import { EnrolRequest, type EnrolResponse, enrolPath } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Authorities } from '../pki/index.ts'
import { createRateLimit } from './rate-limit.ts'
import {
  createTlsListener,
  declared,
  defaultLimits,
  type Listener,
  type ListenerLimits,
} from './tls-server.ts'
import { validated } from './validate.ts'

export interface EnrolmentListener {
  /** Opens or closes by whether a code is outstanding. Called by itself every `pollMs`, and on each new code. */
  refresh(): Promise<void>
  /** Null while closed. */
  port(): number | null
  /** The gateway has another certificate. */
  renewTls(): void
  close(): Promise<void>
}

/**
 * The listener that a workstation without a certificate speaks to: server-side TLS 1.3, one route, and there only while
 * an unexpired, unused code exists.
 */
export function createEnrolmentListener(deps: {
  authorities: Authorities
  listen: { host: string; port: number }
  /** Whether a code is outstanding. Another process (the CLI) may have made it, hence the poll. */
  outstanding(): Promise<boolean>
  /** @throws VigilError `enrolment-code-invalid` or `bad-request`. */
  enrol(request: EnrolRequest, address: string): Promise<EnrolResponse>
  clock: Clock
  log: Logger
  pollMs?: number
  limits?: Partial<ListenerLimits>
}): EnrolmentListener {
  let current: { listener: Listener; port: number } | null = null
  // A port chosen by the system stays the same when the listener opens again: it stands in tickets.
  let port = deps.listen.port
  let last: Promise<void> = Promise.resolve()
  let closed = false
  const perAddress = createRateLimit({ burst: 10, everyMs: 6000, keys: 1000, clock: deps.clock })
  const together = createRateLimit({ burst: 60, everyMs: 1000, keys: 1, clock: deps.clock })

  function build(): Listener {
    const listener = createTlsListener({
      tls: () => ({ key: deps.authorities.server.keyPem, cert: deps.authorities.server.certificatePem }),
      limits: { ...defaultLimits, connections: 50, keepAliveMs: 5000, drainMs: 2000, ...deps.limits },
      log: deps.log,
    })
    listener.server.route({
      method: 'POST',
      url: enrolPath,
      bodyLimit: 16_384,
      config: { [declared]: true },
      onRequest: async (request) => {
        perAddress.take(request.ip)
        together.take('all')
      },
      handler: async (request, reply) => {
        validated('query', undefined, request.query)
        const body = validated('body', EnrolRequest, request.body) as EnrolRequest
        const answer = await deps.enrol(body, request.ip)
        reply.raw.once('close', () => void refresh())
        return reply.header('connection', 'close').send(answer)
      },
    })
    return listener
  }

  async function settle(): Promise<void> {
    const wanted = !closed && (await deps.outstanding())
    if (wanted && !current) {
      const listener = build()
      try {
        port = await listener.listen({ host: deps.listen.host, port })
      } catch (error) {
        await listener.close()
        throw error
      }
      current = { listener, port }
      deps.log.info({ port }, 'enrolment open')
    } else if (!wanted && current) {
      const { listener } = current
      current = null
      await listener.close()
      deps.log.info('enrolment closed')
    }
  }

  /** One after another, so that an opening and a closing never cross. */
  function refresh(): Promise<void> {
    const next = last.then(settle)
    last = next.catch((error: unknown) => {
      deps.log.error({ code: (error as NodeJS.ErrnoException).code ?? 'unknown' }, 'enrolment listener')
    })
    return last
  }

  const timer = setInterval(() => void refresh(), deps.pollMs ?? 250)
  timer.unref()
  return {
    refresh,
    port: () => current?.port ?? null,
    renewTls: () => current?.listener.renewTls(),
    async close() {
      closed = true
      clearInterval(timer)
      await refresh()
    },
  }
}
