import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import type { ShippingDeps } from './deps.ts'
import { createShipper, productTimes, type ShippingTimes } from './shipper.ts'
import { createStallWatch } from './stall-watch.ts'
import { receiverName, shippingState } from './state.ts'

export type { ShippingTimes } from './shipper.ts'
export { staffOf } from './staff.ts'
export { shippingState } from './state.ts'

/** The audit's way to the hospital's log server: syslog over TLS, docs/decisions/0036. */
export interface AuditShipping {
  start(): void
  /** Lets go of the receiver. What it had not read is sent by the next gateway. */
  stop(): Promise<void>
  handlers: Pick<Handlers<'auditShipping'>, 'auditShipping'>
}

/** How often it is asked whether the receiver still takes anything, in ms. */
const watchEveryMs = 10_000

export function createAuditShipping(
  foundation: Foundation,
  deps: ShippingDeps & { times?: Partial<ShippingTimes>; watchEveryMs?: number },
): AuditShipping {
  const { log, config } = foundation
  const receiver = config.audit.shipping
  const name = receiverName(foundation)
  const shipper =
    receiver && name !== null
      ? createShipper(foundation, { ...deps, receiver, name, times: { ...productTimes, ...deps.times } })
      : null
  const watch = createStallWatch(foundation)
  let running: Promise<void> = Promise.resolve()
  let checking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  return {
    start() {
      if (shipper) running = shipper.run()
      timer = setInterval(() => {
        checking = checking
          .then(() => watch.check())
          .catch(() => log.error({ code: 'internal' }, 'audit shipping watch'))
      }, deps.watchEveryMs ?? watchEveryMs).unref()
    },
    async stop() {
      clearInterval(timer)
      shipper?.stop()
      await Promise.all([running, checking])
    },
    handlers: { auditShipping: () => shippingState(foundation) },
  }
}
