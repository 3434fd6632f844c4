import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Archive } from '../../src/server/archive/index.ts'
import { VigilError } from '../../src/shared/errors/index.ts'
import type { StudySummary } from '../../src/shared/study/index.ts'
import { launchChromium } from '../chromium.ts'
import { paneAt, probePane, settled, violations } from './pane-probe.ts'
import { openFolder, sharedDicom } from './shared-data.ts'
import { builtViewerPage } from './viewer-page.ts'
import { serveViewer, type ViewerServer } from './viewer-server.ts'

const missing = [
  sharedDicom ? '' : 'no shared DICOM files',
  existsSync('/usr/bin/chromium') ? '' : 'no chromium',
].filter(Boolean)

describe.skipIf(missing.length > 0)(`viewing a study in a real browser (${missing})`, () => {
  let archive: Archive
  let studies: StudySummary[]
  let browser: Browser
  let page: Page
  let server: ViewerServer
  const refused = new Set<string>()
  const garbled = new Set<string>()
  let metadataDown = false

  beforeAll(async () => {
    archive = await openFolder(sharedDicom!)
    studies = await archive.studies()
    const faulty: Archive = {
      ...archive,
      studies: () => archive.studies(),
      study: (uid) => archive.study(uid),
      async metadata(study, series) {
        if (metadataDown) throw new VigilError('archive-unavailable')
        return archive.metadata(study, series)
      },
      async frame(place, signal) {
        if (refused.has(place.instance)) throw new VigilError('instance-broken')
        const frame = await archive.frame(place, signal)
        return garbled.has(place.instance) ? { ...frame, bytes: frame.bytes.subarray(0, 4000) } : frame
      },
    }
    server = await serveViewer(await builtViewerPage(), faulty)
    browser = await launchChromium()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await archive?.close()
  })

  beforeEach(async () => {
    refused.clear()
    garbled.clear()
    metadataDown = false
    server.delayMs = 0
    server.frames.asked.length = 0
    server.frames.most = 0
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  })

  afterEach(async () => {
    expect(await violations(page)).toEqual([])
    await page.close()
  })

  const open = async (which: (study: StudySummary) => boolean) => {
    const study = studies.find(which)
    if (!study) throw new Error('the study is not among the shared files')
    await page.goto(`${server.origin}/?study=${study.studyInstanceUid}`)
    await settled(page)
    return archive.study(study.studyInstanceUid)
  }
  const ct = (study: StudySummary) => study.instanceCount === 58
  const atIndex = (index: number, number = 1) =>
    paneAt(page, number)
      .and(page.locator(`[data-image-index="${index}"][data-viewport-state="loaded"]`))
      .waitFor({ timeout: 10_000 })
  const edges = async () => {
    const letter = (edge: string) => paneAt(page).locator(`[data-edge="${edge}"]`).textContent()
    return { top: await letter('top'), right: await letter('right') }
  }

  it('scrolls by wheel, keys and scrollbar, and shows each image of the series in order', async () => {
    const study = await open(ct)
    const order = study.series[0]!.instances.map((instance) => instance.sopInstanceUid)
    expect((await probePane(page)).sopInstanceUid).toBe(order[0])
    await paneAt(page).hover()
    await page.mouse.wheel(0, 100)
    await atIndex(1)
    await paneAt(page).press('PageDown')
    await atIndex(11)
    await paneAt(page).press('ArrowUp')
    await atIndex(10)
    expect((await probePane(page)).sopInstanceUid).toBe(order[10])
    await paneAt(page).press('End')
    await atIndex(57)
    expect((await probePane(page)).sopInstanceUid).toBe(order[57])
    const bar = (await page.getByRole('scrollbar').boundingBox())!
    await page.mouse.click(bar.x + 5, bar.y + bar.height / 2)
    await atIndex(29)
    await page.getByRole('button', { name: '翻页' }).click()
    const pane = (await paneAt(page).boundingBox())!
    await page.mouse.move(pane.x + 300, pane.y + 200)
    await page.mouse.down()
    await page.mouse.move(pane.x + 300, pane.y + 260, { steps: 6 })
    await page.mouse.up()
    expect(Number((await probePane(page)).imageIndex)).toBeGreaterThan(29)
  })

  it('loads the whole series ahead, a few frames at a time, each once', async () => {
    await open(ct)
    await page.locator('[data-images-loaded="58"]').waitFor({ timeout: 20_000 })
    expect(new Set(server.frames.asked).size).toBe(58)
    expect(server.frames.asked).toHaveLength(58)
    expect(server.frames.most).toBeLessThanOrEqual(6)
  })

  it('loads what is asked for before what is only near', async () => {
    server.delayMs = 60
    const study = await open(ct)
    const last = study.series[0]!.instances.at(-1)!.sopInstanceUid
    await paneAt(page).press('End')
    await atIndex(57)
    const position = server.frames.asked.indexOf(`${last}/1`)
    expect(position).toBeGreaterThanOrEqual(0)
    expect(server.frames.asked.length).toBeLessThan(40)
  })

  it('windows by preset and by drag, and resets', async () => {
    await open(ct)
    const before = await probePane(page)
    await paneAt(page).press('2')
    await expect.poll(async () => (await probePane(page)).windowWidth).toBe('2000')
    expect(await page.getByLabel('窗宽窗位预设').inputValue()).toBe('2')
    const pane = (await paneAt(page).boundingBox())!
    await page.mouse.move(pane.x + 300, pane.y + 300)
    await page.mouse.down()
    await page.mouse.move(pane.x + 380, pane.y + 300, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => Number((await probePane(page)).windowWidth)).toBeGreaterThan(2000)
    await paneAt(page).press('PageDown')
    await atIndex(10)
    expect(Number((await probePane(page)).windowWidth)).toBeGreaterThan(2000)
    await paneAt(page).press('r')
    await expect.poll(async () => (await probePane(page)).windowWidth).toBe(before.windowWidth)
  })

  it('zooms by right drag and pans by middle drag', async () => {
    await open(ct)
    const zoom = () =>
      paneAt(page)
        .getByText(/^缩放 \d+%$/)
        .textContent()
    const before = await zoom()
    const pane = (await paneAt(page).boundingBox())!
    await page.mouse.move(pane.x + 300, pane.y + 300)
    await page.mouse.down({ button: 'right' })
    await page.mouse.move(pane.x + 300, pane.y + 200, { steps: 4 })
    await page.mouse.up({ button: 'right' })
    await expect.poll(zoom).not.toBe(before)
    await paneAt(page).press('r')
    await expect.poll(zoom).toBe(before)
  })

  it('keeps the orientation letters true through rotation and flips', async () => {
    await open(ct)
    expect(await edges()).toEqual({ top: 'A', right: 'L' })
    await page.getByRole('button', { name: '旋转' }).click()
    await expect.poll(edges).toEqual({ top: 'R', right: 'A' })
    await page.getByRole('button', { name: '复位' }).click()
    await expect.poll(edges).toEqual({ top: 'A', right: 'L' })
    await page.getByRole('button', { name: '水平翻转' }).click()
    await expect.poll(edges).toEqual({ top: 'A', right: 'R' })
    await page.getByRole('button', { name: '垂直翻转' }).click()
    await expect.poll(edges).toEqual({ top: 'P', right: 'R' })
  })

  it('puts series into panes by layout, double-click and drag', async () => {
    const study = await open((one) => one.seriesCount === 2 && one.modalities.includes('CT'))
    await page.getByRole('button', { name: '四幅' }).click()
    await settled(page, 2)
    expect((await probePane(page, 3)).viewportState).toBe('empty')
    const strip = page.locator('.vigil-viewer-series')
    await strip.nth(1).dragTo(paneAt(page, 3))
    await settled(page, 3)
    await paneAt(page, 4).click()
    await strip.nth(0).dblclick()
    await paneAt(page, 4).and(page.locator('[data-viewport-state="loaded"]')).waitFor()
    const shown = await Promise.all([1, 2, 3, 4].map((number) => probePane(page, number)))
    const [first, second] = study.series.map((series) => series.instances[0]!.sopInstanceUid)
    expect(shown.map((pane) => pane.sopInstanceUid)).toEqual([first, second, second, first])
  })

  it('measures a length in millimetres', async () => {
    await open(ct)
    await page.getByRole('button', { name: '测距' }).click()
    const pane = (await paneAt(page).boundingBox())!
    await page.mouse.move(pane.x + 300, pane.y + 300)
    await page.mouse.down()
    await page.mouse.move(pane.x + 500, pane.y + 300, { steps: 6 })
    await page.mouse.up()
    const label = paneAt(page).locator('.vigil-viewer-measurement')
    await label.waitFor()
    const zoom = await paneAt(page)
      .getByText(/^缩放 \d+%$/)
      .textContent()
    const study = await archive.study(studies.find(ct)!.studyInstanceUid)
    const [series] = study.series
    const [attributes] = await archive.metadata(study.studyInstanceUid, series!.seriesInstanceUid)
    const [spacing] = (attributes!['00280030'] as { Value: number[] }).Value
    const expected = (200 / (Number.parseInt(zoom!.slice(3), 10) / 100)) * Number(spacing)
    const measured = async () => Math.abs(Number.parseFloat((await label.textContent()) ?? '') / expected - 1)
    await expect.poll(measured).toBeLessThan(0.02)
  })

  it('plays a multi-frame image', async () => {
    const all = await Promise.all(studies.map((one) => archive.study(one.studyInstanceUid)))
    const cine = all.find((study) => study.series[0]?.instances[0]?.frames === 30)
    await open((one) => one.studyInstanceUid === cine?.studyInstanceUid)
    expect(Number((await probePane(page)).imageCount)).toBe(30)
    await paneAt(page).press(' ')
    await expect
      .poll(async () => Number((await probePane(page)).imageIndex), { timeout: 10_000 })
      .toBeGreaterThan(5)
    const rate = async () =>
      Number.parseInt((await page.locator('.vigil-viewer-rate').textContent()) ?? '', 10)
    const before = await rate()
    await page.keyboard.press('-')
    await page.keyboard.press('-')
    await expect.poll(rate).toBeLessThan(before)
    await paneAt(page).press(' ')
    const stopped = (await settled(page)).imageIndex
    await page.waitForTimeout(300)
    expect((await probePane(page)).imageIndex).toBe(stopped)
  })

  it('shows a broken image in its own place, leaves the others alone, and tries again when asked', async () => {
    const study = await archive.study(studies.find(ct)!.studyInstanceUid)
    const bad = study.series[0]!.instances[1]!.sopInstanceUid
    refused.add(bad)
    await open(ct)
    await paneAt(page).press('ArrowDown')
    await paneAt(page).and(page.locator('[data-viewport-state="failed"]')).waitFor()
    expect(await probePane(page)).toMatchObject({ problem: 'instance-broken', sopInstanceUid: bad })
    expect((await probePane(page)).pixelMean).toBeUndefined()
    expect(await paneAt(page).textContent()).toContain('影像文件已损坏')
    expect(await paneAt(page).locator('canvas').isVisible()).toBe(false)
    await paneAt(page).press('ArrowDown')
    await atIndex(2)
    expect(await paneAt(page).locator('canvas').isVisible()).toBe(true)
    await paneAt(page).press('ArrowUp')
    await paneAt(page).and(page.locator('[data-viewport-state="failed"]')).waitFor()
    refused.clear()
    await page.getByRole('button', { name: '重试' }).click()
    await atIndex(1)
  })

  it('never shows one image’s pixels for another whose compressed data are damaged', async () => {
    const study = await archive.study(studies.find((one) => one.instanceCount === 7)!.studyInstanceUid)
    const all = study.series[0]!.instances
    const jpeg2000 = all.filter(({ transferSyntaxUid }) => /\.4\.9[01]$/.test(transferSyntaxUid ?? ''))
    expect(jpeg2000.length).toBeGreaterThanOrEqual(1)
    const [{ sopInstanceUid }] = jpeg2000 as [(typeof jpeg2000)[0]]
    const index = all.findIndex((instance) => instance.sopInstanceUid === sopInstanceUid)
    const failed = paneAt(page).and(
      page.locator(`[data-image-index="${index}"][data-viewport-state="failed"]`),
    )
    const retry = page.getByRole('button', { name: '重试' })
    const decodeAnew = async () => {
      const imageId = `vigil:${study.series[0]!.seriesInstanceUid}/${sopInstanceUid}/1`
      await page.evaluate(`window.page.dropImage(${JSON.stringify(imageId)})`)
      await paneAt(page).press('Home')
      for (let i = 0; i < index; i++) await paneAt(page).press('ArrowDown')
    }
    await open((one) => one.studyInstanceUid === study.studyInstanceUid)
    await page.locator('[data-images-failed="1"]').waitFor()
    // An idle viewer always takes the first worker, which holds the whole image from here on.
    await page.locator(`[data-images-loaded="${all.length - 1}"]`).waitFor()
    await decodeAnew()
    await atIndex(index)
    garbled.add(sopInstanceUid)
    await decodeAnew()
    await failed.waitFor()
    expect((await probePane(page)).problem).toBe('decode-failed')
    garbled.clear()
    await retry.click()
    await atIndex(index)
  })

  it('says when a series cannot be opened, and opens it later', async () => {
    metadataDown = true
    await open(ct)
    expect(await probePane(page)).toMatchObject({ viewportState: 'failed', problem: 'archive-unavailable' })
    metadataDown = false
    await page.getByRole('button', { name: '重试' }).click()
    await atIndex(0)
  })

  it('leaves no pixel behind when released, stops loading, and can start again', async () => {
    server.delayMs = 40
    await open(ct)
    const cacheSize = () => page.evaluate<number>('window.page.cacheSize()')
    expect(await cacheSize()).toBeGreaterThan(0)
    await page.evaluate('window.page.releaseViewer()')
    expect(await cacheSize()).toBe(0)
    await page.locator('[data-viewer-state="released"]').waitFor()
    expect(await page.locator('.vigil-viewer canvas').count()).toBe(0)
    const asked = server.frames.asked.length
    await page.waitForTimeout(400)
    expect(server.frames.asked.length).toBe(asked)
    expect(asked).toBeLessThan(58)
    expect(await cacheSize()).toBe(0)
    await page.getByRole('button', { name: '重新载入' }).click()
    await atIndex(0)
  })

  it('warns when the order is of another patient', async () => {
    const order = { patientId: 'OTHER', patientName: '王小明', sex: 'M', birthDate: '19800101' }
    server.order = order as ViewerServer['order']
    try {
      await open(ct)
      expect(await page.getByRole('alert').textContent()).toContain('不一致')
    } finally {
      server.order = null
    }
  })
})
