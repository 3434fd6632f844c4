import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChannel } from '../server/channel.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { params } from './patient.ts'

/**
 * A proxy between workstation and gateway that does to TLS records (RFC 8446, 5.1) what a bad cable, or somebody at it, would:
 * the answer comes whole or not at all, and the gateway goes on.
 */
type Harm = 'none' | 'flip' | 'cut' | 'exchange' | 'twice' | 'drop' | 'stall'
let gateway: ComposedGateway
let session: Session
let proxy: Server
let port = 0
let harm: { what: Harm; of: 'requests' | 'answers' } = { what: 'none', of: 'answers' }
/** Records that pass before the harm: the handshake's, so that it is work that is hit. */
const spared = { requests: 2, answers: 6 }
const sockets = new Set<Socket>()

beforeAll(async () => {
  gateway = await composeGateway()
  session = await gateway.session(gateway.people.radiologist)
  proxy = createServer((client) => {
    const up = connect({ host: '127.0.0.1', port: gateway.apiPort() })
    for (const socket of [client, up]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    const end = () => {
      client.destroy()
      up.destroy()
    }
    passing(client, up, 'requests', end)
    passing(up, client, 'answers', end)
    client.on('close', end)
    up.on('close', end)
  })
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
  port = (proxy.address() as { port: number }).port
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  proxy.close()
  await gateway.remove()
})

function passing(from: Socket, to: Socket, direction: typeof harm.of, end: () => void): void {
  let waiting = Buffer.alloc(0)
  let count = 0
  let held: Buffer | null = null
  from.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    for (;;) {
      if (waiting.length < 5) return
      const length = 5 + waiting.readUInt16BE(3)
      if (waiting.length < length) return
      const record = Buffer.from(waiting.subarray(0, length))
      waiting = waiting.subarray(length)
      count += 1
      pass(record)
    }
  })
  function pass(record: Buffer): void {
    const isHit = harm.of === direction && record[0] === 23 && count > spared[direction]
    if (!isHit || harm.what === 'none') return void to.write(record)
    if (harm.what === 'flip') {
      const place = 5 + ((count * 7919) % (record.length - 5))
      record[place] = (record[place] ?? 0) ^ 1
      to.write(record)
    } else if (harm.what === 'cut') {
      to.write(record.subarray(0, Math.floor(record.length / 2)))
      end()
    } else if (harm.what === 'twice') to.write(Buffer.concat([record, record]))
    else if (harm.what === 'exchange') {
      if (held) {
        to.write(Buffer.concat([record, held]))
        held = null
      } else held = record
    }
  }
}

const through = () => openChannel({ port, ca: gateway.authorities.gatewayCa, identity: session.identity })
/** What comes of a frame asked for over the proxy: its answer, or that there was none. */
async function frame(): Promise<'none' | { status: number; body: unknown }> {
  const channel = through()
  try {
    const late = new Promise<'none'>((resolve) => setTimeout(() => resolve('none'), 800))
    const answered = channel.call('frame', { params }).then(
      ({ status, body }) => ({ status, body: body as unknown }),
      () => 'none' as const,
    )
    return await Promise.race([answered, late])
  } finally {
    channel.close()
  }
}

describe('what is damaged between workstation and gateway', () => {
  it.each(
    (['flip', 'cut', 'twice', 'exchange', 'drop', 'stall'] as const).flatMap((what) =>
      (['requests', 'answers'] as const).map((of) => [what, of] as const),
    ),
  )('%s %s: comes whole or not at all, and the next attempt succeeds', async (what, of) => {
    harm = { what: 'none', of }
    const whole = await frame()
    expect(whole).toMatchObject({ status: 200 })
    harm = { what, of }
    for (let time = 0; time < (what === 'flip' ? 4 : 1); time += 1) {
      const answer = await frame()
      if (answer !== 'none') expect(answer).toEqual(whole)
      // What is hit is never the handshake alone: something has to have been refused.
      if (what === 'flip' || what === 'cut') expect(answer).toBe('none')
    }
    harm = { what: 'none', of }
    expect(await frame()).toEqual(whole)
    expect((await session.channel.call('session')).status).toBe(200)
  })
})
