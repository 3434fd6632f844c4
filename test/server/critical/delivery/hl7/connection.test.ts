import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { GatewayConfig } from '../../../../../src/server/config/index.ts'
import { createHl7Connection } from '../../../../../src/server/critical/delivery/hl7/connection.ts'
import { createBlockReader, frameBlock } from '../../../../../src/server/hl7/mllp.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

const ack = (code: string, controlId: string) =>
  `MSH|^~\\&|H|H|V|R|1||ACK|1|P|2.5.1\rMSA|${code}|${controlId}\r`

/** A receiver that does with each message what `answer` says; the other end of a real socket. */
async function connectTo(
  answer: (say: (text: string) => void, socket: Socket, message: Buffer) => void,
  charset = 'utf-8',
) {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    const read = createBlockReader()
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const block of read(chunk))
        answer((text) => socket.write(frameBlock(Buffer.from(text))), socket, block)
    })
    cleanups.push(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  cleanups.push(() => server.close())
  const [target] = GatewayConfig.parse({
    criticalTargets: [
      { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port, charset, ackTimeoutSeconds: 1 },
    ],
  }).criticalTargets
  if (target?.kind !== 'hl7-mllp') throw new Error('no target')
  const connection = createHl7Connection(target)
  cleanups.push(() => connection.close())
  return { connection, server, connections: () => connections }
}

describe('an exchange', () => {
  it('takes only the answer to its own message, and no commit acknowledgement for one', async () => {
    const { connection } = await connectTo((say) => {
      say(ack('AA', 'OTHER'))
      say(ack('CA', 'MINE'))
      say(ack('AE', 'MINE'))
    })
    expect(await connection.exchange('MSH|1\r', 'MINE')).toMatchObject({
      answer: { code: 'AE', controlId: 'MINE' },
    })
  })

  it('is not settled by answers to others alone', async () => {
    const { connection } = await connectTo((say) => say(ack('AA', 'OTHER')))
    await expect(connection.exchange('MSH|1\r', 'MINE')).rejects.toMatchObject({ code: 'ack-timeout' })
  })

  it('keeps its connection, and passes over late repeats of earlier answers', async () => {
    let count = 0
    const { connection, connections } = await connectTo((say) => {
      count++
      if (count === 1) {
        say(ack('AA', 'ONE'))
        say(ack('AA', 'ONE'))
      } else {
        say(ack('AA', 'ONE'))
        say(ack('AR', 'TWO'))
      }
    })
    expect((await connection.exchange('MSH|1\r', 'ONE')).answer.code).toBe('AA')
    expect((await connection.exchange('MSH|2\r', 'TWO')).answer.code).toBe('AR')
    expect(connections()).toBe(1)
  })

  it.each([
    ['ack-unreadable', (say: (text: string) => void) => say('hello')],
    [
      'ack-unreadable',
      (_: unknown, socket: Socket) =>
        socket.write(Buffer.concat([Buffer.of(0x0b), Buffer.alloc(80_000, 65)])),
    ],
    ['disconnected', (_: unknown, socket: Socket) => socket.destroy()],
    ['disconnected', (_: unknown, socket: Socket) => socket.end()],
    ['ack-timeout', () => {}],
  ] as const)('fails with %s (%#), and the next one begins anew', async (code, misbehave) => {
    let first = true
    const { connection, connections } = await connectTo((say, socket) => {
      if (first) misbehave(say, socket)
      else say(ack('AA', 'MINE'))
      first = false
    })
    await expect(connection.exchange('MSH|1\r', 'MINE')).rejects.toMatchObject({ code })
    expect((await connection.exchange('MSH|1\r', 'MINE')).answer.code).toBe('AA')
    expect(connections()).toBe(2)
  })

  it('fails with unreachable where nobody listens', async () => {
    const { connection, server } = await connectTo(() => {})
    await new Promise((resolve) => server.close(resolve))
    await expect(connection.exchange('MSH|1\r', 'MINE')).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('opens a new connection after the receiver closed an idle one', async () => {
    let closed: Promise<unknown> | undefined
    const { connection, connections } = await connectTo((say, socket) => {
      say(ack('AA', 'MINE'))
      setTimeout(() => socket.end(), 20)
      closed ??= new Promise((resolve) => socket.once('close', resolve))
    })
    await connection.exchange('MSH|1\r', 'MINE')
    await closed
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await connection.exchange('MSH|1\r', 'MINE')).answer.code).toBe('AA')
    expect(connections()).toBe(2)
  })

  it('writes GB18030 where the target reads that', async () => {
    const seen: Buffer[] = []
    const { connection } = await connectTo((say, _socket, message) => {
      seen.push(Buffer.from(message))
      say(ack('AA', 'MINE'))
    }, 'gb18030')
    await connection.exchange('危急', 'MINE')
    // 危 is CE A3 and 急 BC B1 in GBK, which GB18030 contains.
    expect(seen).toEqual([Buffer.from('cea3bcb1', 'hex')])
  })
})
