import { type Failure, failureOf, VigilError } from '../../shared/errors/index.ts'
import { type IpcArgs, type IpcChannel, type IpcResult, ipc } from '../../shared/ipc/index.ts'
import type { Log } from '../log.ts'
import type { WindowServices } from '../shell.ts'

/** One function per channel; the compiler sees that none is missing. */
export type CallHandlers = { [C in IpcChannel]: (args: IpcArgs<C>) => Promise<IpcResult<C>> }

/**
 * What the window may call. The channel must be in the contract and the arguments must pass its schema before any
 * handler sees them; what goes wrong comes back as a code.
 */
export function createInvoke(handlers: CallHandlers, log: Log): WindowServices['invoke'] {
  return async (channel, args) => {
    try {
      return { ok: true, value: await call(handlers, channel, args) }
    } catch (error) {
      const failure: Failure = failureOf(error)
      log.failure('call-failed', error, { channel: isChannel(channel) ? channel : 'unknown' })
      return { ok: false, failure }
    }
  }
}

async function call(handlers: CallHandlers, channel: unknown, args: unknown): Promise<unknown> {
  if (!isChannel(channel)) throw new VigilError('bad-request', { field: 'channel' })
  const parsed = ipc[channel].args.safeParse(args ?? undefined)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new VigilError('bad-request', { field: field.slice(0, 100) })
  }
  const handler = handlers[channel] as (args: unknown) => Promise<unknown>
  return handler(parsed.data)
}

function isChannel(channel: unknown): channel is IpcChannel {
  return typeof channel === 'string' && Object.hasOwn(ipc, channel)
}
