import type { Duplex } from 'node:stream'
import { SessionEvent } from '../../../src/shared/session/index.ts'
import type { Channel } from '../channel.ts'

/** Collects the events of a session's stream, from `hello` on. */
export async function listen(session: {
  channel: Channel
}): Promise<{ events: SessionEvent[]; stream: Duplex }> {
  const stream = await session.channel.stream('/v1/events')
  const events: SessionEvent[] = []
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    events.push(...lines.map((line) => SessionEvent.parse(JSON.parse(line))))
  })
  await until(() => events.some((event) => event.kind === 'hello'))
  return { events, stream }
}

/** Waits in real time. @throws Error where it does not come to pass. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  within = 2000,
  what = 'it',
): Promise<void> {
  const deadline = Date.now() + within
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come to pass in ${within} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
