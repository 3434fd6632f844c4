import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { z } from 'zod'
import { enrolmentTicket } from '../../demo/enrol.ts'
import { ensureRendererBuilt } from '../../scripts/build-renderer.ts'
import { findBrowser } from '../../src/main/chromium/browser.ts'
import { browserFlags } from '../../src/main/chromium/flags.ts'
import { listening, type OpenWindow, openWindow } from '../e2e/window.ts'
import { type BenchGateway, startBenchGateway } from './bench-gateway.ts'
import { slices } from './ct-studies.ts'
import { type Nginx, startPlainNginx } from './nginx.ts'
import type { BenchPacs } from './pacs.ts'
import { type BenchRow, CannotRun, rowOf, type Samples } from './row.ts'

const peerName = 'same viewer, same browser, straight on Orthanc over plain HTTP (one origin by nginx)'

const Opening = z.object({
  /** From the click to the frame of the screen in which the first image is reported shown, ms. */
  first: z.number(),
  /** To the one in which the whole series is loaded, ms. */
  all: z.number(),
})
type Opening = z.infer<typeof Opening>

/**
 * From the click on a study to its first image, and to the whole series, in the real window of a signed-in workstation; against
 * the same viewer code without workstation, gateway and TLS. Each study is opened twice at both: the gateway has not seen it the
 * first time.
 */
export async function benchFirstImage(pacs: BenchPacs): Promise<BenchRow[]> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    await ensureRendererBuilt()
    const gateway = await startBenchGateway(pacs.orthanc.dicomwebUrl)
    closers.push(gateway.close)
    const window = await signedInWindow(gateway)
    closers.push(window.close)
    const { study: warmUp } = pacs.studies[0]!
    // The first opening of all loads code and compiles shaders at either; it is not measured, and tells the viewer's size.
    await opening(window.page, row(warmUp), 'dblclick')
    const box = await window.page.locator('.vigil-viewer').boundingBox()
    if (!box) throw new Error('the viewer has no size')
    await back(window.page, 'worklist')
    const straight = await straightPage(pacs, box)
    closers.push(straight.close)
    await opening(straight.page, button(warmUp), 'click')
    await straight.page.getByTestId('back').click()

    const ours = async (study: string) => {
      const measured = await opening(window.page, row(study), 'dblclick')
      await back(window.page, 'worklist')
      return measured
    }
    const peer = async (study: string) => {
      const measured = await opening(straight.page, button(study), 'click')
      await straight.page.getByTestId('back').click()
      return measured
    }
    const first = { shown: samples(), loaded: samples() }
    const again = { shown: samples(), loaded: samples() }
    for (const [index, { study }] of pacs.studies.slice(1).entries()) {
      await pacs.warm(pacs.studies[index + 1]!)
      for (const into of [first, again]) {
        const turns = [
          { who: 'ours', run: ours },
          { who: 'peer', run: peer },
        ] as const
        for (const { who, run } of index % 2 === 0 ? turns : turns.toReversed()) {
          const measured = await run(study)
          into.shown[who].push(measured.first)
          into.loaded[who].push(measured.all)
        }
      }
    }
    const line = (name: string, target: string, from: Samples) =>
      rowOf({ name, unit: 'ms', better: 'lower', peerName, target }, from)
    return [
      line('click to first image, study not seen before', 'ratio <= 1', first.shown),
      line('click to first image, study seen before', 'ratio <= 1', again.shown),
      line(`click to ${slices} slices loaded, study not seen before`, 'ratio <= 1.11', first.loaded),
      line(`click to ${slices} slices loaded, study seen before`, 'ratio <= 0.5', again.loaded),
    ]
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

const samples = (): Samples => ({ ours: [], peer: [] })
const row = (study: string) => `[data-testid=worklist-row][data-study="${study}"]`
const button = (study: string) => `button[data-study="${study}"]`

/** A workstation that has enrolled and signed in as a person does. */
async function signedInWindow({ hospital }: BenchGateway): Promise<OpenWindow> {
  const window = await openWindow(hospital.workstation('bench').configFile, {
    env: { SOFTHSM2_CONF: hospital.hsm.conf },
  })
  try {
    const { page } = window
    const ticket = await enrolmentTicket(hospital.gatewayDir)
    await listening(hospital.enrolmentPort)
    await page.getByTestId('enrolment-ticket').fill(ticket)
    const name = page.getByTestId('enrolment-name')
    if ((await name.inputValue()) === '') await name.fill('bench')
    await page.getByTestId('enrol').click()
    await page.getByTestId('token').first().click()
    await page.getByTestId('pin').fill('246810')
    await page.keyboard.press('Enter')
    await page.getByTestId('worklist-row').first().waitFor()
    return window
  } catch (error) {
    await window.close()
    throw error
  }
}

async function back(page: Page, to: string): Promise<void> {
  await page.keyboard.press('Alt+ArrowLeft')
  await page.getByTestId(to).waitFor()
  await page.getByTestId('worklist-row').first().waitFor()
}

/** The peer's page in a browser with the product window's own flags and size. */
async function straightPage(
  pacs: BenchPacs,
  { width, height }: { width: number; height: number },
): Promise<{ page: Page; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-straight-'))
  let nginx: Nginx | undefined
  let context: BrowserContext | undefined
  const close = async () => {
    await context?.close()
    await nginx?.stop()
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const configFile = join(import.meta.dirname, '../renderer/straight-page/vite.config.ts')
    const site = join(dir, 'site')
    await build({ configFile, build: { outDir: site }, logLevel: 'error' })
    const studies = pacs.studies.map(({ study }) => study)
    const ids = await orthancIds(pacs.orthanc.url)
    await writeFile(join(site, 'facts.json'), JSON.stringify({ studies, ids, width, height }))
    nginx = await startPlainNginx(pacs.orthanc.url, site)
    const machine = { root: process.getuid?.() === 0, gpu: existsSync('/dev/dri') }
    context = await chromium.launchPersistentContext(join(dir, 'profile'), {
      executablePath: browser(),
      headless: true,
      args: browserFlags({ headless: true, debugPort: null, screen: null }, machine),
      chromiumSandbox: !machine.root,
      viewport: null,
      locale: 'zh-CN',
    })
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`http://127.0.0.1:${nginx.port}/`)
    await page.locator(button(studies[0]!)).waitFor()
    return { page, close }
  } catch (error) {
    await close()
    throw error
  }
}

function browser(): string {
  try {
    return findBrowser()
  } catch (error) {
    throw new CannotRun((error as Error).message)
  }
}

const Instances = z.array(
  z.object({ ID: z.string(), MainDicomTags: z.object({ SOPInstanceUID: z.string() }) }),
)

async function orthancIds(url: string): Promise<Record<string, string>> {
  const all = Instances.parse(await (await fetch(`${url}/instances?expand&since=0&limit=100000`)).json())
  return Object.fromEntries(all.map(({ ID, MainDicomTags }) => [MainDicomTags.SOPInstanceUID, ID]))
}

/** Clicks in the page and looks at each frame of the screen, so that no round trip to this process is in the time. */
async function opening(page: Page, selector: string, event: 'click' | 'dblclick'): Promise<Opening> {
  await page.locator(selector).waitFor()
  return Opening.parse(await page.evaluate(`(${inPage})(${JSON.stringify({ selector, event, slices })})`))
}

const inPage = `({ selector, event, slices }) => new Promise((resolve, reject) => {
  const shown = '.vigil-viewer-pane[data-viewport-state="loaded"]'
  const loaded = '[data-display-set][data-images-loaded="' + slices + '"]'
  const began = performance.now()
  let first = null
  const look = () => {
    const now = performance.now() - began
    if (first === null && document.querySelector(shown)) first = now
    if (first !== null && document.querySelector(loaded)) resolve({ first, all: now })
    else if (now > 60000) reject(new Error(first === null ? 'no image within 60 s' : 'series not loaded within 60 s'))
    else requestAnimationFrame(look)
  }
  document.querySelector(selector).dispatchEvent(new MouseEvent(event, { bubbles: true, cancelable: true }))
  requestAnimationFrame(look)
})`
