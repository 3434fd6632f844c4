import { randomBytes } from 'node:crypto'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
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

const html = `<!doctype html><title>Vigil</title><body>图像</body><script>
window.seen = []
window.vigil.onEvent((event) => window.seen.push(event.kind))
window.heard = []
window.channel = new BroadcastChannel('vigil-images')
window.channel.onmessage = (event) => window.heard.push(event.data)
</script>`

describe.skipIf(!browser)('the window for images in the Chromium shell', () => {
  const asked: unknown[] = []
  const told: boolean[] = []
  let shell: Shell
  let context: BrowserContext

  beforeAll(async () => {
    const [debugPort] = (await freePorts(1)) as [number]
    const flags = { headless: true, debugPort, screen: null }
    shell = createChromiumShell({ ...flags, browser, random: randomBytes, exportsDir: temporary('exports') })
    shell.onImagesWindow((open) => told.push(open))
    await shell.open({
      invoke: async (channel) => {
        asked.push(channel)
        return { ok: true, value: null }
      },
      content: async () => ({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: Buffer.from(html),
      }),
    })
    const attached = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`)
    context = attached.contexts()[0] as BrowserContext
  })
  afterAll(() => shell?.close())

  const images = () => context.pages().filter((page) => page.url().includes('?window=images'))
  const first = () => context.pages().find((page) => !page.url().includes('?window=images')) as Page
  const opacity = (page: Page) => page.evaluate('getComputedStyle(document.documentElement).opacity')

  it('opens once, with its few calls and events, blanks with the other, and closes', async () => {
    await Promise.all([shell.imagesWindow(true), shell.imagesWindow(true)])
    await expect.poll(() => images().length).toBe(1)
    const page = images()[0] as Page
    expect(shell.imagesWindowIsOpen()).toBe(true)
    expect(told).toEqual([true])

    // Whatever else the first window would open is closed, while this one stays.
    await first().evaluate("void open(location.href + '?window=images')")
    await first().evaluate("void open('about:blank', '_blank', 'noopener')")
    await expect.poll(() => context.pages().length).toBe(2)
    expect(page.isClosed()).toBe(false)

    expect(await page.evaluate('window.vigil.seriesMetadata({})')).toMatchObject({ ok: true })
    for (const call of ['reportOpen', 'reportSignOff', 'sessionSignOut', 'administrationAccounts'])
      expect(await page.evaluate(`window.vigil.${call}({})`)).toMatchObject({
        ok: false,
        failure: { code: 'permission-denied' },
      })
    expect(asked).toEqual(['series.metadata'])
    shell.send({ kind: 'alert-changed', alertId: 'A1' })
    shell.send({ kind: 'state', state: { phase: 'not-enrolled' } })
    await expect.poll(() => page.evaluate('window.seen')).toEqual(['state'])
    await expect.poll(() => first().evaluate('window.seen')).toEqual(['alert-changed', 'state'])

    // One origin: the windows hear each other.
    await first().evaluate("window.channel.postMessage('here')")
    await expect.poll(() => page.evaluate('window.heard')).toEqual(['here'])

    await shell.blank(true)
    expect([await opacity(first()), await opacity(page)]).toEqual(['0', '0'])
    await shell.blank(false)
    expect([await opacity(first()), await opacity(page)]).toEqual(['1', '1'])

    // It is brought back from any other address.
    await page.evaluate("window.before = true; void setTimeout(() => { location.href = 'about:blank' })")
    const again = () =>
      page.evaluate("location.href.includes('?window=images') && !window.before").catch(() => false)
    await expect.poll(again, { timeout: 10_000 }).toBe(true)
    await expect.poll(() => images().length).toBe(1)

    await shell.imagesWindow(false)
    await expect.poll(() => context.pages().length).toBe(1)
    expect(told).toEqual([true, false])
  })
})
