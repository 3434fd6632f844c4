import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { contentSecurityPolicy } from '../../../src/main/content/headers.ts'
import { framePixels } from './study.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

/** The production build as it is now, path by path: a build that somebody starts meanwhile changes nothing. */
export function readBuilt(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name)
      return [relative(folder, path).replaceAll(sep, '/'), readFileSync(path)]
    }),
  )
}

/** Answers the window's requests as the shells do: strict CSP by header, the nonce put into the page, frames below pixels/. */
export function windowContent(built: ReadonlyMap<string, Buffer>, path: string) {
  const nonce = randomBytes(16).toString('base64')
  const headers = (type: string) => ({
    'content-security-policy': contentSecurityPolicy(nonce),
    'content-type': type,
  })
  if (/^pixels\/.*\/frames\/\d+$/.test(path)) {
    const type = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1'
    return { status: 200, headers: headers(type), body: framePixels(path) }
  }
  const body = built.get(path)
  if (!body) return { status: 404, headers: headers('text/plain'), body: Buffer.alloc(0) }
  return {
    status: 200,
    headers: headers(types[extname(path)] ?? 'application/octet-stream'),
    body: path === 'index.html' ? Buffer.from(body.toString('utf8').replace('__CSP_NONCE__', nonce)) : body,
  }
}
