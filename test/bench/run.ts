import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureSystemPackages } from '../../scripts/system-packages.ts'
import type { BenchPacs } from './pacs.ts'
import { type BenchRow, CannotRun } from './row.ts'
import { table } from './table.ts'

/**
 * `npm run bench`: our cost against a peer's, both measured in turn in this run; absolute figures are this machine's, the ratio is
 * what counts. `--json FILE` writes the rows as well, `--only NAME` runs one measurement. A measurement that cannot run here says
 * why, and the run goes on; one that fails makes the exit code 1. `--only soak` opens 200 studies in a row, `--openings N` as many.
 */

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    openings: { type: 'string', default: '200' },
  },
})
for (const sentence of ensureSystemPackages('tests')) console.log(`! ${sentence}`)

// Only now: these load native modules that need what was just installed.
const started: Promise<BenchPacs>[] = []
const pacs = () => {
  started[0] ??= import('./pacs.ts').then(({ startBenchPacs }) => startBenchPacs(4))
  return started[0]
}
const measurements: Record<string, () => Promise<BenchRow[]>> = {
  'text-analysis': async () => (await import('./text-analysis.ts')).benchTextAnalysis(),
  'sign-in': async () => (await import('./sign-in.ts')).benchSignIn(),
  alerts: async () => (await import('./alerts.ts')).benchAlerts(),
  audit: async () => (await import('./audit.ts')).benchAudit(),
  scrub: async () => (await import('./scrub.ts')).benchScrub(),
  'at-rest': async () => (await import('./at-rest.ts')).benchAtRest(),
  worklist: async () => (await import('./worklist.ts')).benchWorklist(),
  frames: async () => (await import('./frames.ts')).benchFrames(await pacs()),
  'first-image': async () => (await import('./first-image.ts')).benchFirstImage(await pacs()),
  soak: async () => (await import('./soak.ts')).benchSoak(await pacs(), Number(options.openings)),
}
/** Five minutes by itself: only where it is asked for. */
const apart = 'soak'
const names = Object.keys(measurements).filter(
  (name) => name === (options.only ?? (name === apart ? '' : name)),
)
if (names.length === 0) {
  console.error(`--only: one of ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}

const rows: BenchRow[] = []
for (const name of names) {
  const began = performance.now()
  try {
    rows.push(...(await measurements[name]!()))
    console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
  } catch (error) {
    if (error instanceof CannotRun) console.log(`${name}: not measured here: ${error.message}`)
    else {
      console.error(`${name}: failed:`, error)
      process.exitCode = 1
    }
  }
}
for (const one of started) {
  await one.then(
    (running) => running.close(),
    // Told where it was asked for.
    () => undefined,
  )
}
console.log(`\n${table(rows)}`)
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`)
