import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ensureRendererBuilt } from '../scripts/build-renderer.ts'
import { ensureSystemPackages } from '../scripts/system-packages.ts'
import { builtViewerPage } from './viewer/viewer-page.ts'

/**
 * `npm test`: sees that the real peers are there, builds the window, runs every test and closes with one plain line.
 * Arguments go to vitest, e.g. `npm test -- test/server`.
 */

const root = join(import.meta.dirname, '..')
const Totals = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
})

const missing = ensureSystemPackages('tests')
for (const sentence of missing) console.log(`! ${sentence}`)
if (missing.length > 0 && process.env.CI) {
  console.log('In CI nothing is skipped that can run there.')
  process.exit(1)
}
await Promise.all([ensureRendererBuilt(), builtViewerPage()])

const results = join(root, 'out/test-results.json')
mkdirSync(join(root, 'out'), { recursive: true })
rmSync(results, { force: true })
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const run = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)

const totals = Totals.parse(JSON.parse(readFileSync(results, 'utf8')))
// A file that failed to load has no tests of its own to count; it still counts as a failure.
const failed = Math.max(totals.numFailedTests, totals.success || totals.numFailedTests > 0 ? 0 : 1)
const skipped = totals.numPendingTests + totals.numTodoTests
console.log(`\n${totals.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(run.status === 0 && failed === 0 ? 0 : 1)
