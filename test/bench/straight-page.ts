import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { z } from 'zod'
import { findBrowser } from '../../src/main/chromium/browser.ts'
import { browserFlags } from '../../src/main/chromium/flags.ts'
import { type Nginx, startPlainNginx } from './nginx.ts'
import type { BenchPacs } from './pacs.ts'
import { CannotRun } from './row.ts'

/** The peer's page in a browser with the product window's own flags and size. */
export async function straightPage(
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
    await page.locator(`button[data-study="${studies[0]!}"]`).waitFor()
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
