import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Archive } from '../../src/server/archive/index.ts'
import { launchChromium } from '../chromium.ts'
import { expectedOf } from './expected-grey.ts'
import { paneAt } from './pane-probe.ts'
import { height, overlaid, overlayPixels, phantomFile, phantoms, width } from './phantoms.ts'
import { openFolder } from './shared-data.ts'
import { buildViewerPage, serveViewer, type ViewerServer } from './viewer-server.ts'

const missing = ['chromium', 'dcmdump', 'gdcmraw', 'dcmcjpls']
  .filter((name) => !existsSync(`/usr/bin/${name}`))
  .map((name) => `no ${name}`)
  .join(', ')

/** Grey levels of 256: what the canvas has may differ from the exact value by one. */
const tolerance = 1

/** What the canvas of the pane holds, pixel by pixel, against PS3.3 computed apart on pixels that gdcm decoded. */
describe.skipIf(missing !== '')(
  `every pixel on the screen is the grey that the standard says (${missing})`,
  () => {
    const work = mkdtempSync(join(tmpdir(), 'vigil-visual-'))
    let browser: Browser
    let page: Page
    let server: ViewerServer
    let archive: Archive
    const fileOf = (series: number) => join(work, 'files', `${series}.dcm`)

    beforeAll(async () => {
      mkdirSync(join(work, 'files'))
      for (const [i, { entries, compress }] of [...phantoms, ...overlaid].entries()) {
        const plain = join(work, `${i}.plain`)
        writeFileSync(plain, phantomFile(entries, i + 1))
        const [program, ...args] = compress ?? ['cp']
        execFileSync(program, [...args, plain, fileOf(i + 1)])
      }
      await buildViewerPage(join(work, 'dist'))
      archive = await openFolder(join(work, 'files'))
      server = await serveViewer(join(work, 'dist'), archive)
      browser = await launchChromium()
      page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
      const [study] = await archive.studies()
      await page.goto(`${server.origin}/?study=${study!.studyInstanceUid}`)
      await page
        .locator('.vigil-viewer-series')
        .nth(phantoms.length - 1)
        .waitFor({ state: 'attached' })
    }, 120_000)

    afterAll(async () => {
      await browser?.close()
      await server?.close()
      await archive?.close()
      rmSync(work, { recursive: true, force: true })
    })

    it('overlays lie on their pixels, from data of their own and from unused bits', async () => {
      for (const series of overlaid.map((_, i) => phantoms.length + i + 1)) {
        await page
          .locator('.vigil-viewer-series')
          .nth(series - 1)
          .dblclick()
        const uid = `1.2.826.0.1.3680043.10.1999.77.${series}.1`
        await paneAt(page)
          .and(page.locator(`[data-sop-instance-uid="${uid}"][data-viewport-state="loaded"]`))
          .waitFor()
        const overlay = paneAt(page).locator('canvas[data-layer="overlay"]')
        await overlay.waitFor()
        const inked = await overlay.evaluate((element) => {
          const canvas = element as unknown as {
            width: number
            height: number
            getContext(kind: '2d'): {
              getImageData(x: number, y: number, w: number, h: number): { data: number[] }
            }
          }
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
          return Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i + 3]! > 0 ? i : -1)).filter(
            (i) => i >= 0,
          )
        })
        expect(inked).toEqual(overlayPixels)
        const box = (await overlay.boundingBox())!
        const pane = (await paneAt(page).locator('.vigil-viewer-canvas').boundingBox())!
        // The whole image fits the pane's width, and the overlay covers the whole image.
        expect(Math.abs(box.width / box.height - width / height)).toBeLessThan(0.05)
        expect(Math.abs(box.x + box.width / 2 - (pane.x + pane.width / 2))).toBeLessThan(2)
        expect(Math.abs(box.y + box.height / 2 - (pane.y + pane.height / 2))).toBeLessThan(2)
      }
    })

    it.each(phantoms.map(({ name, tall = 1 }, i) => ({ name, tall, series: i + 1 })))(
      '$name',
      async ({ series, tall }) => {
        await page
          .locator('.vigil-viewer-series')
          .nth(series - 1)
          .dblclick()
        const uid = `1.2.826.0.1.3680043.10.1999.77.${series}.1`
        await paneAt(page)
          .and(page.locator(`[data-sop-instance-uid="${uid}"][data-viewport-state="loaded"]`))
          .waitFor()
        await page.waitForTimeout(50)
        const shown = await page.evaluate<{ width: number; height: number; tall: number; rgba: string }>(
          'window.page.pixelsAtOneToOne(1)',
        )
        const { rows, columns, rgb } = expectedOf(fileOf(series))
        expect(shown).toMatchObject({ width: columns, height: rows * tall, tall })
        const rgba = Buffer.from(shown.rgba, 'base64')
        let worst = { off: 0, x: 0, y: 0, shown: 0, expected: 0 }
        for (let y = 0; y < rows * tall; y++)
          for (let x = 0; x < columns; x++)
            for (let c = 0; c < 3; c++) {
              const is = rgba[(y * columns + x) * 4 + c]!
              const should = rgb[(Math.floor(y / tall) * columns + x) * 3 + c]!
              const off = Math.abs(is - should)
              if (off > worst.off) worst = { off, x, y, shown: is, expected: should }
            }
        expect(worst.off, JSON.stringify(worst)).toBeLessThanOrEqual(tolerance)
      },
    )
  },
)
