import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { HttpReplyFeed, ServerTls } from '../../../config/index.ts'
import { allowedPeers, plainAddress } from '../../../hl7/index.ts'
import { readServerTls } from '../../../incoming/index.ts'

const connections = 100
const drainMs = 2000
/** An answer with the longest texts, in whatever escapes. */
export const largestBody = 65_536

/** Slow senders are cut off: headers within this, the whole request within that. */
const limits = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
}

export interface ReplyServer {
  port: number
  close(): Promise<void>
}

/**
 * An HTTP(S) server for allow-listed peers: who is not on the list is gone before a byte is read.
 * @throws Error naming the file that cannot be read, or where the port is taken.
 */
export async function startReplyServer(
  { host, port, peers, tls }: HttpReplyFeed,
  deps: { handle: RequestListener; onTurnedAway: (peer: string) => void },
): Promise<ReplyServer> {
  const isAllowed = allowedPeers(peers)
  const server: Server = tls
    ? createTlsServer({ ...limits, ...(await optionsOf(tls)), minVersion: 'TLSv1.2', handshakeTimeout: 5000 })
    : createServer(limits)
  server.maxConnections = connections
  // The plain connection, before any handshake.
  server.prependListener('connection', (socket: Socket) => {
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (isAllowed(peer)) return
    socket.destroy()
    deps.onTurnedAway(peer)
  })
  server.on('request', deps.handle)
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const hurry = setTimeout(() => server.closeAllConnections(), drainMs)
        server.close(() => {
          clearTimeout(hurry)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

async function optionsOf(tls: ServerTls) {
  const files = await readServerTls(tls)
  const clients = files.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true }
  return { ...files, ...clients }
}

/** The whole body; null where it is larger than a reply can be. @throws where the sender went away. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > largestBody) return null
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > largestBody) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
