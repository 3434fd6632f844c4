import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { number } from '../../src/renderer/viewer/dicom/attributes.ts'
import type { Archive } from '../../src/server/archive/index.ts'
import { launchChromium } from '../chromium.ts'
import { type PaneProbe, paneAt, settled, violations } from './pane-probe.ts'
import { decodeByDcmtk, decodeByOpenJpeg, isJpeg2000, type Reference } from './reference-decode.ts'
import { openFolder, sharedDicom } from './shared-data.ts'
import { buildViewerPage, serveViewer, type ViewerServer } from './viewer-server.ts'
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

/** Files that cannot be shown, and the reason that the pane gives. */
const failing = new Map([
  ['JPEG2000-embedded-sequence-delimiter.dcm', 'decode-failed'],
  ['CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm', 'transfer-syntax-unsupported'],
])

/** Files that the reference decoders cannot read or that need more than they do: only that they show is tested. */
const withoutReference = new Map([
  ['SC_rgb_32bit.dcm', 'dcm2pnm: 32-bit colour'],
  ['gdcm-US-ALOKA-16.dcm', 'dcm2pnm: segmented palette'],
  ['liver_deflate.dcm', 'dcmtk: deflated frames'],
  ['parametric_map_float.dcm', 'dcmdump: float pixel data'],
  ['JLSL_08_07_0_1F.dcm', 'dcmdjpls: stored bits differ from the codestream'],
  ['mlut_18.dcm', 'dcmdump: modality table'],
])

const files = sharedDicom
  ? readdirSync(sharedDicom, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'LICENSES')
      .flatMap(({ name }) => readdirSync(join(sharedDicom ?? '', name)).map((file) => `${name}/${file}`))
      // The character set files hold the same picture, the CT series is one scanner's.
      .filter((file) => !file.startsWith('charset') || file.endsWith('chrX1.dcm'))
      .filter((file) => !file.startsWith('ct_series') || /I(10|300|580)\.dcm$/.test(file))
  : []

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
  let current: Archive
  const archive: Archive = {
    studies: () => current.studies(),
    study: (uid) => current.study(uid),
    metadata: (study, series) => current.metadata(study, series),
    frame: (place, signal) => current.frame(place, signal),
    store: async () => {},
    broken: () => current.broken(),
    onChange: () => {},
    close: () => current.close(),
  }

  beforeAll(async () => {
    await buildViewerPage(join(work, 'dist'))
    server = await serveViewer(join(work, 'dist'), archive)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.close()
    rmSync(work, { recursive: true, force: true })
  })

  const reference = async (
    file: string,
    shown: PaneProbe,
  ): Promise<Reference & { slope: number; photometric: string }> => {
    const [summary] = await current.studies()
    const study = await current.study(summary!.studyInstanceUid)
    const [series] = study.series
    const [attributes] = await current.metadata(study.studyInstanceUid, series!.seriesInstanceUid)
    const slope = number(attributes!, '00281053') ?? 1
    const photometric = String((attributes!['00280004'] as { Value: string[] }).Value[0])
    if (!isJpeg2000(shown.transferSyntax!))
      return { ...(await decodeByDcmtk(file, shown.transferSyntax!)), slope, photometric }
    const frame = await current.frame({
      study: study.studyInstanceUid,
      series: series!.seriesInstanceUid,
      instance: shown.sopInstanceUid!,
      frame: 1,
    })
    const d = {
      samples: number(attributes!, '00280002') ?? 1,
      signed: number(attributes!, '00280103') === 1,
      bitsStored: number(attributes!, '00280101') ?? 8,
      slope,
      intercept: number(attributes!, '00281052') ?? 0,
    }
    return { ...(await decodeByOpenJpeg(frame.bytes, d)), slope, photometric }
  }

  it.each(files)('%s', { timeout: 30_000 }, async (name) => {
    const dir = join(work, name.replaceAll('/', '_'))
    mkdirSync(dir)
    const file = join(dir, basename(name))
    if (withoutUids.test(name)) await copyWithUids(join(sharedDicom!, name), file)
    else copyFileSync(join(sharedDicom!, name), file)
    current = await openFolder(dir)
    try {
      const [study] = await current.studies()
      if (!study) {
        expect(current.broken()).toHaveLength(1)
        return
      }
      await page.goto(`${server.origin}/?study=${study.studyInstanceUid}`)
      const shown = await settled(page)
      expect(await violations(page)).toEqual([])
      if (shown.viewportState === 'no-pixels') {
        // A document is read, other objects say what they are and why they are not shown.
        const said = paneAt(page).locator('.vigil-viewer-document')
        await said.waitFor()
        expect((await said.textContent())?.length).toBeGreaterThan(10)
        const isReport = (await said.locator('[data-sop-class*=".5.1.4.1.1.88."]').count()) > 0
        if (!isReport) expect(await said.textContent()).toContain('此对象不含影像')
        return
      }
      const refused = failing.get(basename(name))
      expect({ state: shown.viewportState, problem: shown.problem }).toEqual(
        refused ? { state: 'failed', problem: refused } : { state: 'loaded', problem: undefined },
      )
      if (refused || withoutReference.has(basename(name))) return
      const { statistics, slope, photometric } = await reference(file, shown)
      const near = tolerance(shown.transferSyntax!, photometric, slope)
      expect(Math.abs(Number(shown.pixelMin) - statistics.min)).toBeLessThanOrEqual(near.extremes)
      expect(Math.abs(Number(shown.pixelMax) - statistics.max)).toBeLessThanOrEqual(near.extremes)
      const means = shown.pixelChannelMeans!.split(',').map(Number)
      expect(means).toHaveLength(statistics.channels.length)
      statistics.channels.forEach((mean, i) => {
        expect(Math.abs(means[i]! - mean)).toBeLessThanOrEqual(near.mean)
      })
    } finally {
      await current.close()
    }
  })
})
