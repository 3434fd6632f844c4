import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type BlockCollector, createBlockCollector, frameBlock } from './mllp.ts'
import { allowedPeers, plainAddress } from './peers.ts'

/** What one connection, or all together, may take. Times in ms, sizes in bytes. */
export interface MllpLimits {
  connections: number
  message: number
  /** Between messages. Senders keep connections for hours. */
  idleMs: number
  /** From a block's first byte to its last, and for an answer to be taken. */
  blockMs: number
  handshakeMs: number
  /** How long messages being taken in may go on after `close`. */
  drainMs: number
}

export const defaultMllpLimits: MllpLimits = {
  connections: 50,
  message: 1_048_576,
  idleMs: 3_600_000,
  blockMs: 30_000,
  handshakeMs: 10_000,
  drainMs: 5000,
}

/** Why a connection was ended from this side. */
export type Disconnection = 'not-allowed' | 'too-many-connections' | 'handshake' | 'too-large' | 'too-slow'

export interface MllpListener {
  /** Resolves to the port. */
  listen(address: { host: string; port: number }): Promise<number>
  connections(): number
  /** Takes no more connections and messages, answers what it has, and ends. */
  close(): Promise<void>
}

/**
 * An MLLP server. Who is not on the list of peers is gone before a byte is read. One message is in flight on a connection:
 * the next is not looked at before the answer is written.
 */
export function createMllpListener(options: {
  /** PEM. With `ca`, clients must show a certificate of one of these. */
  tls?: { cert: string; key: string; ca?: string }
  peers: readonly string[]
  limits?: Partial<MllpLimits>
  /** Takes one message's bytes and gives the answer's; null ends the connection without one. Must not throw. */
  receive(block: Buffer, peer: string): Promise<Buffer | null>
  onDisconnected(why: Disconnection, peer: string): void
}): MllpListener {
  const limits = { ...defaultMllpLimits, ...options.limits }
  const isAllowed = allowedPeers(options.peers)
  const sockets = new Set<Socket>()
  const exchanges = new Set<Promise<void>>()
  /** Connections that are still in their TLS handshake, and whose. */
  const handshakes = new Map<string, string>()
  let closing = false
  const secure = options.tls ? secured(options.tls) : null

  const server: Server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const peer = plainAddress(socket.remoteAddress ?? '')
    // Before anything else: an unheard error would bring the gateway down.
    socket.on('error', () => socket.destroy())
    const refuse = (why: Disconnection) => {
      socket.destroy()
      options.onDisconnected(why, peer)
    }
    if (closing) return void socket.destroy()
    if (!isAllowed(peer)) return refuse('not-allowed')
    if (sockets.size >= limits.connections) return refuse('too-many-connections')
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (!secure) return serve(socket, peer)
    const key = connectionKey(socket)
    handshakes.set(key, peer)
    socket.once('close', () => {
      if (handshakes.delete(key) && !closing) options.onDisconnected('handshake', peer)
    })
    secure.emit('connection', socket)
  })

  function secured(tls: { cert: string; key: string; ca?: string }): Server {
    const { cert, key, ca } = tls
    const clients = ca ? { ca, requestCert: true, rejectUnauthorized: true } : {}
    const over = createTlsServer({
      cert,
      key,
      ...clients,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.handshakeMs,
    })
    over.on('secureConnection', (socket) => {
      socket.on('error', () => socket.destroy())
      handshakes.delete(connectionKey(socket))
      serve(socket, plainAddress(socket.remoteAddress ?? ''))
    })
    // A socket that failed no longer says whose it was: the plain one below it is told when it closes.
    over.on('tlsClientError', (_error, socket) => socket.destroy())
    return over
  }

  function serve(socket: Socket, peer: string): void {
    const collector = createBlockCollector(limits.message)
    const waiting: Buffer[] = []
    let busy = false
    const end = (why: Disconnection) => {
      socket.destroy()
      options.onDisconnected(why, peer)
    }
    const timer = deadline(limits, collector, { idle: () => socket.end(), slow: () => end('too-slow') })
    socket.once('close', timer.stop)

    async function work(): Promise<void> {
      busy = true
      socket.pause()
      timer.stop()
      for (let block = waiting.shift(); block && !socket.destroyed && !closing; block = waiting.shift()) {
        const answer = await options.receive(block, peer)
        if (answer === null) return void socket.destroy()
        if (!(await written(socket, frameBlock(answer), limits.blockMs))) return end('too-slow')
      }
      busy = false
      if (closing) return void socket.end()
      timer.start()
      socket.resume()
    }

    socket.on('data', (chunk: Buffer) => {
      try {
        waiting.push(...collector.take(chunk))
      } catch {
        return end('too-large')
      }
      timer.look()
      if (busy || waiting.length === 0) return
      const exchange = work().finally(() => exchanges.delete(exchange))
      exchanges.add(exchange)
    })
    timer.start()
  }

  return {
    connections: () => sockets.size,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port }, () => {
          server.off('error', reject)
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : port)
        })
      }),
    async close() {
      closing = true
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      const late = new Promise<void>((resolve) => setTimeout(resolve, limits.drainMs).unref())
      await Promise.race([Promise.allSettled([...exchanges]), late])
      for (const socket of sockets) socket.destroy()
      if (server.listening || sockets.size > 0) await Promise.race([ended, late])
    },
  }
}

function connectionKey({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** The one timer of a connection: idle between blocks, slow within one. It is not moved by bytes that only trickle in. */
function deadline(
  limits: MllpLimits,
  collector: BlockCollector,
  late: { idle: () => void; slow: () => void },
): { start(): void; look(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null
  let inBlock = false
  const stop = () => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  const start = () => {
    stop()
    inBlock = collector.inBlock()
    timer = inBlock ? setTimeout(late.slow, limits.blockMs) : setTimeout(late.idle, limits.idleMs)
    timer.unref()
  }
  return {
    start,
    stop,
    look: () => {
      if (collector.inBlock() !== inBlock) start()
    },
  }
}

/** True once the other side has room for it; false where it does not take it in time, or went away. */
function written(socket: Socket, bytes: Buffer, withinMs: number): Promise<boolean> {
  if (socket.write(bytes)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const settle = (taken: boolean) => {
      clearTimeout(timer)
      socket.off('drain', drained).off('close', gone)
      resolve(taken)
    }
    const drained = () => settle(true)
    const gone = () => settle(false)
    const timer = setTimeout(gone, withinMs)
    socket.once('drain', drained).once('close', gone)
  })
}
