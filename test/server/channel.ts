import { Agent, request } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { type Api, api, fillPath } from '../../src/shared/api/index.ts'

/** A client's certificate and key, PEM. */
export interface ClientIdentity {
  certificate: string
  privateKey: string
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  body: any
  bytes: Buffer
}

export interface Call {
  params?: Record<string, string | number>
  query?: string
  body?: unknown
  /** Sent as it is, instead of `body` as JSON. */
  raw?: string | Buffer
  headers?: Record<string, string>
}

export interface Channel {
  call(name: keyof Api, call?: Call): Promise<Answer>
  send(method: string, path: string, call?: Call): Promise<Answer>
  /** The response as a stream, for events. */
  stream(path: string): Promise<Duplex>
  /** The socket that the last answer came on. */
  socket(): TLSSocket
  close(): void
}

/** One kept-alive connection to a gateway, as a workstation holds it; all calls of a channel go over the same socket. */
export function openChannel(to: { port: number; ca: string; identity?: ClientIdentity }): Channel {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 })
  let last: TLSSocket | undefined
  const options = {
    host: '127.0.0.1',
    port: to.port,
    ca: to.ca,
    ...(to.identity ? { cert: to.identity.certificate, key: to.identity.privateKey } : {}),
  }

  function send(method: string, path: string, call: Call = {}): Promise<Answer> {
    const payload = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
    const headers = {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
      ...call.headers,
    }
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...options, agent, method, path: path + (call.query ?? ''), headers })
      outgoing.once('error', reject)
      outgoing.once('response', (response) => {
        last = response.socket as TLSSocket
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const bytes = Buffer.concat(chunks)
          const isJson = String(response.headers['content-type']).startsWith('application/json')
          const body = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, bytes })
        })
      })
      outgoing.end(payload)
    })
  }

  return {
    call: (name, call = {}) => send(api[name].method, fillPath(api[name].path, call.params), call),
    send,
    stream: (path) =>
      new Promise((resolve, reject) => {
        const outgoing = request({ ...options, agent: false, method: 'GET', path })
        outgoing.once('error', reject)
        outgoing.once('response', (response) => {
          response.on('error', () => {})
          resolve(response as unknown as Duplex)
        })
        outgoing.end()
      }),
    socket: () => {
      if (!last) throw new Error('nothing was sent on this channel yet')
      return last
    },
    close: () => agent.destroy(),
  }
}
