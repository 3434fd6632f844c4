import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/long-first.ts'

/** Whole-product tests drive real browsers, a PACS and kills; they run after the rest and few at a time. */
const wholeProduct = 'test/e2e/**/*.test.ts'
/**
 * A real browser's window goes from test to test, and from file to file: a process loads the tests' parts and the page once.
 * A test that fails takes its window along, so that a second try starts from nothing; the report names who took it.
 */
const windows = 'test/renderer/window/**/*.test.{ts,tsx}'

// Processes that tests start find the product's sources compiled by those before them: half of what a start costs.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

/**
 * `isolate: false`: a process loads the product's sources once for all the files it runs, a fifth of the time of the whole. No module
 * of the product keeps state or works on import, so that none is carried from file to file.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [wholeProduct, windows],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'windows', include: [windows], isolate: false, retry: 1, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: [wholeProduct],
          maxWorkers: availableParallelism() < 4 ? 2 : 3,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000, interval: 50 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
