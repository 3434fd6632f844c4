import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RandomBytes } from '../../shared/time/clock.ts'
import type { WindowServices } from '../shell.ts'

export interface Listener {
  /** The renderer's address, ending in a slash; the secret is its first path segment. */
  base: string
  close(): Promise<void>
}

/**
 * Serves the window over loopback HTTP, because request interception is too slow for pixels (peers.md). The path
 * starts with 32 random bytes made for this launch, so no other program on the machine can ask.
 */
export async function startListener(
  content: WindowServices['content'],
  random: RandomBytes,
): Promise<Listener> {
  const secret = Buffer.from(random(32)).toString('base64url')
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = permitted(request, host, secret)
    if (path === null) {
      response.writeHead(404, { 'content-length': 0 }).end()
      return
    }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const { status, headers, body } = await content(path, gone.signal)
    response.writeHead(status, headers)
    if (body instanceof Uint8Array) response.end(body)
    else await pipeline(Readable.fromWeb(body as never), response)
  }

  return {
    base: `http://${host}/${secret}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The path below the secret, null for whatever the window itself would not send. */
export function permitted(
  { method, url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  host: string,
  secret: string,
): string | null {
  const prefix = `/${secret}/`
  const site = headers['sec-fetch-site']
  const ownSite = site === undefined || site === 'same-origin' || site === 'none'
  if (method !== 'GET' || headers.host !== host || !ownSite || !url.startsWith(prefix)) return null
  try {
    return decodeURIComponent(url.slice(prefix.length).replace(/[?#].*$/s, ''))
  } catch {
    return null
  }
}
