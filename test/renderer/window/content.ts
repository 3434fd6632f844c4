import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { framePixels } from './study.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

/** The product's policy, with the nonce of one page load. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** Serves the built window as the shells do: strict CSP by header, the nonce put into the page, frames below pixels/. */
export async function serveWindow(built: string) {
  const server = createServer(async (request, response) => {
    const path =
      decodeURIComponent(new URL(request.url ?? '/', 'http://window').pathname).slice(1) || 'index.html'
    const nonce = randomBytes(16).toString('base64')
    response.setHeader('content-security-policy', policy(nonce))
    const frame = /^pixels\/.*\/frames\/(\d+)$/.exec(path)
    if (frame) {
      response.setHeader('content-type', 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1')
      response.end(framePixels(path))
      return
    }
    const file = normalize(join(built, path))
    const body = file.startsWith(built + sep) ? await readFile(file).catch(() => null) : null
    if (!body) {
      response.writeHead(404).end()
      return
    }
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    response.end(path === 'index.html' ? body.toString('utf8').replace('__CSP_NONCE__', nonce) : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
