import { randomBytes } from 'node:crypto'
import { chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../../../demo/ports.ts'
import { findBrowser } from '../../../src/main/chromium/browser.ts'
import { createChromiumShell } from '../../../src/main/chromium/shell.ts'
import type { Shell } from '../../../src/main/shell.ts'
import { temporary } from '../temporary.ts'

let browser = ''
try {
  browser = findBrowser()
} catch {
  // skipped below
}

const page = `<!doctype html><title>Vigil</title><body>机密</body><script>
window.seen = []
window.vigil.onEvent((event) => { window.seen.push(event.kind); if (event.kind === 'state') document.body.textContent = '已锁定' })
</script>`

describe.skipIf(!browser)('blanking in the Chromium shell', () => {
  let shell: Shell
  let window: Page

  beforeAll(async () => {
    const [debugPort] = (await freePorts(1)) as [number]
    const exportsDir = temporary('exports')
    const flags = { headless: true, debugPort, screen: null }
    shell = createChromiumShell({ ...flags, browser, random: randomBytes, exportsDir })
    await shell.open({
      invoke: async () => ({ ok: true, value: null }),
      content: async () => ({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: Buffer.from(page),
      }),
    })
    const attached = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`)
    window = attached.contexts()[0]?.pages()[0] as Page
  })
  afterAll(() => shell?.close())

  const opacity = () => window.evaluate('getComputedStyle(document.documentElement).opacity')

  it('hides at once, and shows again only what was drawn after the event', async () => {
    await shell.blank(true)
    expect(await opacity()).toBe('0')
    shell.send({ kind: 'state', state: { phase: 'not-enrolled' } })
    await shell.blank(false)
    expect(await opacity()).toBe('1')
    expect(await window.evaluate('document.body.textContent.trim()')).toBe('已锁定')
  })

  it('hands events over in order, none twice', async () => {
    await window.evaluate('void (window.seen = [])')
    for (let count = 0; count < 20; count++) {
      shell.send(count % 2 ? { kind: 'worklist-changed' } : { kind: 'dictionary-changed' })
      if (count % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await expect.poll(() => window.evaluate('window.seen.length')).toBe(20)
    const seen = (await window.evaluate('window.seen')) as string[]
    expect(seen).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? 'worklist-changed' : 'dictionary-changed')),
    )
  })

  it('keeps a page that hangs blank', async () => {
    await shell.blank(true)
    // Frames no longer come, as in a page whose script never returns.
    await window.evaluate('void (window.requestAnimationFrame = () => 0)')
    const shown = shell.blank(false).then(() => true)
    const still = new Promise((resolve) => setTimeout(() => resolve(false), 500))
    expect(await Promise.race([shown, still])).toBe(false)
    expect(await opacity()).toBe('0')
  })
})
