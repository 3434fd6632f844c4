import { constants } from 'node:crypto'
import type { Server, ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import { loggable, wireFailure } from './failure.ts'
import { statusOf } from './status.ts'

export type TlsFastify = FastifyInstance<Server>

/** What one connection, or all together, may take. Times in ms. */
export interface ListenerLimits {
  handshakeMs: number
  /** From the connection, or the last answer, to the last header byte. */
  headersMs: number
  /** To the last body byte. */
  requestMs: number
  keepAliveMs: number
  /** How often the two above are looked at. */
  checkEveryMs: number
  /** How long open requests may go on after `close`. */
  drainMs: number
  connections: number
}

export const defaultLimits: ListenerLimits = {
  handshakeMs: 10_000,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 75_000,
  checkEveryMs: 2000,
  drainMs: 5000,
  connections: 2000,
}

/** What came to a listener and was not a request. */
export interface ListenerCounters {
  handshakeFailures: number
  malformedRequests: number
}

/** What a handshake goes by, PEM: our own key and certificate, and the CAs of clients, where they show one. */
export interface TlsMaterial {
  key: string
  cert: string
  ca?: string[]
}

export interface Listener {
  server: TlsFastify
  counters: ListenerCounters
  /** Asks for the certificates again, for connections from now on; those that stand go on. */
  renewTls(): void
  /** Resolves to the port. */
  listen(address: { host: string; port: number }): Promise<number>
  /** Lets open requests finish, within the drain time. */
  close(): Promise<void>
}

/** Routes carry this in their config; one without it did not come from the route table. */
export const declared = Symbol('declared route')
declare module 'fastify' {
  interface FastifyContextConfig {
    [declared]?: true
  }
}

/**
 * Fastify over TLS 1.3 and nothing older, without session resumption: each connection proves its certificate anew.
 * Every failure, the framework's own included, is answered as a `Failure`; a route that was not declared does not start.
 */
export function createTlsListener(options: {
  /** Asked at the start and at each `renewTls`. */
  tls: () => TlsMaterial
  /** What is wanted of clients; nothing where left out. */
  clients?: Pick<ServerOptions, 'requestCert' | 'rejectUnauthorized'>
  limits: ListenerLimits
  log: Logger
}): Listener {
  const { limits, log } = options
  const counters: ListenerCounters = { handshakeFailures: 0, malformedRequests: 0 }
  const secured = new WeakSet<Socket>()
  const context = () => ({
    ...options.tls(),
    minVersion: 'TLSv1.3' as const,
    // Tickets off and no session cache: nothing to resume from.
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
  const server = Fastify({
    https: {
      ...context(),
      ...options.clients,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.handshakeMs,
      maxHeaderSize: 8192,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    logger: false,
    bodyLimit: 16_384,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    trustProxy: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    clientErrorHandler: (error, socket) => {
      // A failed handshake comes here as well, and the other side's leaving; there is nobody to answer then.
      const left = !socket.writable || (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      if (left || !secured.has(socket)) return void socket.destroy()
      counters.malformedRequests += 1
      refuseRaw(error as NodeJS.ErrnoException, socket)
    },
    frameworkErrors: (error, _request, reply) => {
      const failure = wireFailure(error)
      void (reply as FastifyReply).code(statusOf(failure.code)).send(failure)
    },
  }) as unknown as TlsFastify

  const https = server.server
  https.headersTimeout = limits.headersMs
  https.maxConnections = limits.connections
  https.on('tlsClientError', () => {
    counters.handshakeFailures += 1
  })
  https.on('secureConnection', (socket) => secured.add(socket))
  const sockets = new Set<Socket>()
  https.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  // JSON only, and an empty body is no body.
  server.removeAllContentTypeParsers()
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parseJson(request, body as string, done)
  })

  server.addHook('onRoute', (route) => {
    if (route.config?.[declared]) return
    throw new Error(`route ${String(route.method)} ${route.url} is not in the route table`)
  })
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  })
  // An answer given while closing is its connection's last.
  let closing = false
  server.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not-found' }))
  server.setErrorHandler((error, request, reply) => {
    const failure = wireFailure(error)
    if (failure.code === 'internal')
      log.error({ route: request.routeOptions.url, ...loggable(error) }, 'internal')
    // Where the body was not read to its end, the rest of it must not be taken for the next request.
    if (failure.code === 'too-large' || statusOf(failure.code) === 401) reply.header('connection', 'close')
    return reply.code(statusOf(failure.code)).send(failure)
  })

  return {
    server,
    counters,
    renewTls: () => https.setSecureContext(context()),
    async listen({ host, port }) {
      await server.listen({ host, port })
      const address = https.address()
      return typeof address === 'object' && address ? address.port : port
    },
    async close() {
      closing = true
      const deadline = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, limits.drainMs)
      await server.close()
      clearTimeout(deadline)
    },
  }
}

/** An answer to what is not HTTP, or came too slowly, or with too many headers; then the end of the connection. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-request'
  const body = JSON.stringify({ code, facts: { where: 'headers' } })
  socket.write(
    `HTTP/1.1 ${statusOf(code)} Refused\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  socket.destroySoon()
}
