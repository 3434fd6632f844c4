import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameBlock } from '../../src/server/hl7/index.ts'
import type { IncomingFeed } from '../../src/shared/api/index.ts'
import { writeTlsFiles } from '../server/orders/feed/tls-files.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { listeningConfig, listeningFiles } from './critical-day.ts'

/** The ways in for hospital systems, as an assessor with a scanner finds them. */
let gateway: ComposedGateway
let administrator: Session
let dir: string
const feeds = new Map<string, IncomingFeed>()
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-listeners-'))
  writeTlsFiles(dir)
  const tls = {
    certificateFile: join(dir, 'feed.pem'),
    keyFile: join(dir, 'feed.key'),
    clientCaFile: join(dir, 'feed-ca.pem'),
  }
  const { orderFeeds, replies } = listeningConfig()
  const tight = { connections: 20, largestMessageKb: 64, messageSeconds: 2 }
  gateway = await composeGateway({
    files: listeningFiles,
    config: {
      orderFeeds: [
        { ...orderFeeds[0], name: 'orders', ...tight },
        { ...orderFeeds[0], name: 'orders-tls', tls, ...tight },
      ],
      replies: {
        http: [
          { ...replies.http[0], name: 'replies', requestsPerSecond: 1000 },
          { ...replies.http[0], name: 'replies-tls', tls, requestsPerSecond: 1000 },
        ],
        mllp: [{ name: 'answers-tls', port: 0, peers: ['127.0.0.1'], tls, ...tight }],
      },
    },
  })
  administrator = await gateway.session(gateway.people['system-administrator'])
  for (const feed of await listed()) feeds.set(feed.name, feed)
})
afterAll(async () => {
  await gateway.remove()
  await rm(dir, { recursive: true, force: true })
})

const listed = async (): Promise<IncomingFeed[]> =>
  (await administrator.channel.call('incomingFeeds')).body.feeds
const portOf = (name: string) => feeds.get(name)!.port
const overTls = ['orders-tls', 'replies-tls', 'answers-tls']
const all = ['orders', 'replies', ...overTls]

/** The gateway's own work goes on, in a time that people do not notice. */
async function expectAnswering(): Promise<void> {
  const began = performance.now()
  expect((await administrator.channel.call('accounts')).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(5000)
}

describe.skipIf(process.platform !== 'linux')('a port scan', () => {
  it('finds the API alone where nothing else is configured, and what is configured beside it', async () => {
    const before = listening()
    const plain = await composeGateway()
    try {
      expect(listening().filter((port) => !before.includes(port))).toEqual([plain.apiPort()])
    } finally {
      await plain.remove()
    }
    const ports = [gateway.apiPort(), ...[...feeds.values()].map(({ port }) => port)]
    expect(ports).toHaveLength(6)
    expect(ports.filter((port) => !before.includes(port))).toEqual([])
    expect(
      addresses()
        .filter(({ port }) => ports.includes(port))
        .map(({ host }) => host),
    ).toEqual(ports.map(() => '0100007F'))
  })
})

describe('a listener over TLS', () => {
  const client = (port: number, ...options: string[]): Promise<boolean> =>
    new Promise((resolve) => {
      const identity = ['-cert', join(dir, 'sender.pem'), '-key', join(dir, 'sender.key')]
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', join(dir, 'feed-ca.pem')]
      const old = ['-cipher', 'DEFAULT@SECLEVEL=0', '-verify_return_error', ...identity, ...options]
      const child = spawn('openssl', [...args, ...old], { stdio: ['ignore', 'pipe', 'ignore'] })
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk
      })
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      child.on('exit', () => {
        clearTimeout(late)
        resolve(/Cipher is (?!\(NONE\))/.test(said))
      })
    })

  it.each(overTls)('%s speaks TLS 1.2 and 1.3, and nothing older', async (name) => {
    const port = portOf(name)
    for (const [version, expected] of [
      ['-tls1', false],
      ['-tls1_1', false],
      ['-tls1_2', true],
      ['-tls1_3', true],
    ] as const)
      expect([version, await client(port, version)]).toEqual([version, expected])
    for (const weak of ['NULL', 'aNULL', 'RC4', '3DES', 'EXPORT', 'kRSA'])
      expect([weak, await client(port, '-tls1_2', '-cipher', `${weak}:@SECLEVEL=0`)]).toEqual([weak, false])
    await expectAnswering()
  })

  it('of old is what this client can speak to', async () => {
    const [key, cert] = ['feed.key', 'feed.pem'].map((file) => readFileSync(join(dir, file)))
    const ciphers = 'DEFAULT@SECLEVEL=0'
    const server = createTlsServer({ key, cert, minVersion: 'TLSv1', ciphers } as object, (socket) => {
      socket.on('error', () => {})
    }).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => {})
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    expect(await client(port, '-tls1')).toBe(true)
    server.close()
  })

  it.each(overTls)('%s tells nothing to who shows no certificate, or one of another CA', async (name) => {
    const body = '{"id":"x"}'
    const head = `POST /replies HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const message = name.startsWith('replies') ? head : frameBlock(Buffer.from('MSH|^~\\&|A|B|C|D\r'))
    const stranger = {
      cert: readFileSync(join(dir, 'stranger.pem')),
      key: readFileSync(join(dir, 'stranger.key')),
    }
    for (const identity of [{}, stranger]) {
      const socket = connectTls({
        host: '127.0.0.1',
        port: portOf(name),
        rejectUnauthorized: false,
        ...identity,
      })
      socket.once('secureConnect', () => socket.write(message))
      expect(await everything(socket)).toBe('')
    }
    // In the clear, neither.
    const plain = connect({ host: '127.0.0.1', port: portOf(name) }, () => plain.write(message))
    expect(await everything(plain)).not.toMatch(/HTTP|MSH/)
  })
})

describe('a listener', () => {
  it.each(all)('%s is not there for who is not on its list', async (name) => {
    const before = (await listed()).find((feed) => feed.name === name)!.turnedAway
    const options = { host: '127.0.0.1', port: portOf(name), localAddress: '127.0.0.2' }
    const socket = connect(options, () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    expect(await everything(socket)).toBe('')
    const turnedAway = async () => (await listed()).find((feed) => feed.name === name)!.turnedAway
    await expect.poll(turnedAway, { timeout: 5000 }).toBe(before + 1)
  })

  it.each(all)(
    '%s cuts off who sends byte by byte, and answers others meanwhile',
    async (name) => {
      const slow = Array.from({ length: 15 }, () => connect({ host: '127.0.0.1', port: portOf(name) }))
      const ends = slow.map((socket) => everything(socket, 60_000))
      const start = name.startsWith('replies') ? 'POST /replies HTTP/1.1\r\nX: ' : '\x0bMSH|^~\\&|'
      for (const socket of slow) socket.write(start)
      const trickle = setInterval(() => {
        for (const socket of slow) if (socket.writable) socket.write('a')
      }, 200)
      try {
        await expectAnswering()
        if (!name.includes('tls')) expect(await asked(name)).not.toBe('')
        await Promise.all(ends)
      } finally {
        clearInterval(trickle)
      }
      expect(slow.map((socket) => socket.destroyed)).toEqual(slow.map(() => true))
    },
    90_000,
  )

  it.each(['orders', 'replies'])(
    '%s takes nothing larger than it said, and goes on',
    async (name) => {
      const large = Buffer.alloc(20 * 1_048_576, 'a')
      const head = `POST /replies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`
      const starts =
        name === 'orders'
          ? ['\x0bMSH|^~\\&|', '\x0b']
          : [
              `${head}Content-Length: ${large.length}\r\n\r\n`,
              `${head}Transfer-Encoding: chunked\r\n\r\n1400000\r\n`,
              'A'.repeat(20_000),
            ]
      for (const start of starts) {
        const socket = connect({ host: '127.0.0.1', port: portOf(name) })
        socket.write(start)
        socket.write(large)
        const said = await everything(socket, 30_000)
        expect(said).not.toContain('200 OK')
        expect(socket.destroyed).toBe(true)
      }
      expect(await asked(name)).not.toBe('')
      await expectAnswering()
    },
    90_000,
  )

  it.each(['orders', 'replies'])(
    '%s bears more connections than it takes',
    async (name) => {
      const many = Array.from({ length: 400 }, () => connect({ host: '127.0.0.1', port: portOf(name) }))
      for (const socket of many) socket.on('error', () => {})
      await sleep(300)
      await expectAnswering()
      for (const socket of many) socket.destroy()
      // Places are free again.
      await expect.poll(() => asked(name), { timeout: 10_000 }).not.toBe('')
    },
    60_000,
  )

  it('leaves the gateway whole, whatever was tried', async () => {
    await expectAnswering()
    expect((await gateway.beside(({ audit }) => audit.verify())).faults).toEqual([])
  })
})

/** What the listener says to something that it can answer. */
function asked(name: string, socket = connect({ host: '127.0.0.1', port: portOf(name) })): Promise<string> {
  socket.write(
    name === 'orders'
      ? frameBlock(Buffer.from('MSH|^~\\&|HIS|H|VIGIL|RAD|20261122150000||ORU^R01|X1|P|2.5.1\r'))
      : 'GET /replies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  socket.once('data', () => socket.end())
  return everything(socket)
}

/** All that comes until the other side ends it. */
function everything(socket: Socket, withinMs = 10_000): Promise<string> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error('the connection was left open'))
    }, withinMs)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(late)
      resolve(Buffer.concat(chunks).toString('latin1'))
    })
  })
}

/** What this process listens on, by the kernel's own table. */
function addresses(): { host: string; port: number }[] {
  const own = new Set(
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/self/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === '0A' && own.has(inode))
      .map(([, local = '']) => {
        const [host = '', port = ''] = local.split(':')
        return { host, port: Number.parseInt(port, 16) }
      }),
  )
}
const listening = () => addresses().map(({ port }) => port)
