import type { IncomingMessage } from 'node:http'
import { type Agent, request } from 'node:https'
import { channelError, refusalOf } from './failures.ts'

export interface StreamRequest {
  host: string
  port: number
  agent: Agent
  path: string
  signal: AbortSignal
  /** How long the connection may stand still; 0 for ever. */
  idleTimeoutMs: number
}

/**
 * A GET whose body is not JSON (frames, events). The caller reads the body or destroys it; aborting `signal` ends it.
 * @throws VigilError: the gateway's refusal, or a failure of the channel
 */
export function openStream(options: StreamRequest): Promise<IncomingMessage> {
  const { host, port, agent, path, signal, idleTimeoutMs } = options
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, agent, path, method: 'GET', signal })
    outgoing.setTimeout(idleTimeoutMs, () =>
      outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    )
    // Both for the stream's whole life: an abort after its end emits once more, and would end the process unheard.
    outgoing.on('error', (error) => reject(channelError(error)))
    outgoing.once('response', (answer) => {
      answer.on('error', () => {})
      if (answer.statusCode === 200) return resolve(answer)
      readSmall(answer).then(
        (body) => reject(refusalOf(body)),
        (error) => reject(channelError(error)),
      )
    })
    outgoing.end()
  })
}

/** A refusal's body; whatever is longer than one is cut. */
async function readSmall(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer) {
    length += (chunk as Buffer).length
    if (length > 16_384) break
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
