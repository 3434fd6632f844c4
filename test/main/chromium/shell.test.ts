import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePorts } from '../../../demo/ports.ts'
import { findBrowser } from '../../../src/main/chromium/browser.ts'
import { bridgeName, ipc } from '../../../src/shared/ipc/index.ts'
import { temporary } from '../temporary.ts'

const main = join(import.meta.dirname, '../../../src/main/chromium/main.ts')
const dir = temporary('chromium')
const rendererDir = join(dir, 'renderer')
/** The shells' own temporary directory, so that what they leave behind is theirs. */
const scratch = temporary('scratch')

const page = `<!doctype html><html><head><title>Vigil</title>
<style nonce="__CSP_NONCE__">body { background: rgb(17, 34, 51) }</style><style>body { color: rgb(1, 2, 3) }</style></head>
<body><script>window.inline = true</script><script type="module" src="./app.js"></script></body></html>`
const script = `window.events = []
window.vigil.onEvent((event) => window.events.push(event))
window.about = await window.vigil.workstationAbout()
window.state = await window.vigil.workstationState()`

function config(more: object): string {
  mkdirSync(rendererDir, { recursive: true })
  writeFileSync(join(rendererDir, 'index.html'), page)
  writeFileSync(join(rendererDir, 'app.js'), script)
  const file = join(temporary('config'), 'workstation.json')
  const tokens = { pkcs11Policy: null, mediaDirectories: [], scanMounts: false }
  const usual = {
    dataDir: join(dir, 'data'),
    name: '试用',
    demo: true,
    vaultService: 'Vigil test',
    tokens,
    rendererDir,
  }
  writeFileSync(file, JSON.stringify({ ...usual, ...more }))
  return file
}

interface Run {
  child: ChildProcess
  output(): string
  exit: Promise<number | null>
}

function start(...args: string[]): Run {
  const env = { ...process.env, TMPDIR: scratch }
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk))
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output: () => output, exit }
}

let browserMissing = false
try {
  findBrowser()
} catch {
  browserMissing = true
}

describe.skipIf(browserMissing)('the Chromium shell', () => {
  let run: Run
  let attached: Browser
  let window: Page

  beforeAll(async () => {
    const [port] = (await freePorts(1)) as [number]
    const flags = ['--headless', '--debug-port', String(port), '--screen', '1366x768']
    run = start('--config', config({}), ...flags)
    await vi.waitUntil(() => run.output().includes('window ready'), { timeout: 30_000 })
    attached = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    window = attached.contexts()[0]?.pages()[0] as Page
  })
  afterAll(() => run?.child.kill('SIGKILL'))

  it('says what it is', () => {
    expect(run.output()).toMatch(/for trying only/)
  })

  it('gives the page the named, frozen functions of the contract and no binding', async () => {
    const names = await window.evaluate('Object.keys(window.vigil)')
    expect([...(names as string[])].sort()).toEqual([...Object.keys(ipc).map(bridgeName), 'onEvent'].sort())
    expect(await window.evaluate('Object.isFrozen(window.vigil)')).toBe(true)
    expect(await window.evaluate('typeof window.__vigilInvoke + typeof window.__vigilEvents')).toBe(
      'undefinedundefined',
    )
    expect(await window.evaluate('window.about')).toMatchObject({
      ok: true,
      value: { shell: 'chromium', demo: true },
    })
    expect(await window.evaluate('window.state')).toEqual({ ok: true, value: { phase: 'not-enrolled' } })
    expect(await window.evaluate('window.vigil.studyOpen({ study: "../x" })')).toMatchObject({
      failure: { code: 'bad-request' },
    })
  })

  it('has the size asked for', async () => {
    expect(await window.evaluate('[outerWidth, outerHeight]')).toEqual([1366, 768])
  })

  it('holds to the policy: nonce styles only, no inline script, no eval, no other network', async () => {
    expect(await window.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(17, 34, 51)')
    expect(await window.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)')
    expect(await window.evaluate('window.inline')).toBeUndefined()
    const inPage = `new Promise((resolve) => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      fetch('http://127.0.0.1:9/').then(() => resolve('reached'), () => resolve(String(window.injected)))
    })`
    expect(await window.evaluate(inPage)).toBe('undefined')
  })

  it('does not follow navigation, and opens no second window', async () => {
    const home = window.url()
    await window.evaluate("location.href = 'data:text/html,away'").catch(() => {})
    await window.evaluate("window.open('about:blank')").catch(() => {})
    await expect.poll(() => window.url(), { timeout: 5_000 }).toBe(home)
    await expect.poll(() => attached.contexts()[0]?.pages().length, { timeout: 5_000 }).toBe(1)
    await expect.poll(() => window.evaluate('window.state?.ok').catch(() => false)).toBe(true)
  })

  it('closes cleanly on SIGTERM and leaves nothing behind', async () => {
    const windows = () => readdirSync(scratch).filter((name) => name.startsWith('vigil-window-'))
    expect(windows()).toHaveLength(1)
    run.child.kill('SIGTERM')
    expect(await run.exit).toBe(0)
    expect(windows()).toEqual([])
    expect(existsSync(`/proc/${run.child.pid}`)).toBe(false)
  })
})

describe('the Chromium shell refuses', () => {
  it.each([
    ['a production configuration', () => ['--config', config({ demo: false })], /demo is false/],
    [
      'a debugging port outside the demo',
      () => ['--config', config({ demo: false }), '--debug-port', '9333'],
      /--debug-port is refused outside the demo/,
    ],
    ['a wrong configuration', () => ['--config', config({ demmo: 1 })], /demmo/],
    ['a wrong port', () => ['--config', config({}), '--debug-port', '99999999'], /--debug-port/],
    ['to start without a configuration', () => [], /usage/],
  ])('%s', async (_what, args, message) => {
    const run = start(...args())
    expect(await run.exit).toBe(1)
    expect(run.output()).toMatch(message)
  })
})
