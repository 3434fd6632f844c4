import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeEach } from 'vitest'

const pictures = join(import.meta.dirname, '../../out/e2e')

/**
 * For a suite whose tests are the steps of one story: the first that fails leaves a picture of the window in out/e2e, and
 * the rest fail at once instead of waiting for what cannot come.
 */
export function stopAtFirstFailure(page: () => Page | undefined): void {
  let failed: string | null = null
  beforeEach((context) => {
    if (failed !== null) throw new Error(`an earlier step failed: ${failed}`)
    context.onTestFailed(async ({ task }) => {
      failed = task.name
      mkdirSync(pictures, { recursive: true })
      await page()
        ?.screenshot({ path: join(pictures, `${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`) })
        .catch(() => {})
    })
  })
}
