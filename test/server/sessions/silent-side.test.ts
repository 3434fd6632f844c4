import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openChannel } from '../channel.ts'
import { movableClock, startGateway, type TestGateway, type TestSession } from '../gateway-harness.ts'
import { listen, until } from './event-log.ts'

const minute = 60_000
let gateway: TestGateway
const cleanUp: (() => void)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0)) undo()
  await gateway.close()
})

async function oneSession(tuning: object = { sweepMs: 20 }) {
  const time = movableClock()
  gateway = await startGateway({ clock: time.clock, tuning })
  const workstation = await gateway.workstation('one')
  const session = await gateway.session(workstation, await gateway.person('reader'))
  return { ...time, session }
}

/** Connections that the gateway holds open. */
const held = () =>
  new Promise<number>((resolve, reject) => {
    gateway.listener.server.server.getConnections((error, n) => (error ? reject(error) : resolve(n)))
  })

/** A line that can be cut so that neither end is told: no FIN, no RST, no bytes. */
async function lineTo(port: number) {
  const near: Socket[] = []
  const server = createServer((socket) => {
    const far = connect(port, '127.0.0.1')
    near.push(socket, far)
    socket.pipe(far)
    far.pipe(socket)
    for (const end of [socket, far]) end.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => {
    for (const socket of near) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of near) {
        socket.unpipe()
        socket.pause()
      }
    },
  }
}

describe('a side that falls silent', () => {
  it('on a cut line is ended by the gateway, which keeps no connection of it', async () => {
    const { session, advance } = await oneSession()
    session.channel.close()
    const line = await lineTo(gateway.apiPort)
    const away = openChannel({
      port: line.port,
      ca: gateway.authorities.gatewayCa,
      identity: session.identity,
    })
    cleanUp.push(() => away.close())
    const { events } = await listen({ channel: away })
    expect((await away.call('session')).status).toBe(200)
    await until(async () => (await held()) >= 2)
    line.cut()
    advance(3 * minute)
    await until(async () => (await gateway.sessions.live()).length === 0)
    // The last connection is the sign-in's, on the workstation's certificate.
    await until(async () => (await held()) <= 1)
    expect(events.some((event) => event.kind === 'session-ended')).toBe(false)
    const back = await gateway.connect(session.identity).call('session')
    expect(back.body).toMatchObject({ code: 'session-ended', facts: { reason: 'no-sign-of-life' } })
  })

  it('as a suspended laptop does is told so when it comes back', async () => {
    const { session, advance } = await oneSession()
    const { events } = await listen(session)
    await session.report(1)
    for (let slept = 0; slept < 8 * 60; slept += 1) advance(minute)
    await until(() => events.at(-1)?.kind === 'session-ended')
    expect(events.at(-1)).toMatchObject({ reason: 'no-sign-of-life' })
    expect(await gateway.connect(session.identity).call('session')).toMatchObject({
      status: 401,
      body: { code: 'session-ended', facts: { reason: 'no-sign-of-life' } },
    })
  })

  it('though it takes no bytes any more has its stream ended before it fills the memory', async () => {
    const { session } = await oneSession()
    const { stream } = await listen(session)
    stream.pause()
    const memory = process.memoryUsage().rss
    const text = 'v'.repeat(400)
    let announced = 0
    for (; announced < 200_000 && streamsOpen(); announced += 1) {
      gateway.sessions.announce({ kind: 'dictionary-changed', version: text })
      if (announced % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(streamsOpen()).toBe(false)
    // What the two kernels buffer, and 64 kB: far less than what was announced to it in the end.
    expect(announced * text.length).toBeLessThan(40_000_000)
    expect(process.memoryUsage().rss - memory).toBeLessThan(150_000_000)

    function streamsOpen(): boolean {
      return gateway.sessions.streams() > 0
    }
  })

  it('and one that is not silent at all get no more connections than a workstation needs', async () => {
    const { session } = await oneSession()
    const channels = Array.from({ length: 70 }, () => gateway.connect(session.identity))
    const answers = []
    for (const channel of channels) answers.push(await channel.call('session'))
    const codes = answers.map((answer) => answer.body.code ?? answer.status)
    expect(codes.filter((code) => code === 200)).toHaveLength(64)
    expect(codes.filter((code) => code === 'too-many-requests')).toHaveLength(6)
    channels[0]?.close()
    await until(async () => (await (channels[69] as TestSession['channel']).call('session')).status === 200)
  })

  it('hears keep-alives while it listens', async () => {
    const { session } = await oneSession({ sweepMs: 20, keepAliveMs: 30 })
    const { events } = await listen(session)
    await until(() => events.filter((event) => event.kind === 'keep-alive').length >= 3)
  })
})
