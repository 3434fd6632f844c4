import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '../../../src/main/chromium/browser.ts'
import { browserFlags } from '../../../src/main/chromium/flags.ts'
import { type Listener, startListener } from '../../../src/main/chromium/listener.ts'

describe("the Chromium shell's loopback listener", () => {
  let listener: Listener
  const asked: string[] = []
  beforeAll(async () => {
    listener = await startListener(async (path) => {
      asked.push(path)
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from('pix'))
          controller.enqueue(Buffer.from('els'))
          controller.close()
        },
      })
      return { status: 200, headers: { 'x-test': '1' }, body }
    }, randomBytes)
  })
  afterAll(() => listener.close())

  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const { hostname, port } = new URL(listener.base)
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const outgoing = request({ hostname, port, path, method, headers }, (answer) => {
        let body = ''
        answer.on('data', (chunk) => (body += chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
  }
  const own = () => new URL(listener.base).pathname

  it('streams what is below the secret', async () => {
    expect(await get(`${own()}pixels/a%20b?x=1`)).toEqual({ status: 200, body: 'pixels' })
    expect(asked.at(-1)).toBe('pixels/a b')
    expect(Buffer.from(own().slice(1, -1), 'base64url')).toHaveLength(32)
    expect(new URL(listener.base).hostname).toBe('127.0.0.1')
  })

  it.each([
    ['without the secret', '/index.html', {}, 'GET'],
    ['with a wrong secret', `/${'A'.repeat(43)}/index.html`, {}, 'GET'],
    ['for another host name (DNS rebinding)', null, { host: 'evil.example' }, 'GET'],
    ['from another site', null, { 'sec-fetch-site': 'cross-site' }, 'GET'],
    ['with another method', null, {}, 'POST'],
    ['with a broken escape', '%ff', {}, 'GET'],
  ])('answers 404 %s', async (_name, path, headers, method) => {
    asked.length = 0
    const target = path === null ? `${own()}index.html` : path === '%ff' ? `${own()}%ff` : path
    expect((await get(target, headers as never, method)).status).toBe(404)
    expect(asked).toEqual([])
  })
})

describe('how the browser is started', () => {
  const window = { headless: true, debugPort: null, screen: null }

  it('opens no debugging port unless told', () => {
    const machine = { root: false, gpu: true }
    expect(browserFlags(window, machine).join(' ')).not.toMatch(/remote-debugging|no-sandbox|swiftshader/)
    expect(browserFlags({ ...window, debugPort: 9222 }, machine)).toContain('--remote-debugging-port=9222')
    expect(browserFlags({ ...window, debugPort: 9222 }, machine)).toContain(
      '--remote-debugging-address=127.0.0.1',
    )
  })

  it('lets the window reach nothing but this machine', () => {
    const flags = browserFlags(window, { root: true, gpu: false })
    expect(flags).toContain('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1')
    expect(flags).toContain('--no-sandbox')
    expect(flags).toContain('--use-angle=swiftshader')
  })

  it('lets a critical value ring without a gesture', () => {
    expect(browserFlags(window, { root: false, gpu: true })).toContain(
      '--autoplay-policy=no-user-gesture-required',
    )
  })

  it('finds the browser that is named or installed, and says what is missing', () => {
    expect(findBrowser({ VIGIL_BROWSER: '/opt/x' }, 'linux', () => true)).toBe('/opt/x')
    expect(findBrowser({}, 'linux', (path) => String(path).endsWith('google-chrome'))).toBe(
      '/usr/bin/google-chrome',
    )
    expect(() => findBrowser({}, 'linux', () => false)).toThrow(/VIGIL_BROWSER/)
  })
})
