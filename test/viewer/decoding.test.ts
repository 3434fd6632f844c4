import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { number } from '../../src/renderer/viewer/dicom/attributes.ts'
import type { DicomJson } from '../../src/shared/study/index.ts'
import { launchChromium } from '../chromium.ts'
import { expectedOutcomes } from './every-file.ts'
import { createOneStudy, type OneStudy } from './one-study.ts'
import { type PaneProbe, paneAt, settled, violations } from './pane-probe.ts'
import { decodeByDcmtk, decodeByOpenJpeg, isJpeg2000, paddingOf, type Reference } from './reference-decode.ts'
import { sharedDicom } from './shared-data.ts'
import { builtViewerPage } from './viewer-page.ts'
import { serveViewer, type ViewerServer } from './viewer-server.ts'
import { copyWithUids } from './with-uids.ts'

const missing = [
  sharedDicom ? '' : 'no shared DICOM files',
  existsSync('/usr/bin/chromium') ? '' : 'no chromium',
  ['dcmdump', 'dcmdjpeg', 'dcm2pnm', 'opj_decompress'].every((name) => existsSync(`/usr/bin/${name}`))
    ? ''
    : 'no dcmtk or libopenjp2-tools',
].filter(Boolean)

/** Files that no archive can file for want of UIDs: they get some, and are shown. */
const withoutUids = /HTJ2K|JLSL_|JLSN_|JPEGLSNearLossless_16|SC_rgb_jls_lossy/

const files = sharedDicom
  ? readdirSync(sharedDicom, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'LICENSES')
      .flatMap(({ name }) => readdirSync(join(sharedDicom ?? '', name)).map((file) => `${name}/${file}`))
      .filter((file) => file.endsWith('.dcm'))
  : []

/** So many files are opened in one window session, one beside the other. */
const batchSize = 45
const batches = Array.from({ length: Math.ceil(files.length / batchSize) }, (_, i) => ({
  n: i + 1,
  batch: files.slice(i * batchSize, (i + 1) * batchSize),
}))

/** How far apart two right decoders may be: DCT is computed in whole numbers by each in its own way,
 * and dcmtk cuts YCbCr results off where the viewer rounds. */
function tolerance(syntax: string, photometric: string, slope: number): { extremes: number; mean: number } {
  if (/\.4\.5[013]$/.test(syntax)) return { extremes: 1.01 * slope, mean: 0.15 * slope }
  if (photometric.startsWith('YBR_FULL')) return { extremes: 1.01, mean: 0.75 }
  return { extremes: 0.001, mean: 0.01 }
}

describe.skipIf(missing.length > 0)(`every file shows right or says why not (${missing})`, () => {
  const work = mkdtempSync(join(tmpdir(), 'vigil-decoding-'))
  let browser: Browser
  let page: Page
  let server: ViewerServer
  const one: OneStudy = createOneStudy()

  beforeAll(async () => {
    server = await serveViewer(await builtViewerPage(), one.archive)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await one.close()
    rmSync(work, { recursive: true, force: true })
  })

  it('misses no file in its table, and has none that is gone', () => {
    expect(Object.keys(expectedOutcomes).toSorted()).toEqual(files.toSorted())
  })

  async function reference(file: string, series: string, shown: PaneProbe): Promise<Reference> {
    const frame = Number(shown.frame)
    if (!isJpeg2000(shown.transferSyntax!)) return decodeByDcmtk(file, shown.transferSyntax!, frame)
    const attributes = one.attributes(series)
    const { bytes } = await one.frame(series, frame)
    return decodeByOpenJpeg(bytes, {
      samples: number(attributes, '00280002') ?? 1,
      signed: number(attributes, '00280103') === 1,
      bitsStored: number(attributes, '00280101') ?? 8,
      slope: number(attributes, '00281053') ?? 1,
      intercept: number(attributes, '00281052') ?? 0,
      padding: await paddingOf(file),
    })
  }

  /** '' where what is shown is what another decoder says. */
  async function differs(file: string, series: string, shown: PaneProbe): Promise<string> {
    const { statistics } = await reference(file, series, shown)
    const attributes: DicomJson = one.attributes(series)
    const photometric = String((attributes['00280004'] as { Value: string[] }).Value[0])
    const near = tolerance(shown.transferSyntax!, photometric, number(attributes, '00281053') ?? 1)
    const means = shown.pixelChannelMeans!.split(',').map(Number)
    const same =
      Math.abs(Number(shown.pixelMin) - statistics.min) <= near.extremes &&
      Math.abs(Number(shown.pixelMax) - statistics.max) <= near.extremes &&
      means.length === statistics.channels.length &&
      statistics.channels.every((mean, i) => Math.abs(means[i]! - mean) <= near.mean)
    return same ? '' : ` ${shown.pixelMin}..${shown.pixelMax} ${means} is not ${JSON.stringify(statistics)}`
  }

  async function outcome(name: string, file: string, series: string): Promise<string | Promise<string>> {
    const tile = page.locator(`.vigil-viewer-series[data-display-set^="${series}"]`)
    await tile.dblclick()
    await page.locator(`.vigil-viewer-series[data-active="true"][data-display-set^="${series}"]`).waitFor()
    const set = (await tile.getAttribute('data-display-set'))!
    // The pane is at rest, with this series and no other.
    if (!set.endsWith('#objects'))
      await page
        .locator(`.vigil-viewer-pane[data-series-instance-uid="${series}"]`)
        .waitFor({ timeout: 20_000 })
    else {
      // Of this object, not of the document before it.
      const [sopClass] = (one.attributes(series)['00080016'] as { Value: string[] }).Value
      await page
        .locator(`.vigil-viewer-document [data-sop-class="${sopClass}"]`)
        .waitFor({ state: 'attached' })
    }
    const shown = await settled(page)
    if (shown.viewportState === 'no-pixels') {
      const article = paneAt(page).locator('.vigil-viewer-document article').first()
      const said = (await article.textContent()) ?? ''
      const notShown = /此对象不含影像\s*/.exec(said)
      return notShown
        ? `object: ${said.replace(notShown[0], '').split('  ·  ')[0]!.slice(0, 40)}`
        : 'document'
    }
    if (shown.viewportState === 'failed') return `failed: ${shown.problem}`
    const known = expectedOutcomes[name] ?? 'image'
    if (known.startsWith('image: ')) return known
    // The other decoder works while the next file is opened.
    return differs(file, series, shown).then((off) => `image${off}`)
  }

  it.each(batches)('batch $n', { timeout: 180_000 }, async ({ n, batch }) => {
    const dir = join(work, `batch-${n}`)
    const paths = await Promise.all(
      batch.map(async (name, i) => {
        const folder = join(dir, String(i))
        mkdirSync(folder, { recursive: true })
        const path = join(folder, basename(name))
        if (withoutUids.test(name)) await copyWithUids(join(sharedDicom!, name), path)
        else copyFileSync(join(sharedDicom!, name), path)
        return path
      }),
    )
    const filed = await one.open(paths)
    await page.goto(`${server.origin}/?study=${one.study}`)
    const outcomes = new Map<string, string | Promise<string>>()
    for (const [i, name] of batch.entries()) {
      const { series, refusal } = filed[i]!
      const path = paths[i]!
      outcomes.set(
        name,
        series ? { found: await outcome(name, path, series) }.found : `not filed: ${refusal}`,
      )
    }
    expect(await violations(page)).toEqual([])
    for (const [name, found] of outcomes)
      expect.soft(`${name}  ${await found}`).toBe(`${name}  ${expectedOutcomes[name]}`)
    rmSync(dir, { recursive: true })
  })
})
