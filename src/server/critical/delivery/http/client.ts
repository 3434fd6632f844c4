import http from 'node:http'
import https from 'node:https'
import type { ClientTls } from '../../../config/index.ts'
import { tlsOptions } from '../files.ts'

/** Larger than any honest answer to one message. */
const largestAnswer = 1_048_576

/** Why there is no answer. The message is the code alone. */
export class HttpTrouble extends Error {
  readonly code:
    | 'unreachable'
    | 'untrusted'
    | 'disconnected'
    | 'timeout'
    | 'answer-too-large'
    | 'answer-unreadable'

  constructor(code: HttpTrouble['code']) {
    super(code)
    this.name = 'HttpTrouble'
    this.code = code
  }
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT'
  url: URL
  headers: Record<string, string>
  body?: Buffer
}
export interface HttpAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

/** HTTP as a delivery needs it: kept connections, one deadline for the whole exchange, a cap on the answer, no redirects. */
export interface HttpClient {
  /** @throws HttpTrouble */
  call(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
  close(): void
}

/** @throws Error naming the file where a certificate is missing. */
export function createHttpClient(options: {
  tls?: ClientTls | undefined
  timeoutSeconds: number
  connections: number
}): HttpClient {
  const { timeoutSeconds, connections } = options
  // One more than messages in flight, for a poll or a test beside them.
  const pool = { keepAlive: true, maxSockets: connections + 1 }
  const plain = new http.Agent(pool)
  const secure = new https.Agent({ ...pool, ...tlsOptions(options.tls) })

  async function call(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000)
    const either = AbortSignal.any([signal, deadline])
    try {
      return await exchange(request, either)
    } catch (error) {
      if (error instanceof HttpTrouble) throw error
      if (deadline.aborted) throw new HttpTrouble('timeout')
      // A kept connection that the other side has just closed says nothing; every message may be repeated.
      if (error instanceof StaleSocket && !either.aborted) return call(request, signal)
      throw new HttpTrouble(troubleOf(error))
    }
  }

  function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, url, headers, body } = request
    const over = url.protocol === 'https:' ? https : http
    const agent = url.protocol === 'https:' ? secure : plain
    return new Promise((resolve, reject) => {
      const length = body ? { 'content-length': String(body.length) } : {}
      const sent = over.request(
        url,
        { method, headers: { ...headers, ...length }, agent, signal },
        (answer) => {
          const chunks: Buffer[] = []
          let size = 0
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length
            if (size > largestAnswer) sent.destroy(new HttpTrouble('answer-too-large'))
            else chunks.push(chunk)
          })
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          )
          answer.on('error', reject)
          answer.on('aborted', () => reject(new HttpTrouble('disconnected')))
        },
      )
      sent.on('error', (error: NodeJS.ErrnoException) =>
        reject(sent.reusedSocket && error.code === 'ECONNRESET' ? new StaleSocket() : error),
      )
      sent.end(body)
    })
  }

  return {
    call,
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

class StaleSocket extends Error {}

const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
])

/** Certificates are refused under many names; what is neither of the network nor of HTTP's own is one of them. */
function troubleOf(error: unknown): HttpTrouble['code'] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (unreachable.has(code)) return 'unreachable'
  if (code.startsWith('HPE_')) return 'answer-unreadable'
  if (/CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL|EPROTO/.test(code)) return 'untrusted'
  return 'disconnected'
}
