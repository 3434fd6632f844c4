import { Agent, type AgentOptions } from 'node:https'
import { isIP } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { channelError } from './failures.ts'

/** One end of a mutual-TLS channel: where the gateway is, its CAs as the only roots, and our key and certificate (PEM). */
export interface ChannelIdentity {
  host: string
  port: number
  /** Asked at each connection: the gateway may get another CA while a session lives. */
  gatewayCa(): string
  key: string
  certificate: string
}

const connectTimeoutMs = 10_000

function tlsOptions(identity: ChannelIdentity): ConnectionOptions {
  return {
    ca: identity.gatewayCa(),
    key: identity.key,
    cert: identity.certificate,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    rejectUnauthorized: true,
  }
}

/** Pooled connections under one identity; at most `sockets` at once. */
export function pooledAgent(identity: ChannelIdentity, sockets: number): Agent {
  const options: AgentOptions = {
    ...tlsOptions(identity),
    keepAlive: true,
    keepAliveMsecs: 15_000,
    maxSockets: sockets,
    // The socket used last is the one least likely to have been closed by the other side.
    scheduling: 'lifo',
  }
  const agent = new Agent(options)
  const connectTls = agent.createConnection
  agent.createConnection = (options, done) => {
    const socket = connectTls.call(agent, { ...options, ca: identity.gatewayCa() }, done)
    // node:http listens to its errors only while a request runs; one at the very end must not end the process unheard.
    socket?.on('error', () => {})
    return socket
  }
  return agent
}

/** One connection, and what binds a signature to it. */
export interface BoundConnection {
  /** Serves requests over this connection only; once it is lost every request fails. */
  agent: Agent
  /** TLS exporter of RFC 9266 (label EXPORTER-Channel-Binding, empty context, 32 bytes). */
  exporter: Uint8Array
  close(): void
}

/**
 * Opens the one connection that a sign-in or unlock runs over.
 * @throws VigilError of the channel
 */
export async function bindConnection(identity: ChannelIdentity): Promise<BoundConnection> {
  const socket = await open(identity)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let given = false
  agent.createConnection = () => {
    if (given || socket.destroyed) throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' })
    given = true
    return socket
  }
  return {
    agent,
    exporter: socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)),
    close: () => {
      agent.destroy()
      socket.destroy()
    },
  }
}

function open(identity: ChannelIdentity): Promise<TLSSocket> {
  const { host, port } = identity
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...tlsOptions(identity),
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
    })
    const fail = (error: unknown) => {
      socket.destroy()
      reject(channelError(error))
    }
    socket.setTimeout(connectTimeoutMs, () =>
      fail(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    )
    // It stays: an error between two requests must find a listener, and a settled promise does not mind.
    socket.on('error', fail)
    socket.once('secureConnect', () => {
      socket.setTimeout(0)
      resolve(socket)
    })
  })
}
