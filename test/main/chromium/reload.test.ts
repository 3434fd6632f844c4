import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { installBridge } from '../../../src/main/chromium/bridge.ts'
import { findBrowser } from '../../../src/main/chromium/browser.ts'
import { browserFlags } from '../../../src/main/chromium/flags.ts'

const html = `<!doctype html><script>
window.got = []
window.vigil.onEvent((event) => window.got.push(event.kind))
</script>`

it('a window loaded anew gets every event from then on', async () => {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as { port: number }).port}/`
  const options = { headless: true, debugPort: null, screen: null }
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: browserFlags(options, { root: process.getuid?.() === 0, gpu: false }),
  })
  try {
    const page = await browser.newPage()
    const bridge = await installBridge(page, async () => ({ ok: true, value: null }), base)
    const got = () => page.evaluate(() => (globalThis as unknown as { got: string[] }).got)
    await page.goto(base)
    for (let reloads = 0; reloads < 3; reloads += 1) {
      bridge.send({ kind: 'worklist-changed' })
      bridge.send({ kind: 'dictionary-changed' })
      await expect.poll(got, { timeout: 5000 }).toEqual(['worklist-changed', 'dictionary-changed'])
      await page.reload()
    }
  } finally {
    await browser.close()
    server.close()
  }
})
