import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { api, fillPath } from '../../shared/api/index.ts'
import { failureOf, VigilError } from '../../shared/errors/index.ts'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { channelError } from '../channel/index.ts'
import type { ContentAnswer } from '../shell.ts'
import { strictHeaders } from './headers.ts'
import { readRendererFile } from './renderer-files.ts'

export interface ContentOptions {
  rendererDir: string
  random: RandomBytes
  /**
   * Fetches a frame from the gateway.
   * @throws VigilError session-required or session-locked where no active session is there to fetch it
   */
  frame(path: string, signal: AbortSignal): Promise<IncomingMessage>
}

const framePattern =
  /^pixels\/studies\/([0-9.]+)\/series\/([0-9.]+)\/instances\/([0-9.]+)\/frames\/([1-9][0-9]{0,5})$/

/** Answers GETs below the renderer's origin: the built renderer, and frames from the gateway. Anything else is a 404. */
export function createContent(options: ContentOptions) {
  const { rendererDir, random } = options

  async function pixels(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<ContentAnswer> {
    try {
      const answer = await options.frame(gatewayPath(path), signal)
      const { 'content-type': type = 'application/octet-stream', 'content-length': length } = answer.headers
      if (!/^application\/octet-stream\b/.test(type)) {
        answer.destroy()
        throw new VigilError('gateway-protocol', { reason: 'content-type' })
      }
      return {
        status: 200,
        headers: { ...headers, 'content-type': type, ...(length ? { 'content-length': length } : {}) },
        body: await bodyOf(answer, Number(length ?? Number.POSITIVE_INFINITY)),
      }
    } catch (error) {
      const failure = failureOf(error)
      return {
        status: statusOf(failure.code),
        headers: { ...headers, 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(failure)),
      }
    }
  }

  return async (path: string, signal: AbortSignal): Promise<ContentAnswer> => {
    const nonce = Buffer.from(random(16)).toString('base64')
    const headers = strictHeaders(nonce)
    if (path.startsWith('pixels/')) return pixels(path, headers, signal)
    const file = await readRendererFile(rendererDir, path)
    if (!file)
      return { status: 404, headers: { ...headers, 'content-type': 'text/plain' }, body: Buffer.alloc(0) }
    const html = file.contentType.startsWith('text/html')
    const body = html ? Buffer.from(file.body.toString('utf8').replaceAll('__CSP_NONCE__', nonce)) : file.body
    return { status: 200, headers: { ...headers, 'content-type': file.contentType }, body }
  }
}

/** A quarter faster than streaming for the frames of a CT or MR, which come by the hundred; large ones are streamed. */
const gatheredBelow = 4 * 1024 * 1024

async function bodyOf(answer: IncomingMessage, length: number): Promise<ContentAnswer['body']> {
  if (length > gatheredBelow) return Readable.toWeb(answer) as ReadableStream<Uint8Array>
  try {
    return Buffer.concat(await answer.toArray())
  } catch (error) {
    throw channelError(error)
  }
}

function gatewayPath(path: string): string {
  const match = framePattern.exec(path)
  if (!match) throw new VigilError('not-found')
  const [, study = '', series = '', instance = '', frame = ''] = match
  const params = api.frame.params.safeParse({ study, series, instance, frame })
  if (!params.success) throw new VigilError('not-found')
  return fillPath(api.frame.path, params.data)
}

function statusOf(code: string): number {
  if (code === 'not-found' || code === 'study-not-found') return 404
  return code === 'session-required' || code === 'session-locked' ? 403 : 502
}
