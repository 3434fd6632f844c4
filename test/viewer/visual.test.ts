import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Archive } from '../../src/server/archive/index.ts'
import { launchChromium } from '../chromium.ts'
import { expectedOf } from './expected-grey.ts'
import { paneAt } from './pane-probe.ts'
import { height, overlaid, overlayPixels, type Phantom, phantomFile, phantoms, width } from './phantoms.ts'
import { openFolder } from './shared-data.ts'
import { enhanced, told } from './told-phantoms.ts'
import { builtViewerPage } from './viewer-page.ts'
import { serveViewer, type ViewerServer } from './viewer-server.ts'

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
      const all: Phantom[] = [
        ...phantoms,
        ...overlaid,
        ...told,
        { name: 'enhanced', entries: enhanced.entries },
      ]
      for (const [i, { entries, compress }] of all.entries()) {
        const plain = join(work, `${i}.plain`)
        writeFileSync(plain, phantomFile(entries, i + 1))
        const [program, ...args] = compress ?? ['cp']
        execFileSync(program, [...args, plain, fileOf(i + 1)])
      }
      archive = await openFolder(join(work, 'files'))
      server = await serveViewer(await builtViewerPage(), archive)
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

    const open = async (series: number) => {
      await page
        .locator('.vigil-viewer-series')
        .nth(series - 1)
        .dblclick()
      await shows(series)
    }
    const shows = async (series: number, frame = 1) => {
      const uid = `1.2.826.0.1.3680043.10.1999.77.${series}.1`
      const wanted = `[data-sop-instance-uid="${uid}"][data-frame="${frame}"][data-viewport-state="loaded"]`
      await paneAt(page).and(page.locator(wanted)).waitFor()
      await page.waitForTimeout(50)
    }
    const atOneToOne = () =>
      page.evaluate<{ left: number; top: number; width: number; height: number; tall: number; rgba: string }>(
        'window.page.pixelsAtOneToOne(1)',
      )
    /** The farthest pixel; `counts` says which are looked at. */
    const worstOf = (
      rgba: Uint8Array,
      rgb: ArrayLike<number>,
      size: { columns: number; rows: number; tall: number },
      counts: (x: number, y: number) => boolean = () => true,
    ) => {
      let worst = { off: 0, x: 0, y: 0, shown: 0, expected: 0 }
      for (let y = 0; y < size.rows * size.tall; y++)
        for (let x = 0; x < size.columns; x++)
          for (let c = 0; c < 3 && counts(x, y); c++) {
            const is = rgba[(y * size.columns + x) * 4 + c]!
            const should = rgb[(Math.floor(y / size.tall) * size.columns + x) * 3 + c]!
            const off = Math.abs(is - should)
            if (off > worst.off) worst = { off, x, y, shown: is, expected: should }
          }
      return worst
    }
    const inColour = (levels: ArrayLike<number>) =>
      levels.length === width * height * 3
        ? levels
        : Array.from({ length: levels.length * 3 }, (_, i) => levels[Math.floor(i / 3)]!)

    it.each(phantoms.map(({ name, tall = 1 }, i) => ({ name, tall, series: i + 1 })))(
      '$name',
      async ({ series, tall }) => {
        await open(series)
        const shown = await atOneToOne()
        const { rows, columns, rgb } = expectedOf(fileOf(series))
        expect(shown).toMatchObject({ width: columns, height: rows * tall, tall })
        const worst = worstOf(Buffer.from(shown.rgba, 'base64'), rgb, { columns, rows, tall })
        expect(worst.off, JSON.stringify(worst)).toBeLessThanOrEqual(tolerance)
      },
    )

    const size = { columns: width, rows: height, tall: 1 }

    it.each(told.map((phantom, i) => ({ ...phantom, series: phantoms.length + overlaid.length + i + 1 })))(
      '$name',
      async ({ series, levels, keys = [], screen }) => {
        await open(series)
        for (const key of keys) {
          await paneAt(page).press(key)
          await shows(series)
        }
        const shown = await atOneToOne()
        expect(shown).toMatchObject({ width, height, tall: 1 })
        if (!screen) {
          const worst = worstOf(Buffer.from(shown.rgba, 'base64'), inColour(levels), size)
          expect(worst.off, JSON.stringify(worst)).toBeLessThanOrEqual(tolerance)
          return
        }
        const canvas = (await paneAt(page).locator('.vigil-viewer-canvas').boundingBox())!
        const clip = { x: canvas.x + shown.left, y: canvas.y + shown.top, width, height }
        const { data } = PNG.sync.read(await page.screenshot({ clip }))
        // The edge of a shutter is drawn smoothly: pixels beside it are no witnesses.
        const isBlack = (x: number, y: number) => levels[y * width + x] === 0
        const isEdge = (x: number, y: number) =>
          [-3, -2, -1, 0, 1, 2, 3].some((v) =>
            [-3, -2, -1, 0, 1, 2, 3].some((u) => {
              const [p, q] = [
                Math.max(0, Math.min(width - 1, x + u)),
                Math.max(0, Math.min(height - 1, y + v)),
              ]
              return isBlack(p, q) !== isBlack(x, y)
            }),
          )
        const worst = worstOf(data, inColour(levels), size, (x, y) => !isEdge(x, y))
        expect(worst.off, JSON.stringify(worst)).toBeLessThanOrEqual(tolerance)
      },
    )

    it('enhanced: frames in their order, each with its own rescale, window and LUT', async () => {
      const series = phantoms.length + overlaid.length + told.length + 1
      await page
        .locator('.vigil-viewer-series')
        .nth(series - 1)
        .dblclick()
      for (const [i, { frame, levels }] of enhanced.frames.entries()) {
        if (i > 0) await paneAt(page).press('ArrowDown')
        await shows(series, frame)
        const shown = await atOneToOne()
        const worst = worstOf(Buffer.from(shown.rgba, 'base64'), inColour(levels), size)
        expect(worst.off, `${frame} ${JSON.stringify(worst)}`).toBeLessThanOrEqual(tolerance)
      }
    })
  },
)
