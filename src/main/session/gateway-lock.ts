import { api } from '../../shared/api/index.ts'
import { type ApiCall, isUnreachable } from '../channel/index.ts'
import type { Log } from '../log.ts'

const retryMs = 3_000

/** Has the gateway lock the session as well: until it has, or `needed` says that there is nothing to lock any more. */
export async function lockOnGateway(call: ApiCall, needed: () => boolean, log: Log): Promise<void> {
  while (needed()) {
    try {
      await call(api.lock)
      return
    } catch (error) {
      if (!isUnreachable(error)) return log.failure('lock-on-gateway', error)
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}
