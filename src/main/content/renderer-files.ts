import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export interface RendererFile {
  contentType: string
  body: Buffer
}

/** One path segment of the built renderer: no dot files, nothing that a file system reads otherwise than we do. */
const segment = /^[A-Za-z0-9_@-][A-Za-z0-9._@-]{0,127}$/

/**
 * A file of the built renderer, null where there is none. Only plain names of known types are served, and only where
 * the real path (links followed) is still inside.
 */
export async function readRendererFile(directory: string, path: string): Promise<RendererFile | null> {
  const segments = (path === '' ? 'index.html' : path).split('/')
  if (segments.length > 8 || !segments.every((name) => segment.test(name))) return null
  const contentType = types[extname(segments.at(-1) ?? '')]
  if (!contentType) return null
  try {
    const root = await realpath(directory)
    const file = await realpath(join(root, ...segments))
    if (!file.startsWith(root + sep)) return null
    return { contentType, body: await readFile(file) }
  } catch {
    return null
  }
}
