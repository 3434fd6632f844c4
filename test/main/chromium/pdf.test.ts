import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const page = `<!doctype html><title>Vigil</title>
<style>@page { size: 200mm 100mm } .screen { display: none } @media print { .screen { display: block; break-after: page } }</style>
<p class="screen">1</p><p>2</p>`

describe.skipIf(!browser)('the window as PDF in the Chromium shell', () => {
  let shell: Shell

  beforeAll(async () => {
    const exportsDir = temporary('exports')
    const flags = { headless: true, debugPort: null, screen: null }
    shell = createChromiumShell({ ...flags, browser, random: randomBytes, exportsDir })
  })
  afterAll(() => shell?.close())

  it('has no page before the window is open', async () => {
    await expect(shell.pdf()).rejects.toThrow()
  })

  it('goes by the print style sheet and its page size', async () => {
    await shell.open({
      invoke: async () => ({ ok: true, value: null }),
      content: async () => ({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: Buffer.from(page),
      }),
    })
    const pdf = Buffer.from(await shell.pdf()).toString('latin1')
    expect(pdf.slice(0, 5)).toBe('%PDF-')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
    // In points.
    const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)?.slice(1).map(Number) ?? []
    expect(box.map((points) => Math.round((points / 72) * 25.4))).toEqual([200, 100])
  })
})
