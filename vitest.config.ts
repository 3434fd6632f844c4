import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Whole-product tests drive real browsers, a PACS and kills; they run after the rest and one at a time. */
const wholeProduct = 'test/e2e/**/*.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [wholeProduct],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: [wholeProduct],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000, interval: 50 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
