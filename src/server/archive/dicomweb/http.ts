import http from 'node:http'
import https from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { VigilError } from '../../../shared/errors/index.ts'
import { limitTo } from '../concurrency.ts'
import { readInPlace } from './read-in-place.ts'

/** The PACS answered, with a status that is no success. */
export class HttpStatus extends Error {
  readonly status: number

  constructor(status: number) {
    super(`HTTP ${status}`)
    this.name = 'HttpStatus'
    this.status = status
  }
}

export interface PacsHttp {
  /**
   * GETs a path below the base URL and hands the answer to `consume`. Connections are kept and bounded; a connection that
   * the PACS resets is tried again, since GET changes nothing.
   * @throws HttpStatus for an answer that is no success, VigilError `archive-unavailable` where there is no answer
   */
  get<T>(request: PacsRequest, consume: (answer: http.IncomingMessage) => Promise<T>): Promise<T>
  close(): void
}

export interface PacsRequest {
  /** Percent-encoded, beginning with a slash. */
  path: string
  accept: string
  signal?: AbortSignal | undefined
}

/** Enough to fill a hospital PACS's line, few enough to leave it room for others. */
const connections = 8
const retryDelaysMs = [100, 400]
const retryCodes = new Set(['ECONNRESET', 'EPIPE'])

export function createPacsHttp(options: {
  base: URL
  authorization: string | null
  timeoutMs: number
  log: Logger
}): PacsHttp {
  const { base, authorization, timeoutMs, log } = options
  const secure = base.protocol === 'https:'
  const agentOptions = {
    keepAlive: true,
    maxSockets: connections,
    // Not a request's own: Node leaves a kept connection, whose timer it had set to what the PACS says that it keeps one (a second,
    // of Orthanc), as it is for a request with the agent's timeout; an answer that took longer was then given up.
    timeout: timeoutMs + 1,
    // Off what the PACS says that it keeps a connection: Node's own second would leave nothing of Orthanc's.
    agentKeepAliveTimeoutBuffer: 100,
  }
  const agent = secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions)
  readInPlace(agent)
  const limit = limitTo(connections)
  const root = base.href.replace(/\/+$/, '')

  /** Of connections that had been kept: the PACS may have closed one just as it was taken up again. */
  const closedMeanwhile = new WeakSet<Error>()

  const attempt = <T>(
    { path, accept, signal }: PacsRequest,
    consume: (a: http.IncomingMessage) => Promise<T>,
  ) =>
    new Promise<T>((resolve, reject) => {
      const headers = { accept, ...(authorization ? { authorization } : {}) }
      const request = (secure ? https : http).get(`${root}${path}`, {
        agent,
        headers,
        timeout: timeoutMs,
        ...(signal ? { signal } : {}),
      })
      request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
      request.on('error', (error) => {
        if (request.reusedSocket) closedMeanwhile.add(error)
        reject(error)
      })
      request.on('response', (answer) => {
        const status = answer.statusCode ?? 0
        if (status < 200 || status > 299) {
          // Read to its end, so that the connection can serve again.
          answer.resume()
          reject(new HttpStatus(status))
          return
        }
        // Without a listener of its own, a connection lost while the answer is read would end the process.
        answer.on('error', reject)
        consume(answer).then(resolve, (error) => {
          // Left half read it would hold its connection for ever.
          answer.destroy()
          reject(error)
        })
      })
    })

  return {
    get: (request, consume) =>
      limit(async () => {
        for (let tries = 0; ; tries += 1) {
          try {
            return await attempt(request, consume)
          } catch (error) {
            request.signal?.throwIfAborted()
            if (error instanceof HttpStatus || error instanceof VigilError) throw error
            const code = codeOf(error)
            const wait = retryDelaysMs[tries]
            if (wait === undefined || !retryCodes.has(code)) {
              log.warn({ code }, 'PACS does not answer')
              throw new VigilError('archive-unavailable', {}, { cause: error })
            }
            if (tries === 0 && error instanceof Error && closedMeanwhile.has(error)) continue
            await delay(wait, undefined, request.signal ? { signal: request.signal } : {})
          }
        }
      }, request.signal),
    close: () => agent.destroy(),
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error
    ? String(error.code)
    : error instanceof Error
      ? error.name
      : ''
}

/** The whole body. @throws VigilError `archive-unavailable` beyond `limit` bytes: no honest answer is that long */
export async function readBody(body: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw new VigilError('archive-unavailable', { reason: 'answer too long' })
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
