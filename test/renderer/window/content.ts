import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
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

/**
 * Answers the window's requests as the shells do: strict CSP by header, the nonce put into the page, frames below pixels/.
 * `built` is the folder of the production build.
 */
export async function windowContent(built: string, path: string) {
  const nonce = randomBytes(16).toString('base64')
  const headers = (type: string) => ({ 'content-security-policy': policy(nonce), 'content-type': type })
  if (/^pixels\/.*\/frames\/\d+$/.test(path)) {
    const type = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1'
    return { status: 200, headers: headers(type), body: framePixels(path) }
  }
  const file = normalize(join(built, path))
  const body = file.startsWith(built + sep) ? await readFile(file).catch(() => null) : null
  if (!body) return { status: 404, headers: headers('text/plain'), body: Buffer.alloc(0) }
  return {
    status: 200,
    headers: headers(types[extname(file)] ?? 'application/octet-stream'),
    body: path === 'index.html' ? Buffer.from(body.toString('utf8').replace('__CSP_NONCE__', nonce)) : body,
  }
}
