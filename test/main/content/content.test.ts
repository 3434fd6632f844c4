import { randomBytes } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { createContent } from '../../../src/main/content/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { framePath } from '../../../src/shared/ipc/index.ts'
import { temporary } from '../temporary.ts'

const base = temporary('content')
const rendererDir = join(base, 'renderer')
mkdirSync(join(rendererDir, 'assets'), { recursive: true })
writeFileSync(join(rendererDir, 'index.html'), '<style nonce="__CSP_NONCE__"></style><b>__CSP_NONCE__</b>')
writeFileSync(join(rendererDir, 'assets/app-1a2b.js'), 'export {}')
writeFileSync(join(rendererDir, 'assets/codec.wasm'), 'wasm')
writeFileSync(join(rendererDir, '.env'), 'secret')
writeFileSync(join(rendererDir, 'secret.key'), 'secret')
writeFileSync(join(base, 'outside.js'), 'secret')
symlinkSync(join(base, 'outside.js'), join(rendererDir, 'link.js'))

const frame = vi.fn(async (_path: string, _signal: AbortSignal) =>
  stream('application/octet-stream; transfer-syntax=1.2'),
)
const content = createContent({ rendererDir, random: randomBytes, frame })
const get = (path: string) => content(path, new AbortController().signal)

function stream(type: string, more: Record<string, string> = {}): IncomingMessage {
  const headers = { 'content-type': type, ...more }
  return Object.assign(Readable.from([Buffer.from('pixels')]), { headers }) as never
}

const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; ` +
  "img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

describe('the content of the window', () => {
  it('has the strict headers on every answer, and a nonce of its own in each', async () => {
    const nonces = new Set<string>()
    for (const path of [
      '',
      'index.html',
      'assets/app-1a2b.js',
      'none.js',
      framePath('1.2', '1.3', '1.4', 1),
    ]) {
      const { headers } = await get(path)
      const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? ''
      expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
      nonces.add(nonce)
      expect(headers).toMatchObject({
        'content-security-policy': policy(nonce),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect(headers['permissions-policy']).toContain('camera=()')
    }
    expect(nonces.size).toBe(5)
  })

  it('puts the nonce of the header into the page', async () => {
    const { headers, body } = await get('')
    const html = Buffer.from(body as Uint8Array).toString()
    const nonce = /nonce="([^"]+)"/.exec(html)?.[1]
    expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    expect(html).not.toContain('__CSP_NONCE__')
  })

  it('knows the types it serves', async () => {
    expect((await get('assets/app-1a2b.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await get('assets/codec.wasm')).headers['content-type']).toBe('application/wasm')
  })

  it.each([
    '../outside.js',
    'assets/../../outside.js',
    '..\\outside.js',
    '%2e%2e/outside.js',
    '/etc/passwd',
    'C:/Windows/win.ini',
    'assets//app-1a2b.js',
    './index.html',
    '.env',
    'secret.key',
    'link.js',
    'assets',
    'index.html\0.js',
    'con/../index.html',
    `${'a/'.repeat(20)}x.js`,
  ])('answers 404 for %j', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(Buffer.from(answer.body as Uint8Array)).toHaveLength(0)
  })

  it('asks the gateway for exactly the frame', async () => {
    const answer = await get(framePath('1.2', '1.3', '1.4', 7))
    expect(answer).toMatchObject({ status: 200 })
    expect(frame.mock.lastCall?.[0]).toBe('/v1/studies/1.2/series/1.3/instances/1.4/frames/7')
    expect(Buffer.from(await new Response(answer.body as never).arrayBuffer()).toString()).toBe('pixels')
  })

  it('gathers a small frame, and tells a cut one by its code', async () => {
    frame.mockResolvedValueOnce(stream('application/octet-stream', { 'content-length': '6' }))
    const answer = await get(framePath('1.2', '1.3', '1.4', 1))
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '6' } })
    expect(Buffer.from(answer.body as Uint8Array).toString()).toBe('pixels')
    const cut = stream('application/octet-stream', { 'content-length': '600' })
    cut.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    frame.mockResolvedValueOnce(cut)
    expect((await get(framePath('1.2', '1.3', '1.4', 1))).status).toBe(502)
  })

  it.each([
    'pixels/studies/1.2/series/1.3/instances/1.4/frames/0',
    'pixels/studies/1.2/series/1.3/instances/1.4/frames/1/../../../../../../v1/session',
    'pixels/studies/../series/1.3/instances/1.4/frames/1',
    'pixels/studies/1..2/series/1.3/instances/1.4/frames/1',
    `pixels/studies/${'1'.repeat(65)}/series/1.3/instances/1.4/frames/1`,
    'pixels/session',
    'pixels/',
  ])('asks the gateway nothing for %s', async (path) => {
    frame.mockClear()
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(JSON.parse(Buffer.from(answer.body as Uint8Array).toString())).toMatchObject({ code: 'not-found' })
    expect(frame).not.toHaveBeenCalled()
  })

  it('gives failures as codes, and takes nothing but octets for pixels', async () => {
    frame.mockRejectedValueOnce(new VigilError('session-locked'))
    expect((await get(framePath('1.2', '1.3', '1.4', 1))).status).toBe(403)
    frame.mockResolvedValueOnce(stream('text/html'))
    const answer = await get(framePath('1.2', '1.3', '1.4', 1))
    expect(answer.status).toBe(502)
    expect(answer.headers['content-type']).toBe('application/json')
  })
})
