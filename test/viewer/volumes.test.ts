import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Archive } from '../../src/server/archive/index.ts'
import type { Measurement } from '../../src/shared/measurement/index.ts'
import type { StudySummary } from '../../src/shared/study/index.ts'
import { launchChromium } from '../chromium.ts'
import { everyKind } from '../server/measurements/every-kind.ts'
import { openMeasurements } from '../server/measurements/storing.ts'
import { paneAt, settled, violations } from './pane-probe.ts'
import { openFolder, sharedDicom } from './shared-data.ts'
import { builtViewerPage } from './viewer-page.ts'
import { serveViewer, type ViewerServer } from './viewer-server.ts'

const missing = [
  sharedDicom ? '' : 'no shared DICOM files',
  existsSync('/usr/bin/chromium') ? '' : 'no chromium',
]
  .filter(Boolean)
  .join(', ')

describe.skipIf(missing !== '')(`volumes and documents in the real viewer (${missing})`, () => {
  const work = mkdtempSync(join(tmpdir(), 'vigil-volumes-'))
  let browser: Browser
  let page: Page
  let server: ViewerServer
  let archive: Archive
  let ct: StudySummary
  let other: StudySummary

  beforeAll(async () => {
    const files = join(work, 'files')
    mkdirSync(files)
    for (const name of readdirSync(join(sharedDicom!, 'ct_series_58')))
      copyFileSync(join(sharedDicom!, 'ct_series_58', name), join(files, name))
    copyFileSync(join(sharedDicom!, 'pydicom/MR_small.dcm'), join(files, 'mr.dcm'))
    archive = await openFolder(files)
    const studies = await archive.studies()
    ct = studies.find(({ instanceCount }) => instanceCount === 58)!
    other = studies.find(({ instanceCount }) => instanceCount === 1)!
    const study = await archive.study(ct.studyInstanceUid)
    const series = study.series[0]!
    const { sopInstanceUid: instance, sopClassUid } = series.instances[20]!
    const place = { series: series.seriesInstanceUid, instance, frame: 1 }
    const { store } = await openMeasurements(archive)
    await store(ct.studyInstanceUid, { as: 'structured-report', label: '', measurements: everyKind(place) })
    const image = {
      ...place,
      sopClassUid,
      window: { centre: 400, width: 1800 },
      inverted: false,
      rotation: 90,
      flipped: true,
    }
    await store(ct.studyInstanceUid, {
      as: 'presentation-state',
      label: '骨窗',
      measurements: [],
      images: [image],
    })
    for (
      let tries = 0;
      (await archive.study(ct.studyInstanceUid)).series.length < 3 && tries < 100;
      tries += 1
    )
      await delay(100)
    server = await serveViewer(await builtViewerPage(), archive)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await archive?.close()
    rmSync(work, { recursive: true, force: true })
  })

  const open = async (study: StudySummary) => {
    server.frames.asked.length = 0
    await page.goto(`${server.origin}/?study=${study.studyInstanceUid}`)
    await settled(page)
  }
  const strip = (modality: string) => page.locator('.vigil-viewer-series', { hasText: modality }).first()

  it('cuts three planes and a projection from the images that the stack has, and leaves nothing behind', async () => {
    await open(ct)
    await page.getByTestId('volume-planes').click()
    for (const number of [1, 2, 3, 4]) await settled(page, number)
    await page.locator('[data-axis="coronal"]').waitFor()
    // No second download for the planes: each of the 58 frames is asked for once.
    await expect.poll(() => new Set(server.frames.asked).size, { timeout: 20_000 }).toBe(58)
    expect(server.frames.asked).toHaveLength(58)
    expect(await paneAt(page, 1).textContent()).toContain('机架倾斜 16.5°')
    const index = (number: number) => paneAt(page, number).getAttribute('data-image-index')
    const before = [await index(1), await index(2)]
    const box = (await paneAt(page, 1).boundingBox())!
    await page.keyboard.down('Shift')
    await page.mouse.click(box.x + 250, box.y + 120)
    await page.keyboard.up('Shift')
    // A place in the axial plane moves the coronal one; the axial one stays where it is.
    await expect.poll(() => index(2)).not.toBe(before[1])
    expect(await index(1)).toBe(before[0])
    const ink = () =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelectorAll('canvas.vigil-viewer-volume')[1]
        if (!canvas || canvas.width === 0) return 0
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        let sum = 0
        for (let i = 0; i < data.length; i += 4) sum += data[i]
        return sum
      })()`)
    expect(await ink()).toBeGreaterThan(100_000)
    await page.evaluate('window.page.releaseViewer()')
    expect(await ink()).toBe(0)
    expect(await page.evaluate<number>('window.page.cacheSize()')).toBe(0)
    expect(await violations(page)).toEqual([])
  })

  it('says why a series is no volume', async () => {
    await open(other)
    await page.getByTestId('volume-planes').click()
    await paneAt(page, 2).and(page.locator('[data-viewport-state="failed"]')).waitFor()
    expect(await paneAt(page, 2).textContent()).toContain('不足三层')
  })

  it('offers what was stored before, and gives it back as it was measured', async () => {
    await open(ct)
    const offer = page.getByTestId('saved-measurements')
    expect(await offer.textContent()).toContain('9')
    await offer.click()
    // What is shown is not offered again.
    await offer.waitFor({ state: 'detached' })
    const shown = await page.evaluate<Measurement[]>(
      'window.page.memory.measured.state().present.measurements',
    )
    const written = everyKind({ series: '', instance: '', frame: 1 })
    expect(shown.map(({ kind }) => kind)).toEqual(written.map(({ kind }) => kind))
    for (const [i, { points, values, calibrated }] of written.entries()) {
      expect(shown[i]).toMatchObject({ points, calibrated })
      const kept = values.filter(({ name }) => name !== 'count')
      expect(shown[i]!.values.map(({ name, unit }) => [name, unit])).toEqual(
        kept.map(({ name, unit }) => [name, unit]),
      )
      for (const [k, { value }] of kept.entries()) expect(shown[i]!.values[k]!.value).toBeCloseTo(value, 10)
    }
    expect(await violations(page)).toEqual([])
  })

  it('reads a report, shows its measurements on their image, and applies a presentation state and takes it off', async () => {
    await open(ct)
    await strip('SR').dblclick()
    const document = paneAt(page).locator('.vigil-viewer-document')
    await expect.poll(() => document.textContent()).toContain('CT 值（均值）：40 HU')
    expect(await document.textContent()).toContain('右肺上叶结节')
    await page.getByTestId('show-measurements').click()
    await page.getByTestId('show-image').click()
    await paneAt(page).and(page.locator('[data-image-index="20"][data-viewport-state="loaded"]')).waitFor()
    await expect.poll(() => paneAt(page).textContent()).toContain('12.5')

    await strip('PR').dblclick()
    await page.getByRole('button', { name: '应用并显示影像' }).click()
    const edge = (name: string) => paneAt(page).locator(`[data-edge="${name}"]`).textContent()
    // Turned clockwise by a quarter, then mirrored (PS3.3 C.10.6): what was at the top is at the left.
    await expect.poll(async () => [await edge('left'), await edge('top')]).toEqual(['A', 'R'])
    await expect.poll(() => paneAt(page).getAttribute('data-window-width')).toBe('1800')
    await page.getByLabel('呈现状态').selectOption('')
    await expect.poll(async () => [await edge('left'), await edge('top')]).toEqual(['R', 'A'])
    expect(await violations(page)).toEqual([])
  })
})
