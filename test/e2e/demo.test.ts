import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../demo/people.ts'
import { projectRoot } from '../../demo/places.ts'
import { freePorts } from '../../demo/ports.ts'
import { stopAtFirstFailure } from './steps.ts'

/** What a stranger gets from `npm start`. */
describe('the demo', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-demo-'))
  let demo: ChildProcess
  let said = ''
  let browser: Browser
  let page: Page

  /** Waits for words on the terminal. */
  async function until(words: RegExp): Promise<void> {
    for (const end = Date.now() + 120_000; !words.test(said); await wait(50)) {
      if (Date.now() > end || demo.exitCode !== null)
        throw new Error(`the demo said only:
${said}`)
    }
  }

  beforeAll(async () => {
    const [port] = await freePorts(1)
    demo = spawn(process.execPath, ['demo/start.ts', '--headless', '--debug-port', String(port)], {
      cwd: projectRoot,
      env: { ...process.env, VIGIL_DEMO_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [demo.stdout!, demo.stderr!]) stream.on('data', (chunk) => (said += chunk))
    await until(/Alerts that the hospital accepts/)
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    page = browser.contexts()[0]!.pages()[0]!
    page.setDefaultTimeout(20_000)
  })
  stopAtFirstFailure(() => page)
  afterAll(async () => {
    await browser?.close().catch(() => {})
    if (demo.exitCode === null) {
      const ended = new Promise((resolve) => demo.once('close', resolve))
      demo.kill('SIGTERM')
      await ended
    }
    rmSync(dir, { recursive: true, force: true })
  })

  it('says that this is the Chromium shell, and who can sign in with which PIN', () => {
    expect(said).toContain('Chromium shell')
    expect(said.match(/PIN \d{6}/g)).toHaveLength(people.length)
    expect(readdirSync(join(dir, 'usb')).toSorted()).toEqual(people.map(({ login }) => login).toSorted())
  })

  it('has an enrolled workstation: a radiologist signs in, and the worklist holds the demo', async () => {
    const pin = /li\.wei\s+PIN (\d{6})/.exec(said)![1]!
    await page.getByText('李伟').first().click()
    await page.getByTestId('pin').fill(pin)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('worklist-row').count()).toBeGreaterThanOrEqual(10)
    expect(await page.getByTestId('demo-mark').count()).toBe(1)
  })

  it('ends cleanly on SIGTERM, gateway, window and receiver with it', async () => {
    const ended = new Promise((resolve) => demo.once('close', resolve))
    demo.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})
