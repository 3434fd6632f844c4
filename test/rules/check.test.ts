import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Format, lint, types, layers and unused code are part of what a green test run means. */
it.each(['check:format', 'check:types', 'check:layers', 'check:unused'])(
  'npm run %s',
  (script) => {
    const run = spawnSync('npm', ['run', '--silent', script], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    expect(run.status, `${run.stdout}\n${run.stderr}`).toBe(0)
  },
  120_000,
)
