import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { contentSecurityPolicy } from '../../src/main/content/headers.ts'
import type { Archive } from '../../src/server/archive/index.ts'
import { failureOf } from '../../src/shared/errors/index.ts'
import type { Order } from '../../src/shared/order/index.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

export interface ViewerServer {
  origin: string
  /** Frame requests so far, and those under way at most at one time. */
  frames: { asked: string[]; underWay: number; most: number; aborted: number }
  /** Waits this long before each frame. */
  delayMs: number
  order: Order | null
  close(): Promise<void>
}

/** Serves the built page under the product's policy, and an archive below it as the workstation would. Loopback only. */
export async function serveViewer(dist: string, archive: Archive): Promise<ViewerServer> {
  const nonce = randomBytes(16).toString('base64')
  const frames = { asked: [] as string[], underWay: 0, most: 0, aborted: 0 }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1)
    answer(path, response).catch((thrown: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify(failureOf(thrown)))
    })
  })

  const json = (response: ServerResponse, value: unknown) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(value))
  }

  const frame = async (path: string, response: ServerResponse) => {
    const [, , study = '', , series = '', , instance = '', , number = ''] = path.split('/')
    const gone = new AbortController()
    response.on('close', () => {
      if (response.writableFinished) return
      frames.aborted += 1
      gone.abort()
    })
    frames.asked.push(`${instance}/${number}`)
    frames.underWay += 1
    frames.most = Math.max(frames.most, frames.underWay)
    try {
      if (running.delayMs > 0) await new Promise((done) => setTimeout(done, running.delayMs))
      const found = await archive.frame({ study, series, instance, frame: Number(number) }, gone.signal)
      const type = `application/octet-stream; transfer-syntax=${found.transferSyntaxUid}`
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(found.bytes)
    } finally {
      frames.underWay -= 1
    }
  }

  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const [, kind, study = '', series = ''] = /^api\/(\w+)\/?([^/]*)\/?([^/]*)$/.exec(path) ?? []
    if (kind === 'studies') return json(response, await archive.studies())
    if (kind === 'study') return json(response, { study: await archive.study(study), order: running.order })
    if (kind === 'metadata') return json(response, await archive.metadata(study, series))
    if (path.startsWith('pixels/')) return frame(path, response)
    const file = path === '' ? 'index.html' : path
    const body = await readFile(join(dist, file)).catch(() => null)
    if (!body) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy(nonce),
    })
    response.end(body)
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const running: ViewerServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames,
    delayMs: 0,
    order: null,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return running
}
