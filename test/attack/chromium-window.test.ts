import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePorts } from '../../demo/ports.ts'
import { findBrowser } from '../../src/main/chromium/browser.ts'
import { type Listener, startListener } from '../../src/main/chromium/listener.ts'
import { createChromiumShell } from '../../src/main/chromium/shell.ts'
import { createContent } from '../../src/main/content/index.ts'
import type { Shell } from '../../src/main/shell.ts'
import { VigilError } from '../../src/shared/errors/index.ts'
import { patient, pixelRun, study } from './patient.ts'

/** The window of the Chromium shell, attacked from inside it, from another origin, and by another program. */
const dir = mkdtempSync(join(tmpdir(), 'vigil-window-attack-'))
const rendererDir = join(dir, 'renderer')
mkdirSync(rendererDir)
writeFileSync(
  join(rendererDir, 'index.html'),
  '<!doctype html><title>Vigil</title><script type="module" src="./app.js"></script>',
)
writeFileSync(join(rendererDir, 'app.js'), 'window.started = true')
writeFileSync(join(rendererDir, '.env'), 'SECRET')
writeFileSync(join(dir, 'outside.js'), 'SECRET')
symlinkSync(join(dir, 'outside.js'), join(rendererDir, 'link.js'))
const pixelPath = `pixels/studies/${study}/series/1.2/instances/1.3/frames/1`
const content = createContent({
  rendererDir,
  random: randomBytes,
  frame: async () => Promise.reject(new VigilError('session-locked')),
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('another program on the machine', () => {
  let listener: Listener
  beforeAll(async () => {
    listener = await startListener(content, randomBytes)
  })
  afterAll(() => listener.close())

  /** A request byte for byte; the status lines and bodies that came back. */
  function ask(head: string, rest = '\r\n\r\n'): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(listener.base).port), '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => (text += chunk))
      socket.on('error', () => {})
      socket.on('close', () => resolve(text))
      socket.write(head + rest)
      setTimeout(() => socket.destroy(), 250)
    })
  }
  const host = () => new URL(listener.base).host
  const secret = () => new URL(listener.base).pathname

  it('gets the page with the secret, so that what follows means something', async () => {
    const answer = await ask(`GET ${secret()} HTTP/1.1\r\nHost: ${host()}`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toContain('<title>Vigil</title>')
  })

  it('gets nothing without it, or past it', async () => {
    const inside = [
      '../outside.js',
      '..%2foutside.js',
      '%2e%2e/outside.js',
      '%2e%2e%2foutside.js',
      '..%5coutside.js',
      'x/../../outside.js',
      './/outside.js',
      '/etc/passwd',
      '.env',
      'link.js',
      'index.html%00.js',
      'index.html/',
      'INDEX~1.HTM',
      'C:outside.js',
      '%c0%ae%c0%ae/outside.js',
      `${pixelPath}/../../1`,
      pixelPath.replace('/frames/1', '/frames/0'),
      pixelPath.replace(study, '1.2/../../3'),
    ].map((path) => `GET ${secret()}${path} HTTP/1.1\r\nHost: ${host()}`)
    const outside = [
      `GET / HTTP/1.1\r\nHost: ${host()}`,
      `GET /index.html HTTP/1.1\r\nHost: ${host()}`,
      `GET /${pixelPath} HTTP/1.1\r\nHost: ${host()}`,
      `GET /../${secret()} HTTP/1.1\r\nHost: ${host()}`,
      `GET ${secret().slice(0, -2)}/ HTTP/1.1\r\nHost: ${host()}`,
      `GET ${secret().toUpperCase()} HTTP/1.1\r\nHost: ${host()}`,
      `GET ${secret()} HTTP/1.1\r\nHost: localhost`,
      `GET ${secret()} HTTP/1.1\r\nHost: evil.example`,
      `GET ${secret()} HTTP/1.0`,
      `GET http://${host()}${secret()} HTTP/1.1\r\nHost: evil.example`,
      `GET ${secret()} HTTP/1.1\r\nHost: ${host()}\r\nSec-Fetch-Site: same-site`,
      `OPTIONS ${secret()} HTTP/1.1\r\nHost: ${host()}\r\nOrigin: http://evil.example`,
      `HEAD ${secret()} HTTP/1.1\r\nHost: ${host()}`,
      `PUT ${secret()}app.js HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 0`,
    ]
    const answers = await Promise.all(
      [...inside, ...outside].map(async (head) => [head, await ask(head)] as const),
    )
    for (const [head, answer] of answers) {
      expect([head, /^HTTP\/1\.1 (400|404) /.test(answer) || answer === '']).toEqual([head, true])
      expect(answer).not.toContain('SECRET')
      expect(answer.toLowerCase()).not.toContain('access-control')
    }
  })

  it('gets no pixels of a locked session even with it, and nothing may be cached', async () => {
    const answer = await ask(`GET ${secret()}${pixelPath} HTTP/1.1\r\nHost: ${host()}`)
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toMatch(/cache-control: no-store/i)
    expect(answer).toMatch(/referrer-policy: no-referrer/i)
  })
})

let browser = ''
try {
  browser = findBrowser()
} catch {
  // skipped below
}

/** Tries every door to the bridge that a page could try, and reports what it got. */
const burglar = `
  const found = []
  const doors = { vigil: () => globalThis.vigil?.stateCanary, invoke: () => globalThis.__vigilInvoke, events: () => globalThis.__vigilEvents }
  for (const [name, door] of Object.entries(doors)) { try { if (door()) found.push(name) } catch {} }
  if (globalThis.vigil) found.push('window.vigil')
  try { if (parent !== window && parent.vigil) found.push('parent.vigil') } catch {}
  try { if (top !== window && top.vigil) found.push('top.vigil') } catch {}
  const call = { name: '__vigilInvoke', seq: 1, serializedArgs: ['burglar', { v: 'null' }] }
  try { globalThis.__playwright__binding__(JSON.stringify(call)) } catch {}
  try { globalThis.__playwright__binding__controller__.callBinding('__vigilInvoke', 'burglar', null).catch(() => {}) } catch {}
`

describe.skipIf(!browser)('a page in the window (skipped without a browser)', () => {
  let shell: Shell
  let attached: Browser
  let window: Page
  let evil: Server
  let evilPort = 0
  const calls: unknown[] = []
  const reports: string[] = []
  const profilesBefore = new Set(readdirSync(tmpdir()))

  beforeAll(async () => {
    const [debugPort, port] = (await freePorts(2)) as [number, number]
    evilPort = port
    evil = createHttpServer((request, response) => {
      if (request.url?.startsWith('/found')) reports.push(`${request.url} ${request.headers.referer ?? ''}`)
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><script>${burglar}; fetch('/found?' + found.join())</script>`)
    })
    await new Promise<void>((resolve) => evil.listen(port, '127.0.0.1', resolve))
    shell = createChromiumShell({
      browser,
      random: randomBytes,
      headless: true,
      debugPort,
      screen: null,
      exportsDir: '',
    })
    await shell.open({
      invoke: async (channel) => {
        calls.push(channel)
        return { ok: true, value: null }
      },
      content: async (path, signal) => {
        if (!path.startsWith('pixels/')) return content(path, signal)
        const { headers } = await content(path, signal)
        const body = Buffer.concat(Array(4096).fill(pixelRun))
        return { status: 200, headers: { ...headers, 'content-type': 'application/octet-stream' }, body }
      },
    })
    attached = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`)
    window = attached.contexts()[0]?.pages()[0] as Page
    await vi.waitUntil(() => window.evaluate('window.started'), { timeout: 10_000 })
  })
  afterAll(async () => {
    await attached?.close()
    await shell?.close()
    evil?.close()
  })

  it('of the product reaches the bridge, so that what follows means something', async () => {
    await window.evaluate('window.vigil.workstationState()')
    expect(calls).toEqual(['workstation.state'])
    // The driver's own doors lead there too; what keeps others out is who knocks.
    await window.evaluate(`(() => { ${burglar} })()`)
    await expect.poll(() => calls).toEqual(['workstation.state', 'burglar', 'burglar'])
    calls.length = 0
  })

  it.each([
    ['a data URL', (port: number) => `data:text/html,<script>${encodeURIComponent(burglar)}</script>${port}`],
    ['another origin', (port: number) => `http://127.0.0.1:${port}/frame`],
  ])('has no frame of %s in it', async (_, address) => {
    const source = address(evilPort)
    await window.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = frame.onerror = () => resolve()
      frame.src = ${JSON.stringify(source)}
      document.body.append(frame)
      setTimeout(resolve, 800)
    })`)
    expect(reports).toEqual([])
    expect(calls).toEqual([])
    await window.evaluate(`document.querySelectorAll('iframe').forEach((frame) => frame.remove())`)
  })

  it('gives no frame of its own the bridge, whatever is run in it', async () => {
    // As if a script had been smuggled past the policy: run by the debugger in an empty frame, which has our origin.
    await window.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<p>x</p>'
      frame.onload = () => resolve()
      document.body.append(frame)
      setTimeout(resolve, 800)
    })`)
    const frames = window.frames().filter((candidate) => candidate !== window.mainFrame())
    expect(frames).toHaveLength(1)
    for (const frame of frames) {
      const found = await frame.evaluate(`(() => { ${burglar}; return found })()`)
      expect((found as string[]).filter((door) => !/^(parent|top)/.test(door))).toEqual([])
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(calls).toEqual([])
  })

  it('of another origin in its place gets neither bridge nor address, and is sent away', async () => {
    const home = window.url()
    await window.goto(`http://127.0.0.1:${evilPort}/page`).catch(() => {})
    await expect.poll(() => window.url(), { timeout: 5000 }).toBe(home)
    await expect.poll(() => window.evaluate('window.started').catch(() => false)).toBe(true)
    // What it found, and the referrer that it was given: nothing, or not even time to tell.
    for (const report of reports) {
      expect(report).toMatch(/^\/found\? /)
      expect(report).not.toContain(new URL(home).pathname)
    }
    expect(calls).toEqual([])
  })

  it('leaves no pixel and no name in the profile on the disk', async () => {
    const text = `fetch('./${pixelPath}').then((answer) => answer.arrayBuffer()).then((bytes) => bytes.byteLength)`
    expect(await window.evaluate(text)).toBe(4096 * 64)
    await window.evaluate(`document.body.append(${JSON.stringify(patient.name)})`)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const profiles = readdirSync(tmpdir()).filter(
      (name) => /^vigil-window-\w{6}$/.test(name) && !profilesBefore.has(name),
    )
    expect(profiles.length).toBeGreaterThan(0)
    const files = profiles.flatMap((profile) =>
      readdirSync(join(tmpdir(), profile), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      const bytes = readFileSync(file, { flag: 'r' })
      expect([file, bytes.includes(pixelRun), bytes.includes(patient.name)]).toEqual([file, false, false])
    }
  })
})
